import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { DialectName } from "./dialect-name.ts";
import type { WebhookEndpointStore } from "./store.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";

/** Newest first. */
export async function listEndpoints(
  endpoints: WebhookEndpointStore,
  workspaceId: string,
  request: PageRequest & { readonly agentId?: string | undefined; readonly dialect?: DialectName | undefined },
): Promise<Page<WebhookEndpoint>> {
  const { limit, cursor, ...filter } = request;
  const rows = await endpoints.list(workspaceId, { ...filter, limit: limit + 1, beforeId: fromCursor(cursor) });
  return toPage(rows, limit);
}
