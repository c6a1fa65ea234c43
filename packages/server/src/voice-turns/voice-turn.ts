/** Calls whose replies come from the customer's own server, one request a turn, instead of a language model. */

import type { Message } from "@earshot/engine";
import type { Call } from "../calls/call.ts";
import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { WallClock } from "../wall-clock.ts";

/** Where a call's turns go; travels with the reservation, so plain data only. */
export type VoiceTurns = {
  /** Whose request format it is: names a `VoiceTurnSender`. */
  readonly dialect: string;
  readonly url: string;
  /** Signs the requests; absent = unsigned. */
  readonly secret?: string;
  /** How long the server may take to its answer, and from one piece of it to the next, ms. */
  readonly timeoutMs: number;
  /** What the dialect's sender needs besides. */
  readonly details?: Readonly<Record<string, unknown>>;
};

export type VoiceTurn = {
  /** 1, 2, 3 … in the call; the same when the turn is sent again after a failure. */
  readonly number: number;
  /** What the caller said; "" when the agent is to speak unasked. */
  readonly transcript: string;
  /** All that was heard so far, the caller's newest words included. */
  readonly messages: readonly Message[];
};

export type VoiceTurnResponse = {
  readonly status: number;
  /** As the header says it, parameters included. */
  readonly contentType: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
};

/** Builds, signs and sends the request of one turn. Rejects when there is no answer; must honour `signal`. */
export type SendVoiceTurn = (turn: VoiceTurn, signal: AbortSignal) => Promise<VoiceTurnResponse>;

/** What a dialect gives: made once a call. */
export type VoiceTurnSender = (context: {
  readonly call: Call;
  readonly voiceTurns: VoiceTurns;
  readonly guard: UrlGuard;
  readonly clock: WallClock;
}) => SendVoiceTurn;
