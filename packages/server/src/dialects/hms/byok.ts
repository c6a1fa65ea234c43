/** /byok: keys of model vendors that customers bring along. Sealed; only their ids are shown. */
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { createSecret } from "../../secrets/create-secret.ts";
import { deleteSecret } from "../../secrets/delete-secret.ts";
import { updateSecret } from "../../secrets/update-secret.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { toVendorIdOrNull } from "./ids.ts";
import { type JsonObject, parseBody } from "./parse.ts";

const PROVIDERS = [
  "deepgram",
  "openai",
  "elevenlabs",
  "resend",
  "xai",
  "gladia",
  "mistral",
  "anthropic",
  "groq",
  "google",
  "inworld",
  "cartesia",
] as const;

const provider = z.enum(PROVIDERS);
const newKeyShape = z.looseObject({ provider, api_key: storableText({ min: 1, max: 10_000 }) });
const named = z.looseObject({ provider });

/** Apart from what our own API calls them, which would be "default". */
const NAME = "default";
const MAX_LISTED = 100;

export function addByok(app: DialectApp, deps: DialectDeps): void {
  const show = async (workspaceId: string): Promise<JsonObject> => {
    const secrets = await deps.secrets.list(workspaceId, { limit: MAX_LISTED });
    const idOf = (wanted: string) => secrets.find((each) => each.provider === wanted && each.name === NAME)?.id;
    return Object.fromEntries(PROVIDERS.map((each) => [`${each}_secret_id`, toVendorIdOrNull(idOf(each))]));
  };

  app.get("/api/v1/byok", async (c) => c.json({ byok_keys: await show(c.get("principal").workspaceId) }));

  app.post("/api/v1/byok", async (c) => {
    const { workspaceId } = c.get("principal");
    const { provider: whose, api_key: value } = await parseBody(c, newKeyShape);
    const before = await deps.secrets.findByName(workspaceId, whose, NAME);
    if (before === undefined) await createSecret(deps, workspaceId, { provider: whose, name: NAME, value });
    else await updateSecret(deps, workspaceId, { id: before.id, value });
    return c.json({ success: true, byok_keys: await show(workspaceId) }, 201);
  });

  app.delete("/api/v1/byok", async (c) => {
    const { workspaceId } = c.get("principal");
    const { provider: whose } = await parseBody(c, named);
    const before = await deps.secrets.findByName(workspaceId, whose, NAME);
    if (before === undefined) throw new AppError("not_found", `there is no key of ${whose}`);
    await deleteSecret(deps, workspaceId, before.id);
    return c.json({ success: true, byok_keys: await show(workspaceId) });
  });

  for (const method of ["GET", "POST"])
    app.on(method, "/api/v1/byok/config", async (c) => {
      const { workspaceId } = c.get("principal");
      const keys = await show(workspaceId);
      const providers = PROVIDERS.map((each) => {
        const id = keys[`${each}_secret_id`];
        return { provider: each, configured: id !== null, secret_id: id };
      });
      return c.json({ byok_keys: keys, providers });
    });
}
