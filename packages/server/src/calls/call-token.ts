import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { WallClock } from "../wall-clock.ts";
import type { CallHold } from "./call-row.ts";
import type { CallStore } from "./store.ts";

/** How long a token may begin a web call. */
export const TOKEN_LASTS_MS = 30_000;

/** A token that opens the call's audio. It names the call, so that a page needs nothing else. */
export function drawCallToken(callId: string): { readonly token: string; readonly hash: string } {
  const token = `${callId}.${randomBytes(24).toString("base64url")}`;
  return { token, hash: hashToken(token) };
}

/** How a call is stored whose audio no token opens. */
export function holdWithoutToken(
  { nodeId, clock }: { readonly nodeId: string; readonly clock: WallClock },
  callId: string,
): CallHold {
  return { nodeId, tokenHash: drawCallToken(callId).hash, tokenExpiresAt: clock.now() };
}

/**
 * Lets whoever brings the call's token to its audio. A token that begins a call does so once, within its time; from then
 * on the `resumeToken` that is given for it leads back to the call, as often as its connection breaks.
 * @returns undefined when the token opens nothing
 */
export async function admitCaller(
  { calls, clock }: { readonly calls: CallStore; readonly clock: WallClock },
  callId: string,
  token: string,
): Promise<{ readonly resumeToken?: string } | undefined> {
  const expected = await calls.findToken(callId);
  if (expected === undefined) return undefined;
  if (!timingSafeEqual(Buffer.from(expected.hash, "hex"), Buffer.from(hashToken(token), "hex"))) return undefined;
  if (expected.expiresAt === undefined) return {};
  if (expected.expiresAt <= clock.now()) return undefined;
  const next = drawCallToken(callId);
  const isFirst = await calls.exchangeToken(callId, { from: expected.hash, to: next.hash });
  return isFirst ? { resumeToken: next.token } : undefined;
}

/** SHA-256, hex. */
function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
