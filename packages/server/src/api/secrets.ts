import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { createSecret } from "../secrets/create-secret.ts";
import { deleteSecret } from "../secrets/delete-secret.ts";
import { listSecrets } from "../secrets/list-secrets.ts";
import { newProviderSecretShape, providerSecretPatchShape, providerSecretShape } from "../secrets/provider-secret.ts";
import { readSecret } from "../secrets/read-secret.ts";
import { updateSecret } from "../secrets/update-secret.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["secrets"];
const params = idParams("sec_01k9q0w3e4r5t6y7v8b9n0m1a2");
const aSecret = { 200: jsonContent(providerSecretShape, "The secret, without its value."), ...PROBLEMS };

const create = createRoute({
  method: "post",
  path: "/v1/secrets",
  operationId: "createSecret",
  tags,
  summary: "Keep a provider's key",
  description: "It is sealed before it is stored, and never shown again.",
  request: jsonBody(newProviderSecretShape),
  responses: { 201: jsonContent(providerSecretShape, "The secret, without its value."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/secrets",
  operationId: "listSecrets",
  tags,
  summary: "List secrets, newest first",
  request: { query: z.object({ ...pageQueryShape, provider: z.string().max(64).optional() }) },
  responses: { 200: jsonContent(pageShape(providerSecretShape, "ProviderSecretPage"), "A page of them."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/secrets/{id}",
  operationId: "readSecret",
  tags,
  summary: "Read what a secret is for",
  request: { params },
  responses: aSecret,
});

const update = createRoute({
  method: "patch",
  path: "/v1/secrets/{id}",
  operationId: "updateSecret",
  tags,
  summary: "Put another value in a secret's place",
  request: { params, ...jsonBody(providerSecretPatchShape) },
  responses: aSecret,
});

const remove = createRoute({
  method: "delete",
  path: "/v1/secrets/{id}",
  operationId: "deleteSecret",
  tags,
  summary: "Delete a secret",
  request: { params },
  responses: { 204: { description: "Deleted." }, ...PROBLEMS },
});

export function secretRoutes(deps: Pick<AppDeps, "secrets" | "vault" | "clock">) {
  return newRouter()
    .openapi(create, async (c) =>
      c.json(await createSecret(deps, c.get("principal").workspaceId, c.req.valid("json")), 201),
    )
    .openapi(list, async (c) => {
      const { data, ...rest } = await listSecrets(deps, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(read, async (c) =>
      c.json(await readSecret(deps, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(update, async (c) => {
      const change = { ...c.req.valid("param"), ...c.req.valid("json") };
      return c.json(await updateSecret(deps, c.get("principal").workspaceId, change), 200);
    })
    .openapi(remove, async (c) => {
      await deleteSecret(deps, c.get("principal").workspaceId, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
