import type { WallClock } from "../wall-clock.ts";
import { requireEndpoint } from "./read-endpoint.ts";
import type { WebhookEndpointStore } from "./store.ts";

/**
 * What it has pending is given up, within a minute; its log stays readable.
 * @throws AppError `not_found`
 */
export async function deleteEndpoint(
  { endpoints, clock }: { readonly endpoints: WebhookEndpointStore; readonly clock: WallClock },
  workspaceId: string,
  id: string,
): Promise<void> {
  if (!(await endpoints.remove(workspaceId, id, clock.now()))) requireEndpoint(undefined, id);
}
