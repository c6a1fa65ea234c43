import { AppError } from "../app-error.ts";
import type { WebhookEndpointStore } from "./store.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";

/** @throws AppError `not_found` */
export async function readEndpoint(
  endpoints: WebhookEndpointStore,
  workspaceId: string,
  id: string,
): Promise<WebhookEndpoint> {
  return requireEndpoint(await endpoints.find(workspaceId, id), id);
}

/** @throws AppError `not_found` */
export function requireEndpoint(endpoint: WebhookEndpoint | undefined, id: string): WebhookEndpoint {
  if (endpoint === undefined) throw new AppError("not_found", `there is no webhook endpoint "${id}"`);
  return endpoint;
}
