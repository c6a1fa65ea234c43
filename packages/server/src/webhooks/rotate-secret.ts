import type { EndpointDeps } from "./create-endpoint.ts";
import { requireEndpoint } from "./read-endpoint.ts";
import { newSecret, openSecrets, rotate, sealSecrets } from "./signing-secrets.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";

/**
 * Gives an endpoint another secret. For 24 hours our own dialect signs with both; the vendors' headers have room for
 * one signature, so that theirs changes at once.
 * @param given made when it is absent
 * @throws AppError `not_found`
 */
export async function rotateSecret(
  deps: Omit<EndpointDeps, "guard">,
  workspaceId: string,
  { id, secret: given }: { readonly id: string; readonly secret?: string | undefined },
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
  const secret = given ?? newSecret();
  const now = deps.clock.now();
  const updated = await deps.endpoints.update(workspaceId, id, (endpoint) => {
    const { sealedSecret } = endpoint;
    const before = sealedSecret === undefined ? undefined : openSecrets(deps.vault, id, sealedSecret);
    const after = rotate(before, secret, now.getTime());
    return { ...endpoint, sealedSecret: sealSecrets(deps.vault, id, after), updatedAt: now.toISOString() };
  });
  return { endpoint: requireEndpoint(updated, id), secret };
}
