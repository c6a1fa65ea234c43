/**
 * What a scripted caller does, as a pure state machine: time and facts in, orders out.
 *
 *   listening --greeting over--> speaking --utterance said--> awaiting-answer --answered, quiet--> speaking (next one)
 *                                                                  |                          \--> hanging-up (last one)
 *                                                                  \--30 s without an answer--> hanging-up
 *   anything --the call was closed--> over
 */
import type { JournalEntry } from "@earshot/sdk";

/** How long one tick is: the caller sends one frame a tick. */
export const TICK_MS = 20;
const PAUSE_AFTER_GREETING_MS = 300;
const PAUSE_WITHOUT_GREETING_MS = 1500;
const QUIET_AFTER_ANSWER_MS = 1500;
const PATIENCE_MS = 30_000;
const GOODBYE_MS = 5000;
/** Whatever the agent does, the caller does not listen longer to it than this. */
const LONGEST_LISTENING_MS = 300_000;

export type CallScript = {
  /** Lengths of what the caller says, in ticks, one after the other. */
  readonly utteranceTicks: readonly number[];
  /** When the first is said: after the agent's greeting, or so many ms after the call began. */
  readonly wait:
    | { readonly for: "greeting"; readonly isExpected: boolean }
    | { readonly for: "time"; readonly ms: number };
};

export type Outcome =
  /** The agent answered all that was said. */
  | "answered"
  | "not-answered"
  /** The agent took nothing of what was said for speech. */
  | "not-heard"
  /** The agent, or a limit of it, ended the call first. */
  | "ended-by-agent"
  | "interrupted"
  | "failed";

type Phase = "listening" | "speaking" | "awaiting-answer" | "hanging-up" | "over";

export type ScriptedCall = {
  readonly script: CallScript;
  readonly phase: Phase;
  readonly nowMs: number;
  readonly phaseSinceMs: number;
  readonly utterance: number;
  readonly spokenTicks: number;
  readonly isGreetingOver: boolean;
  readonly greetingOverAtMs: number;
  /** The agent has noticed speech since the caller began this utterance. */
  readonly isHeard: boolean;
  readonly isCallerHeardSpeaking: boolean;
  readonly isAnswered: boolean;
  readonly reply: { readonly id: string; readonly isAnswer: boolean } | undefined;
  readonly runningTools: number;
  readonly quietSinceMs: number;
  readonly outcome: Outcome | undefined;
};

export type CallInput =
  /** 20 ms have passed. `isAgentAudible`: the agent's audio is playing or waiting to be played. */
  | { readonly type: "tick"; readonly isAgentAudible: boolean }
  | { readonly type: "entry"; readonly entry: JournalEntry }
  | { readonly type: "interrupt" }
  | { readonly type: "closed"; readonly reason: string };

export type CallOrder =
  | { readonly type: "send-silence" }
  /** Send this tick of this utterance. */
  | { readonly type: "send-speech"; readonly utterance: number; readonly tick: number }
  | { readonly type: "hang-up" }
  /** The far end does not close: drop the connection. */
  | { readonly type: "drop" };

type Step = { readonly call: ScriptedCall; readonly orders: readonly CallOrder[] };

export function beginScriptedCall(script: CallScript): ScriptedCall {
  return {
    script,
    phase: "listening",
    nowMs: 0,
    phaseSinceMs: 0,
    utterance: 0,
    spokenTicks: 0,
    isGreetingOver: false,
    greetingOverAtMs: 0,
    isHeard: false,
    isCallerHeardSpeaking: false,
    isAnswered: false,
    reply: undefined,
    runningTools: 0,
    quietSinceMs: 0,
    outcome: undefined,
  };
}

export function stepScriptedCall(call: ScriptedCall, input: CallInput): Step {
  if (call.phase === "over") return { call, orders: [] };
  switch (input.type) {
    case "tick":
      return tick(call, input.isAgentAudible);
    case "entry":
      return { call: takeEntry(call, input.entry), orders: [] };
    case "interrupt":
      return call.phase === "hanging-up" ? { call, orders: [] } : hangUp(call, "interrupted");
    case "closed":
      return {
        call: enter({ ...call, outcome: call.outcome ?? closedOutcome(call, input.reason) }, "over"),
        orders: [],
      };
  }
}

function tick(before: ScriptedCall, isAgentAudible: boolean): Step {
  const isQuiet = !isAgentAudible && before.reply === undefined && before.runningTools === 0;
  const isNobodySpeaking = isQuiet && !before.isCallerHeardSpeaking;
  const nowMs = before.nowMs + TICK_MS;
  const call = { ...before, nowMs, quietSinceMs: isNobodySpeaking ? before.quietSinceMs : nowMs };
  switch (call.phase) {
    case "listening":
      return mayBegin(call, isAgentAudible) ? speak(enter(call, "speaking")) : silence(call);
    case "speaking":
      return speak(call);
    case "awaiting-answer":
      return awaitAnswer(call);
    case "hanging-up":
      if (call.nowMs - call.phaseSinceMs < GOODBYE_MS) return silence(call);
      return { call: enter(call, "over"), orders: [{ type: "drop" }] };
    case "over":
      return { call, orders: [] };
  }
}

function mayBegin(call: ScriptedCall, isAgentAudible: boolean): boolean {
  const { wait } = call.script;
  if (wait.for === "time") return call.nowMs > wait.ms;
  if (call.nowMs > LONGEST_LISTENING_MS) return true;
  if (call.isGreetingOver) return !isAgentAudible && call.nowMs - call.greetingOverAtMs >= PAUSE_AFTER_GREETING_MS;
  if (call.reply !== undefined) return false;
  return call.nowMs > (wait.isExpected ? PATIENCE_MS : PAUSE_WITHOUT_GREETING_MS);
}

function speak(call: ScriptedCall): Step {
  const { utterance, spokenTicks } = call;
  if (spokenTicks >= (call.script.utteranceTicks[utterance] ?? 0)) return awaitAnswer(enter(call, "awaiting-answer"));
  const orders = [{ type: "send-speech", utterance, tick: spokenTicks } as const];
  return { call: { ...call, spokenTicks: spokenTicks + 1 }, orders };
}

function awaitAnswer(call: ScriptedCall): Step {
  if (call.isAnswered && call.nowMs - call.quietSinceMs >= QUIET_AFTER_ANSWER_MS) return goOn(call);
  const isWorking = call.isAnswered || call.reply?.isAnswer === true || call.runningTools > 0;
  const limitMs = isWorking ? LONGEST_LISTENING_MS : PATIENCE_MS;
  if (call.nowMs - call.phaseSinceMs <= limitMs) return silence(call);
  return hangUp(call, call.isHeard ? "not-answered" : "not-heard");
}

function goOn(call: ScriptedCall): Step {
  const utterance = call.utterance + 1;
  if (utterance >= call.script.utteranceTicks.length) return hangUp(call, "answered");
  return speak(enter({ ...call, utterance, spokenTicks: 0, isHeard: false, isAnswered: false }, "speaking"));
}

function hangUp(call: ScriptedCall, outcome: Outcome): Step {
  return { call: { ...enter(call, "hanging-up"), outcome }, orders: [{ type: "hang-up" }, { type: "send-silence" }] };
}

function silence(call: ScriptedCall): Step {
  return { call, orders: [{ type: "send-silence" }] };
}

function enter(call: ScriptedCall, phase: Phase): ScriptedCall {
  return { ...call, phase, phaseSinceMs: call.nowMs };
}

function closedOutcome(call: ScriptedCall, reason: string): Outcome {
  const isLast = call.utterance === call.script.utteranceTicks.length - 1;
  if (isLast && call.isAnswered && call.phase === "awaiting-answer") return "answered";
  return ["agent-hung-up", "silence-timeout", "max-duration"].includes(reason) ? "ended-by-agent" : "failed";
}

function takeEntry(call: ScriptedCall, { event, effects }: JournalEntry): ScriptedCall {
  return effects.reduce(takeEffect, takeFact(call, event));
}

function takeFact(call: ScriptedCall, event: JournalEntry["event"]): ScriptedCall {
  switch (event.type) {
    case "caller-speech-started":
      return { ...call, isCallerHeardSpeaking: true, isHeard: call.phase !== "listening", isAnswered: false };
    case "caller-speech-ended":
      return { ...call, isCallerHeardSpeaking: false };
    case "reply-ended":
    case "reply-cancelled":
      return endReply(call, event["replyId"], event.type === "reply-ended");
    case "tool-finished":
      return { ...call, runningTools: Math.max(0, call.runningTools - 1), quietSinceMs: call.nowMs };
    default:
      return call;
  }
}

function endReply(call: ScriptedCall, replyId: unknown, isHeardOut: boolean): ScriptedCall {
  const { reply } = call;
  if (reply === undefined || reply.id !== replyId) return call;
  const isGreetingOver = call.isGreetingOver || call.phase === "listening";
  return {
    ...call,
    reply: undefined,
    quietSinceMs: call.nowMs,
    isAnswered: call.isAnswered || (isHeardOut && reply.isAnswer && !call.isCallerHeardSpeaking),
    isGreetingOver,
    greetingOverAtMs: call.isGreetingOver ? call.greetingOverAtMs : call.nowMs,
  };
}

function takeEffect(call: ScriptedCall, effect: JournalEntry["effects"][number]): ScriptedCall {
  if (effect.type === "run-tool" || effect.type === "extract-values")
    return { ...call, runningTools: call.runningTools + 1 };
  if (effect.type !== "start-reply") return call;
  const isAside = ["greeting", "reminder", "resume"].includes(String(effect["purpose"]));
  return { ...call, reply: { id: String(effect["replyId"]), isAnswer: call.isHeard && !isAside } };
}
