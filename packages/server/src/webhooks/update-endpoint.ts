import { checkUrl, type EndpointDeps } from "./create-endpoint.ts";
import { requireEndpoint } from "./read-endpoint.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";

export type EndpointChange = {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly events?: readonly string[] | undefined;
  /** Enabling closes the circuit. */
  readonly isEnabled?: boolean | undefined;
  /** Of the dialect; those named are replaced. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * What is absent stays.
 * @throws AppError `not_found`, `invalid_request`
 */
export async function updateEndpoint(
  deps: Omit<EndpointDeps, "vault">,
  workspaceId: string,
  change: EndpointChange & { readonly id: string },
): Promise<WebhookEndpoint> {
  const { id, url, description, events, isEnabled, settings } = change;
  if (url !== undefined) checkUrl(deps.guard, url);
  const updated = await deps.endpoints.update(workspaceId, id, (endpoint) => {
    const { openUntil, ...rest } = endpoint;
    const isFresh = isEnabled === true || (url !== undefined && url !== endpoint.url);
    return {
      ...rest,
      url: url ?? endpoint.url,
      description: description ?? endpoint.description,
      events: events ?? endpoint.events,
      isEnabled: isEnabled ?? endpoint.isEnabled,
      settings: { ...endpoint.settings, ...settings },
      failures: isFresh ? 0 : endpoint.failures,
      ...(isFresh || openUntil === undefined ? {} : { openUntil }),
      updatedAt: deps.clock.now().toISOString(),
    };
  });
  return requireEndpoint(updated, id);
}
