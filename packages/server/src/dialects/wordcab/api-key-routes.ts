import { z } from "zod";
import type { ApiKey } from "../../api-keys/api-key.ts";
import { createApiKey } from "../../api-keys/create-api-key.ts";
import { listApiKeys } from "../../api-keys/list-api-keys.ts";
import { revokeApiKey } from "../../api-keys/revoke-api-key.ts";
import { allows, scopesShape } from "../../api-keys/scope.ts";
import { AppError, invalidField } from "../../app-error.ts";
import { storableText } from "../../storable-text.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../kit/open-dialect.ts";
import { listQuery, toList } from "./list-envelope.ts";
import { momentShape, toUnixSeconds, toUnixSecondsOrNull } from "./unix-seconds.ts";

/** How keys of self-hosted servers begin. */
const KIND = "wc_sh";

const newKeyShape = z.looseObject({
  name: storableText({ min: 1, max: 120 }),
  scopes: scopesShape.default(["*"]),
  expires_at: momentShape.nullish(),
});

/** Wordcab's scopes are called as ours are. */
export function addApiKeyRoutes(app: DialectApp, prefix: string, { apiKeys, clock }: DialectDeps): void {
  app.post(`${prefix}/api-keys`, async (c) => {
    const { workspaceId, scopes: own } = c.get("principal");
    const { name, scopes, expires_at: expiresAtMs } = await parseBody(c, newKeyShape);
    const beyond = scopes.find((scope) => !allows(own, scope));
    if (beyond !== undefined)
      throw new AppError("insufficient_scope", `a key can't give more than it has: this one lacks "${beyond}"`);
    if (typeof expiresAtMs === "number" && expiresAtMs <= clock.now().getTime())
      throw invalidField("expires_at", "must be in the future");
    const expiry = typeof expiresAtMs === "number" ? { expiresAt: clock.at(expiresAtMs).toISOString() } : {};
    const { key, ...made } = await createApiKey(apiKeys, clock, { workspaceId, name, scopes, kind: KIND, ...expiry });
    return c.json({ ...show(made), secret: key }, 201);
  });

  app.get(`${prefix}/api-keys`, async (c) => {
    const page = await listApiKeys(apiKeys, c.get("principal").workspaceId, parseQuery(c, listQuery));
    return c.json(toList(page, show));
  });

  app.delete(`${prefix}/api-keys/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    await revokeApiKey(apiKeys, clock, { workspaceId, id: c.req.param("id") });
    return c.body(null, 204);
  });
}

function show({ id, prefix, name, scopes, createdAt, expiresAt }: ApiKey) {
  return {
    id,
    object: "api_key",
    prefix,
    name,
    scopes,
    created: toUnixSeconds(createdAt),
    expires_at: toUnixSecondsOrNull(expiresAt),
  };
}
