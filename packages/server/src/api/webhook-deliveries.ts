import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { DELIVERY_STATUSES, deliveryShape, deliveryStatsShape, listedDeliveryShape } from "../deliveries/delivery.ts";
import { listDeliveries } from "../deliveries/list-deliveries.ts";
import { readDelivery } from "../deliveries/read-delivery.ts";
import { redeliver } from "../deliveries/redeliver.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { toEpochMs } from "../wall-clock.ts";
import { EVENT_TYPES } from "../webhooks/domain-event.ts";
import { idParams, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["webhooks"];
const params = idParams("dlv_01k9q0w3e4r5t6y7v8b9n0m1a2");
const endpointId = z.string().max(64).optional().describe("Only those of this endpoint.");

const list = createRoute({
  method: "get",
  path: "/v1/webhook-deliveries",
  operationId: "listWebhookDeliveries",
  tags,
  summary: "List webhook deliveries, newest first",
  description: "Finished ones are kept for 30 days.",
  request: {
    query: z.object({
      ...pageQueryShape,
      endpointId,
      status: z.enum(DELIVERY_STATUSES).optional(),
      eventType: z.enum(EVENT_TYPES).optional(),
      since: z.iso.datetime({ offset: true }).optional().describe("Only of events from then on."),
    }),
  },
  responses: { 200: jsonContent(pageShape(listedDeliveryShape, "WebhookDeliveryPage"), "A page."), ...PROBLEMS },
});

const stats = createRoute({
  method: "get",
  path: "/v1/webhook-deliveries/stats",
  operationId: "readWebhookDeliveryStats",
  tags,
  summary: "Count webhook deliveries",
  request: {
    query: z.object({
      endpointId,
      hours: z.coerce.number().int().min(1).max(720).default(24).describe("Of the last so many hours."),
    }),
  },
  responses: { 200: jsonContent(deliveryStatsShape, "The counts."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/webhook-deliveries/{id}",
  operationId: "readWebhookDelivery",
  tags,
  summary: "Read a webhook delivery: request, answer and earlier attempts",
  request: { params },
  responses: { 200: jsonContent(deliveryShape, "The delivery."), ...PROBLEMS },
});

const again = createRoute({
  method: "post",
  path: "/v1/webhook-deliveries/{id}/redeliver",
  operationId: "redeliverWebhook",
  tags,
  summary: "Send a webhook delivery again",
  description: "Same id and body; tried for another 24 hours if need be.",
  request: { params },
  responses: { 202: jsonContent(deliveryShape, "The delivery, pending again."), ...PROBLEMS },
});

const HOUR_MS = 3_600_000;

export function webhookDeliveryRoutes({ clock, webhooks }: Pick<AppDeps, "clock" | "webhooks">) {
  const { deliveries } = webhooks;
  return newRouter()
    .openapi(list, async (c) => {
      const { since, ...query } = c.req.valid("query");
      const request = { ...query, sinceMs: since === undefined ? undefined : toEpochMs(since) };
      const { data, ...rest } = await listDeliveries(deliveries, c.get("principal").workspaceId, request);
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(stats, async (c) => {
      const { hours, ...query } = c.req.valid("query");
      const sinceMs = clock.now().getTime() - hours * HOUR_MS;
      return c.json(await deliveries.stats(c.get("principal").workspaceId, { ...query, sinceMs }), 200);
    })
    .openapi(read, async (c) =>
      c.json(await readDelivery(deliveries, c.get("principal").workspaceId, c.req.valid("param").id), 200),
    )
    .openapi(again, async (c) =>
      c.json(await redeliver({ ...webhooks, clock }, c.get("principal").workspaceId, c.req.valid("param").id), 202),
    );
}
