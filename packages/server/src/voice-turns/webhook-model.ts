/** Hands each turn to the customer's server and speaks what comes back. One instance a call. */

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  type Clock,
  END_CALL_TOOL,
  type LanguageModel,
  type Message,
  ProviderError,
  type ProviderErrorKind,
  type ReplyPart,
  type ReplyRequest,
} from "@earshot/engine";
import { ForbiddenUrlError } from "../outbound-http/guard-url.ts";
import { readValues, UnreadableAnswerError } from "./read-values.ts";
import { TURN_ACTION_PREFIX, toToolCall } from "./turn-action.ts";
import { toTurnAnswer } from "./turn-answer.ts";
import type { SendVoiceTurn, VoiceTurnResponse } from "./voice-turn.ts";

export type WebhookModelOptions = {
  readonly send: SendVoiceTurn;
  /** How long the server may take to its answer, and from one piece of it to the next, ms. */
  readonly timeoutMs: number;
  /** Said when a transfer, or keys, that the server asked for came to nothing. */
  readonly politeText: string;
  readonly clock: Pick<Clock, "after">;
};

const NAME = "webhook/voice-turns";
/** The model reports its own time limit; the session's stands behind it. */
const SPARE_MS = 2_000;

export function createWebhookModel(options: WebhookModelOptions): LanguageModel {
  const count = createTurnCounter();
  return {
    name: NAME,
    context: "window",
    partLimitMs: options.timeoutMs + SPARE_MS,
    async *reply(request, signal) {
      if (signal.aborted) return;
      const outcome = newestOutcome(request.messages);
      if (outcome !== undefined) {
        yield outcome === "failed" ? { type: "text", text: options.politeText } : { type: "silence" };
        return;
      }
      const patience = new Patience(options, signal);
      try {
        const turn = { number: count(request), transcript: newestWords(request.messages), messages: request.messages };
        const response = await patience.wait(options.send(turn, patience.signal));
        yield* speak(response, patience, turn.number);
      } catch (error) {
        if (!signal.aborted) throw toProviderError(error, options.timeoutMs);
      } finally {
        patience.giveUp();
      }
    },
  };
}

async function* speak(response: VoiceTurnResponse, patience: Patience, turn: number): AsyncGenerator<ReplyPart> {
  const { status } = response;
  if (status < 200 || status >= 300) throw new RefusedError(status);
  let hasContent = false;
  let index = 0;
  for await (const value of patience.each(readValues(response))) {
    const answer = toTurnAnswer(value);
    if (!answer) continue;
    const { text, isInterim, hangsUp, actions } = answer;
    // The line break has it spoken at once, whatever mark it ends with.
    if (text !== "") yield { type: "text", text: `${text}\n`, ...(isInterim ? { isFiller: true } : {}) };
    for (const action of actions) yield { type: "tool-call", call: toToolCall(action, { turn, index: ++index }) };
    if (hangsUp)
      yield { type: "tool-call", call: { id: `hangup-${randomUUID()}`, name: END_CALL_TOOL, arguments: "{}" } };
    hasContent ||= text !== "" || hangsUp || index > 0;
    if (!isInterim || hangsUp) break;
  }
  if (!hasContent) yield { type: "silence" };
}

/** How what the server wanted done came out, where the caller has said nothing since. */
function newestOutcome(messages: readonly Message[]): "succeeded" | "failed" | undefined {
  const last = messages.findLast(({ role }) => role !== "instruction");
  return last?.role === "tool" && last.toolCallId.startsWith(TURN_ACTION_PREFIX) ? last.outcome : undefined;
}

/** A turn that is asked again word for word is the same turn: its first try failed. */
function createTurnCounter(): (request: ReplyRequest) => number {
  let number = 0;
  let last: readonly Message[] | undefined;
  return ({ messages }) => {
    if (!isDeepStrictEqual(messages, last)) number++;
    last = messages;
    return number;
  };
}

/** The caller's words that nobody has answered yet. */
function newestWords(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role !== "instruction");
  return last?.role === "caller" ? last.text : "";
}

/** Waits for the server, but no longer than it may take, and no longer than anybody wants to hear the answer. */
class Patience {
  readonly #timeoutMs: number;
  readonly #clock: Pick<Clock, "after">;
  readonly #controller = new AbortController();
  readonly signal: AbortSignal;

  constructor({ timeoutMs, clock }: WebhookModelOptions, signal: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
  }

  async wait<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {
      // Whoever loses the race may fail later, unheard.
    });
    this.signal.throwIfAborted();
    const given = Promise.withResolvers<never>();
    const onAbort = () => given.reject(this.signal.reason);
    this.signal.addEventListener("abort", onAbort);
    const cancel = this.#clock.after(this.#timeoutMs, () => this.#controller.abort(new TooSlowError()));
    try {
      return await Promise.race([work, given.promise]);
    } finally {
      cancel();
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  async *each<T>(values: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = await this.wait(values.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // A stalled stream must not hold up whoever gives it up.
      values.return(undefined).catch(() => {});
    }
  }

  /** Ends the request, if it is still under way. Idempotent. */
  giveUp(): void {
    this.#controller.abort();
  }
}

class TooSlowError extends Error {}

class RefusedError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the server answered with status ${status}`);
    this.status = status;
  }
}

function toProviderError(error: unknown, timeoutMs: number): ProviderError {
  const fail = (kind: ProviderErrorKind, message: string, isRetryable: boolean) =>
    new ProviderError({ provider: NAME, stage: "language-model", kind, message, isRetryable, cause: error });
  // Who has waited that long is not made to wait as long again.
  if (error instanceof TooSlowError) return fail("timeout", `no answer within ${timeoutMs / 1000} seconds`, false);
  if (error instanceof ForbiddenUrlError) return fail("bad-request", error.message, false);
  if (error instanceof UnreadableAnswerError) return fail("bad-response", error.message, false);
  if (error instanceof ProviderError) return error;
  if (!(error instanceof RefusedError)) return fail("unreachable", "the server can't be reached", true);
  const { status, message } = error;
  if (status === 401 || status === 403) return fail("unauthorized", message, false);
  if (status === 429) return fail("rate-limited", message, true);
  if (status >= 500) return fail("overloaded", message, true);
  return fail("bad-response", message, false);
}
