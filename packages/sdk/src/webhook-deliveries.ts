import type { components } from "./generated/openapi.ts";
import type { QueryOf } from "./query-of.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type WebhookDelivery = components["schemas"]["WebhookDelivery"];
export type WebhookDeliveryListItem = components["schemas"]["WebhookDeliveryListItem"];
export type WebhookDeliveryStats = components["schemas"]["WebhookDeliveryStats"];
export type WebhookDeliveryQuery = QueryOf<"listWebhookDeliveries">;

/** What was sent to webhook endpoints, and how they answered. */
export class WebhookDeliveries extends ReadableResource<{
  item: WebhookDelivery;
  listItem: WebhookDeliveryListItem;
  query: WebhookDeliveryQuery;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/webhook-deliveries");
  }

  /** Sends it again: the same id, the same body. */
  redeliver(deliveryId: string, options: RequestOptions = {}): Promise<WebhookDelivery> {
    return this.post(this.pathOf(deliveryId, "redeliver"), undefined, options);
  }

  /** Counts, of the last 24 hours unless told otherwise. */
  stats(
    query: { readonly endpointId?: string | undefined; readonly hours?: number | undefined } = {},
    options: RequestOptions = {},
  ): Promise<WebhookDeliveryStats> {
    return this.transport.json({ ...options, path: this.pathOf("stats"), query });
  }
}
