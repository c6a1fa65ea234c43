/** Facts that belong to something that is over, or never was: rule 3 says they change nothing. */

import { type Fact, TIMER_NAMES } from "../../conversation/event.ts";
import type { Rules } from "../../conversation/rules.ts";
import type { StaleFact } from "./stimulus.ts";

export type World = {
  readonly nowMs: number;
  readonly rules: Rules;
  readonly finishedReplies: readonly string[];
  readonly stoppingReply: string | undefined;
  readonly finishedTools: readonly string[];
  /** Its order is being carried out. */
  readonly orderedTool: string | undefined;
  readonly staleTransfer: string;
  readonly awaited: readonly number[];
  readonly utteranceId: number;
  readonly isSpeaking: boolean;
  /** A realtime model hears and speaks. */
  readonly hasModel: boolean;
};

const OUTCOMES = ["answered", "busy"] as const;
const FAILURE = { provider: "p", kind: "timeout", message: "late" } as const;

/** Undefined where the fact would not be stale. */
export function staleFact(what: StaleFact, number: number, world: World): Fact | undefined {
  const replyId = pick(world.finishedReplies, number) ?? "reply-99";
  const staleOrStopping = world.stoppingReply ?? replyId;
  switch (what) {
    case "timer": {
      const timer = pick(TIMER_NAMES, number);
      return timer && { type: "timer-fired", timer, timerId: 10_000 + number };
    }
    case "reply-started":
      return { type: "reply-audio-started", replyId };
    case "reply-went-quiet":
      return { type: "reply-went-quiet", replyId: staleOrStopping, sinceMs: world.nowMs };
    case "reply-went-on":
      return { type: "reply-went-on", replyId: staleOrStopping };
    case "reply-sentence":
      return { type: "reply-sentence", replyId, text: "Late words." };
    case "reply-heard":
      return { type: "reply-heard", replyId, text: "late" };
    case "reply-ended":
      return { type: "reply-ended", replyId };
    case "reply-cancelled":
      return { type: "reply-cancelled", replyId };
    case "reply-failed":
      return { type: "reply-failed", replyId, stage: "language-model", ...FAILURE, isRetryable: number % 2 === 0 };
    case "tool-requested":
      return staleRequest(number, world.stoppingReply ?? replyId);
    case "tool-finished": {
      const toolCallId = pick(world.finishedTools, number) ?? "tool-99";
      return { type: "tool-finished", toolCallId, outcome: "failed", result: "late" };
    }
    case "tool-ordered":
      return staleOrder(number, world);
    case "transfer-finished":
      return { type: "transfer-finished", transferId: world.staleTransfer, outcome: OUTCOMES[number % 2] ?? "busy" };
    case "reply-offered":
      return world.hasModel ? undefined : { type: "reply-offered", offerId: "offer-99" };
    case "realtime-failed":
      return world.hasModel ? undefined : { type: "realtime-failed", ...FAILURE };
    case "call-started":
      return { type: "call-started", rules: world.rules };
    default:
      return staleWords(what, number, world);
  }
}

type StaleWords =
  | "transcript"
  | "transcript-failed"
  | "partial"
  | "probable"
  | "predicted"
  | "speech-started"
  | "speech-ended";

function staleWords(what: StaleWords, number: number, world: World): Fact | undefined {
  const utteranceId = world.utteranceId - number;
  const isUnderWay = world.isSpeaking && utteranceId === world.utteranceId;
  const isAwaited = world.awaited.includes(utteranceId);
  switch (what) {
    case "transcript":
      return isAwaited ? undefined : { type: "transcript-final", utteranceId, text: "late words" };
    case "transcript-failed":
      return isAwaited ? undefined : { type: "transcript-failed", utteranceId, ...FAILURE };
    case "partial":
      return isUnderWay ? undefined : { type: "transcript-partial", utteranceId, text: "late words of somebody" };
    case "probable":
      return isUnderWay ? undefined : { type: "transcript-probable", utteranceId, text: "late words of somebody" };
    case "predicted":
      return number === 0 ? undefined : { type: "turn-predicted", utteranceId, probability: 1 };
    case "speech-started":
      return { type: "caller-speech-started", utteranceId, firstSampleAtMs: world.nowMs };
    case "speech-ended":
      return isUnderWay ? undefined : { type: "caller-speech-ended", utteranceId, lastSampleAtMs: world.nowMs };
  }
}

function staleRequest(number: number, replyId: string): Fact {
  const name = number % 2 === 0 ? "book" : "end_call";
  return { type: "tool-requested", replyId, toolCallId: `late-${number}`, name, arguments: "{}" };
}

function staleOrder(number: number, { orderedTool, finishedTools }: World): Fact {
  const toolCallId = orderedTool ?? pick(finishedTools, number) ?? "tool-99";
  return { type: "tool-ordered", toolCallId, order: { type: "send-digits", digits: "1" } };
}

/** What the world may still throw at a call that is over. */
export function factsAfterEnd(utteranceId: number, nowMs: number): Fact[] {
  return [
    { type: "caller-speech-started", utteranceId: utteranceId + 1, firstSampleAtMs: nowMs },
    { type: "digit-pressed", digit: "1" },
    { type: "tone-heard", kind: "beep", frequencyHz: 1_000 },
    { type: "leg-lost" },
    { type: "say-requested", text: "Too late.", endAfter: true },
    { type: "context-injected", content: "Too late.", shouldReply: true },
    { type: "agent-muted" },
    { type: "transfer-requested", order: { destination: "+12125550100", mode: "cold" } },
    { type: "end-requested", reason: "api-request" },
    { type: "call-ended", reason: "server-crash" },
  ];
}

function pick<T>(from: readonly T[], number: number): T | undefined {
  return from[number % Math.max(1, from.length)];
}
