import { AppError, invalidField } from "../app-error.ts";
import { type CreateCallDeps, createCall } from "../calls/create-call.ts";
import type { DocumentStore } from "../documents/store.ts";
import type { CallAllowance } from "./call-allowance.ts";
import { type PublicKey, publicKeyKind } from "./public-key.ts";
import type { VisitorCalls } from "./visitor-calls.ts";
import type { NewPublicWebCall } from "./web-call.ts";

export type StartPublicCallDeps = CreateCallDeps & {
  readonly documents: Pick<DocumentStore, "findAnywhere">;
  readonly limits: PublicCallLimits;
};

/** What is counted, on this node. */
export type PublicCallLimits = {
  readonly ofKeys: CallAllowance;
  readonly ofVisitors: CallAllowance;
  readonly visitorCalls: VisitorCalls;
};

type Wanted = NewPublicWebCall & { readonly origin: string | undefined; readonly visitor: string | undefined };
type KeySettings = Omit<PublicKey, "id" | "createdAt" | "updatedAt">;

/**
 * Makes a web call for a page that has nothing but a public key. The agent speaks as it was deployed last.
 * @param wanted `origin`: of the page, as its browser says; `visitor`: at which address, for the limits of one visitor
 * @throws AppError `unauthorized`, `forbidden_origin`, `rate_limited`, `too_many_calls`; `invalid_request` naming a
 *   variable that the key doesn't allow; and what `createCall` throws
 */
export async function startPublicCall(deps: StartPublicCallDeps, wanted: Wanted): ReturnType<typeof createCall> {
  const { publicKey, variables, origin, visitor } = wanted;
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
  const visitorKey = visitor === undefined ? undefined : `${publicKey} ${visitor}`;
  const start = async () => {
    takeTurn(deps.limits, key, { publicKey, visitorKey });
    const metadata = { publicKey };
    return createCall(deps, { workspaceId, agentId, pace: "real", variables, metadata, use: "deployed" });
  };
  if (visitorKey === undefined) return start();
  const isLive = async (callId: string) => (await deps.calls.find(workspaceId, callId))?.status !== "ended";
  const started = await deps.limits.visitorCalls.start(visitorKey, { most: key.visitorMaxCalls, isLive, start });
  if (started !== undefined) return started;
  throw new AppError("too_many_calls", `you have ${key.visitorMaxCalls} calls already: end one of them first`);
}

/** @throws AppError `rate_limited`, and nothing is counted then */
function takeTurn(
  { ofKeys, ofVisitors }: PublicCallLimits,
  { callsPerMinute, visitorCallsPerMinute }: KeySettings,
  { publicKey, visitorKey }: { readonly publicKey: string; readonly visitorKey: string | undefined },
): void {
  const ownWaitMs = visitorKey === undefined ? 0 : ofVisitors.waitMs(visitorKey, visitorCallsPerMinute);
  const waitMs = Math.max(ownWaitMs, ofKeys.waitMs(publicKey, callsPerMinute));
  if (waitMs > 0) {
    const retryAfterS = Math.ceil(waitMs / 1000);
    const whose = ownWaitMs > 0 ? "too many calls of yours in a minute" : "too many calls in a minute";
    throw new AppError("rate_limited", `${whose}: try again in ${retryAfterS} s`, { details: { retryAfterS } });
  }
  ofKeys.take(publicKey);
  if (visitorKey !== undefined) ofVisitors.take(visitorKey);
}

async function requireKey(
  { documents }: Pick<StartPublicCallDeps, "documents">,
  id: string,
): Promise<{ workspaceId: string; key: KeySettings }> {
  const found = await documents.findAnywhere(publicKeyKind.name, id);
  const key = publicKeyKind.shape.safeParse(found?.document).data;
  if (found === undefined || !key?.isActive)
    throw new AppError("unauthorized", "there is no such public key, or it is switched off");
  return { workspaceId: found.workspaceId, key };
}
