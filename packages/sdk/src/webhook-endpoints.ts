import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import type { PageQuery } from "./page.ts";
import { Resource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

export type WebhookEndpoint = components["schemas"]["WebhookEndpoint"];
/** The secret is shown this once: keep it for `verifyWebhook`. */
export type WebhookEndpointWithSecret = components["schemas"]["WebhookEndpointWithSecret"];
export type NewWebhookEndpoint = requests["schemas"]["NewWebhookEndpoint"];
export type WebhookEndpointPatch = requests["schemas"]["WebhookEndpointPatch"];
export type WebhookTestResult = components["schemas"]["WebhookTestResult"];
export type WebhookEndpointQuery = PageQuery & { readonly agentId?: string | undefined };

/** Where events are sent. */
export class WebhookEndpoints extends Resource<{
  item: WebhookEndpoint;
  create: NewWebhookEndpoint;
  created: WebhookEndpointWithSecret;
  update: WebhookEndpointPatch;
  query: WebhookEndpointQuery;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/webhook-endpoints");
  }

  /** Gives it another secret; for 24 hours deliveries are signed with the old one too. */
  rotateSecret(
    endpointId: string,
    rotation: requests["schemas"]["RotateWebhookSecret"] = {},
    options: RequestOptions = {},
  ): Promise<WebhookEndpointWithSecret> {
    return this.post(this.pathOf(endpointId, "rotate-secret"), rotation, options);
  }

  /** Sends a test event and waits for the answer. */
  test(endpointId: string, options: RequestOptions = {}): Promise<WebhookTestResult> {
    return this.post(this.pathOf(endpointId, "test"), undefined, options);
  }
}
