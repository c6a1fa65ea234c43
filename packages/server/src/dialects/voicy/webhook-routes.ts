/**
 * An agent's webhooks, which Voicy's own users manage in its dashboard: there is no API of Voicy's for them, so that these
 * routes are ours, with Voicy's rules.
 */
import type { Context } from "hono";
import { z } from "zod";
import { readAgent } from "../../agents/read-agent.ts";
import { AppError } from "../../app-error.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { storableText } from "../../storable-text.ts";
import { createEndpoint } from "../../webhooks/create-endpoint.ts";
import { deleteEndpoint } from "../../webhooks/delete-endpoint.ts";
import { rotateSecret } from "../../webhooks/rotate-secret.ts";
import { updateEndpoint } from "../../webhooks/update-endpoint.ts";
import { toHeaders, type WebhookEndpoint } from "../../webhooks/webhook-endpoint.ts";
import { type DialectApp, type DialectDeps, parseBody } from "../kit/open-dialect.ts";
import { voicyError } from "./errors.ts";
import { fromVoicyId, toVoicyId } from "./voicy-id.ts";
import { VOICY_EVENTS } from "./webhooks.ts";

const MAX_OF_AGENT = 5;
const MAX_HEADERS = 10;
const RESERVED =
  /^(?:host|connection|content-.*|transfer-encoding|upgrade|te|trailer|keep-alive|expect|user-agent|x-voicy-.*)$/i;

const headerName = z
  .string()
  .max(64)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "must be a token of RFC 7230")
  .refine((name) => !RESERVED.test(name), "is reserved");
const headerValue = storableText({ max: 1000 }).regex(
  /^[\t\x20-\x7e]*$/,
  "must be printable ASCII without line breaks",
);

const webhookShape = z.strictObject({
  name: storableText({ min: 1, max: 200 }),
  url: z.url({ protocol: /^https$/, error: "must be an https URL" }).max(2000),
  secret: z
    .string()
    .max(256)
    .regex(/^[\x21-\x7e]*$/, "must be printable ASCII without spaces")
    .nullish()
    .describe("Blank: unsigned; in a change: the one that there is."),
  custom_headers: z
    .record(headerName, headerValue)
    .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, `must have at most ${MAX_HEADERS} entries`)
    .default({}),
});
const webhookPatchShape = z.strictObject({
  name: webhookShape.shape.name.optional(),
  url: webhookShape.shape.url.optional(),
  secret: webhookShape.shape.secret,
  custom_headers: webhookShape.shape.custom_headers.unwrap().optional(),
});

export function addWebhookRoutes(app: DialectApp, all: DialectDeps): void {
  const { webhooks, agents, vault, clock } = all;
  const { endpoints } = webhooks;
  const deps = { ...webhooks, vault, clock };
  const agentOf = async (c: Context<AppEnv>) => {
    const { workspaceId } = c.get("principal");
    const { agent } = await readAgent(agents, workspaceId, fromVoicyId("agt", c.req.param("agentId") ?? ""));
    return { workspaceId, agentId: agent.id };
  };
  const list = (workspaceId: string, agentId: string) =>
    endpoints.list(workspaceId, { agentId, dialect: "voicy", limit: MAX_OF_AGENT });
  const webhookOf = async (c: Context<AppEnv>) => {
    const { workspaceId, agentId } = await agentOf(c);
    const id = fromVoicyId("whe", c.req.param("id") ?? "");
    const found = (await list(workspaceId, agentId)).find((endpoint) => endpoint.id === id);
    if (found === undefined) throw new AppError("not_found", `there is no webhook "${id}"`);
    return { workspaceId, id, endpoint: found };
  };

  app.get("/v1/agent-webhooks/:agentId", async (c) => {
    const { workspaceId, agentId } = await agentOf(c);
    return c.json((await list(workspaceId, agentId)).map(showWebhook));
  });
  app.post("/v1/agent-webhooks/:agentId", async (c) => {
    const { workspaceId, agentId } = await agentOf(c);
    const { name, url, secret, custom_headers: headers } = await parseBody(c, webhookShape);
    if ((await list(workspaceId, agentId)).length >= MAX_OF_AGENT)
      throw voicyError("conflict", `An agent has at most ${MAX_OF_AGENT} webhooks`);
    const { endpoint } = await createEndpoint(deps, workspaceId, {
      agentId,
      dialect: "voicy",
      url,
      description: name,
      events: VOICY_EVENTS,
      secret: secret ? secret : null,
      settings: { headers },
    });
    return c.json(showWebhook(endpoint), 201);
  });
  app.patch("/v1/agent-webhooks/:agentId/:id", async (c) => {
    const { workspaceId, id } = await webhookOf(c);
    const { name, url, secret, custom_headers: headers } = await parseBody(c, webhookPatchShape);
    const updated = await updateEndpoint(deps, workspaceId, {
      id,
      url,
      description: name,
      ...(headers === undefined ? {} : { settings: { headers } }),
    });
    const shown = secret ? (await rotateSecret(deps, workspaceId, { id, secret })).endpoint : updated;
    webhooks.wake();
    return c.json(showWebhook(shown));
  });
  app.delete("/v1/agent-webhooks/:agentId/:id", async (c) => {
    const { workspaceId, id } = await webhookOf(c);
    await deleteEndpoint(deps, workspaceId, id);
    return c.body(null, 204);
  });
}

function showWebhook({ id, description, url, sealedSecret, settings, createdAt }: WebhookEndpoint) {
  return {
    webhook_id: toVoicyId(id),
    name: description,
    url,
    has_secret: sealedSecret !== undefined,
    custom_headers: toHeaders(settings["headers"]),
    created_at: createdAt,
  };
}
