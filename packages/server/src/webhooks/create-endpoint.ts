import { AppError, invalidField } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { ForbiddenUrlError, type UrlGuard } from "../outbound-http/guard-url.ts";
import type { Vault } from "../secrets/vault.ts";
import type { WallClock } from "../wall-clock.ts";
import type { DialectName } from "./dialect-name.ts";
import { newSecret, sealSecrets } from "./signing-secrets.ts";
import type { WebhookEndpointStore } from "./store.ts";
import { MAX_ENDPOINTS, type WebhookEndpoint } from "./webhook-endpoint.ts";

export type EndpointDeps = {
  readonly endpoints: WebhookEndpointStore;
  readonly vault: Vault;
  readonly clock: WallClock;
  readonly guard: Pick<UrlGuard, "check">;
};

export type EndpointRequest = {
  readonly url: string;
  readonly agentId?: string | undefined;
  /** "earshot" by default. */
  readonly dialect?: DialectName;
  /** "" by default. */
  readonly description?: string;
  /** Types of events of ours; ["*"] by default. */
  readonly events?: readonly string[];
  /** Made when it is absent. `null` = requests go unsigned. */
  readonly secret?: string | null | undefined;
  /** Of the dialect. */
  readonly settings?: Readonly<Record<string, unknown>>;
};

/**
 * @returns the endpoint, and its secret, which is not shown again
 * @throws AppError `invalid_request` for a URL that may not be called, or too many endpoints; `not_found` for an agent
 */
export async function createEndpoint(
  deps: EndpointDeps,
  workspaceId: string,
  request: EndpointRequest,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string | undefined }> {
  checkUrl(deps.guard, request.url);
  const { agentId } = request;
  if (agentId !== undefined && !(await deps.endpoints.hasAgent(workspaceId, agentId)))
    throw new AppError("not_found", `there is no agent "${agentId}"`);
  if ((await deps.endpoints.count(workspaceId)) >= MAX_ENDPOINTS)
    throw new AppError(
      "invalid_request",
      `a workspace has at most ${MAX_ENDPOINTS} webhook endpoints; delete one first`,
    );
  const now = deps.clock.now();
  const id = newId("whe", now.getTime());
  const secret = request.secret === null ? undefined : (request.secret ?? newSecret());
  const endpoint: WebhookEndpoint = {
    id,
    workspaceId,
    ...(agentId === undefined ? {} : { agentId }),
    dialect: request.dialect ?? "earshot",
    url: request.url,
    description: request.description ?? "",
    events: request.events ?? ["*"],
    settings: request.settings ?? {},
    isEnabled: true,
    ...(secret === undefined ? {} : { sealedSecret: sealSecrets(deps.vault, id, { current: secret }) }),
    failures: 0,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  await deps.endpoints.insert(endpoint);
  return { endpoint, secret };
}

/** @throws AppError `invalid_request` that says why */
export function checkUrl(guard: Pick<UrlGuard, "check">, url: string): void {
  const reason = whyForbidden(guard, url);
  if (reason === undefined) return;
  throw invalidField("url", reason);
}

function whyForbidden(guard: Pick<UrlGuard, "check">, url: string): string | undefined {
  try {
    guard.check(url);
    return undefined;
  } catch (error) {
    if (error instanceof ForbiddenUrlError) return error.message;
    throw error;
  }
}
