import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { storableText } from "../../storable-text.ts";
import { createEndpoint } from "../../webhooks/create-endpoint.ts";
import { deleteEndpoint } from "../../webhooks/delete-endpoint.ts";
import { listEndpoints } from "../../webhooks/list-endpoints.ts";
import type { WebhookEndpoint } from "../../webhooks/webhook-endpoint.ts";
import { type DialectApp, type DialectDeps, parseBody, parseQuery } from "../kit/open-dialect.ts";
import { listQuery, toList } from "./list-envelope.ts";
import { toUnixSeconds } from "./unix-seconds.ts";
import { fromVendorId, toVendorId } from "./vendor-ids.ts";
import { toOurEvents, WORDCAB_EVENTS } from "./webhooks.ts";

/** How events about redaction are called isn't known: any name of theirs is taken. */
const eventShape = z.union(
  [z.enum([...WORDCAB_EVENTS, "*"]), z.string().regex(/^redaction\.[a-z_]{1,40}$/)],
  `must be one of ${WORDCAB_EVENTS.join(", ")} or *`,
);

const newWebhookShape = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: "must be an HTTPS URL" }).max(2000),
  events: z.array(eventShape).min(1).max(20),
  description: storableText({ max: 500 }).nullish(),
});

export function addWebhookRoutes(app: DialectApp, prefix: string, { webhooks, vault, clock }: DialectDeps): void {
  const { endpoints, guard } = webhooks;

  app.post(`${prefix}/webhooks`, async (c) => {
    const { url, events, description } = await parseBody(c, newWebhookShape);
    const { endpoint, secret } = await createEndpoint(
      { endpoints, vault, clock, guard },
      c.get("principal").workspaceId,
      {
        url,
        dialect: "wordcab",
        description: description ?? "",
        events: toOurEvents(events),
        settings: { events },
      },
    );
    return c.json({ ...show(endpoint), secret }, 201);
  });

  app.get(`${prefix}/webhooks`, async (c) => {
    const request = { ...parseQuery(c, listQuery), dialect: "wordcab" as const };
    return c.json(toList(await listEndpoints(endpoints, c.get("principal").workspaceId, request), show));
  });

  app.delete(`${prefix}/webhooks/:id`, async (c) => {
    const { workspaceId } = c.get("principal");
    const id = fromVendorId("wh", c.req.param("id"));
    // Endpoints of other APIs are none of Wordcab's.
    if ((await endpoints.find(workspaceId, id))?.dialect !== "wordcab")
      throw new AppError("not_found", `there is no webhook "${c.req.param("id")}"`);
    await deleteEndpoint({ endpoints, clock }, workspaceId, id);
    return c.body(null, 204);
  });
}

function show({ id, url, settings, description, createdAt }: WebhookEndpoint) {
  return {
    id: toVendorId("wh", id),
    object: "webhook",
    url,
    events: settings["events"] ?? [],
    description: description === "" ? null : description,
    created: toUnixSeconds(createdAt),
  };
}
