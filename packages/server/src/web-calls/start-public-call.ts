import { AppError, invalidField } from "../app-error.ts";
import { type CreateCallDeps, createCall } from "../calls/create-call.ts";
import type { DocumentStore } from "../documents/store.ts";
import type { CallAllowance } from "./call-allowance.ts";
import { type PublicKey, publicKeyKind } from "./public-key.ts";
import type { NewPublicWebCall } from "./web-call.ts";

export type StartPublicCallDeps = CreateCallDeps & {
  readonly documents: Pick<DocumentStore, "findAnywhere">;
  readonly allowance: CallAllowance;
};

/**
 * Makes a web call for a page that has nothing but a public key. The agent speaks as it was deployed last.
 * @param input `origin`: of the page, as its browser says
 * @throws AppError `unauthorized`, `forbidden_origin`, `rate_limited`, `too_many_calls`; `invalid_request` naming a
 *   variable that the key doesn't allow; and what `createCall` throws
 */
export async function startPublicCall(
  deps: StartPublicCallDeps,
  { publicKey, variables, origin }: NewPublicWebCall & { readonly origin: string | undefined },
): ReturnType<typeof createCall> {
  const { workspaceId, key } = await requireKey(deps, publicKey);
  if (!key.allowedOrigins.includes("*") && (origin === undefined || !key.allowedOrigins.includes(origin)))
    throw new AppError(
      "forbidden_origin",
      `pages of ${origin ?? "no origin"} may not use this key: see its allowedOrigins`,
    );
  const other = Object.keys(variables).find((name) => !key.allowedVariables.includes(name));
  if (other !== undefined) throw invalidField(`variables.${other}`, "is not among the key's allowedVariables");
  const { agentId, maxCalls } = key;
  const live = await deps.calls.count(workspaceId, { agentId, directions: ["web"], statuses: ["created", "active"] });
  if (live >= maxCalls) throw new AppError("too_many_calls", "all places are taken just now; try again later");
  const waitMs = deps.allowance.take(publicKey, key.callsPerMinute);
  if (waitMs > 0) {
    const retryAfterS = Math.ceil(waitMs / 1000);
    throw new AppError("rate_limited", `too many calls in a minute: try again in ${retryAfterS} s`, {
      details: { retryAfterS },
    });
  }
  return createCall(deps, { workspaceId, agentId, pace: "real", variables, metadata: { publicKey }, use: "deployed" });
}

async function requireKey(
  { documents }: Pick<StartPublicCallDeps, "documents">,
  id: string,
): Promise<{ workspaceId: string; key: Omit<PublicKey, "id" | "createdAt" | "updatedAt"> }> {
  const found = await documents.findAnywhere(publicKeyKind.name, id);
  const key = publicKeyKind.shape.safeParse(found?.document).data;
  if (found === undefined || !key?.isActive)
    throw new AppError("unauthorized", "there is no such public key, or it is switched off");
  return { workspaceId: found.workspaceId, key };
}
