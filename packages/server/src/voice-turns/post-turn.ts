import { request } from "undici";
import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { VoiceTurnResponse } from "./voice-turn.ts";

/**
 * Posts one turn to an allowed address; redirects are not followed. The body must be read or given up.
 * @throws ForbiddenUrlError for an address that isn't allowed; undici's errors
 */
export async function postTurn(
  guard: UrlGuard,
  turn: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
  signal: AbortSignal,
): Promise<VoiceTurnResponse> {
  const { statusCode, headers, body } = await request(guard.check(turn.url), {
    method: "POST",
    dispatcher: guard.dispatcher,
    signal,
    // The model watches the time, by the agent's own limit.
    headersTimeout: 0,
    bodyTimeout: 0,
    headers: {
      "Content-Type": "application/json",
      Accept: "application/x-ndjson, application/json",
      "User-Agent": "Earshot",
      ...turn.headers,
    },
    body: turn.body,
  });
  const contentType = headers["content-type"];
  return { status: statusCode, contentType: Array.isArray(contentType) ? contentType[0] : contentType, body };
}
