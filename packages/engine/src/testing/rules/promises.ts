/** What must hold whatever happened, rule by rule. */

import type { Conversation, Phase, Utterance } from "../../conversation/conversation.ts";
import type { ConversationEvent, Fact } from "../../conversation/event.ts";
import { isAnswered, OFFER_LIMIT_MS } from "../../conversation/realtime.ts";

/** A reply as the world saw it. */
export type SpokenReply = {
  readonly id: string;
  readonly purpose: string;
  /** Its words were given by the rules, not by a model. */
  readonly isScripted: boolean;
  state: "preparing" | "talking" | "stopping" | "over";
  /** Stopped by an order from outside the call. */
  isOverruled: boolean;
  readonly generated: string[];
  /** Which of these words only bridged a pause. */
  readonly fillers: Set<number>;
  /** All that there was of it has been played, and it is not over. */
  isQuiet: boolean;
  readonly heard: string[];
};

/** Something was heard of it, besides "one moment". */
export function wasAnswered({ heard, fillers }: SpokenReply): boolean {
  return heard.some((_word, index) => !fillers.has(index));
}

export class BrokenRule extends Error {
  constructor(rule: number, message: string) {
    super(`rule ${rule}: ${message}`);
    this.name = "BrokenRule";
  }
}

/** Rule 5: the agent's messages are what was played, no more and no less. */
export function checkHeard(history: readonly Utterance[], replies: readonly SpokenReply[]): void {
  for (const reply of replies) {
    const said = history.filter((line): line is Utterance & { role: "agent" } => line.replyId === reply.id);
    const kept = said.map((line) => line.text).join("|");
    const heard = reply.heard.join(" ");
    if (kept !== heard) throw new BrokenRule(5, `${reply.id}: heard "${heard}", kept "${kept}"`);
    if (reply.state !== "over") continue;
    const isCut = reply.heard.length < reply.generated.length && reply.heard.length > 0;
    if (isCut !== said.some((line) => line.wasCutOff && line.text !== ""))
      throw new BrokenRule(5, `${reply.id}: wrong mark of a cut`);
  }
}

/** Rules 5 and 7, once everything is over. */
export function checkAtEnd(history: readonly Utterance[], toolRuns: readonly string[]): void {
  for (const toolCallId of toolRuns) {
    const results = history.filter((line) => line.role === "tool" && line.toolCallId === toolCallId);
    if (results.length !== 1)
      throw new BrokenRule(7, `${toolCallId} ran and has ${results.length} results in the history`);
  }
  const hasEmpty = history.some(
    (line) => line.role !== "tool" && line.text === "" && !(line.role === "agent" && line.toolCalls),
  );
  if (hasEmpty) throw new BrokenRule(5, "a message without a word stayed in the history");
}

/** Rule 6: a call ends for the reason for which it was closed, and only a caller who speaks up opens it again. */
export function checkPhase(before: Phase, after: Phase, event: ConversationEvent): void {
  if (before.name !== "closing") return;
  if (after.name === "open" && before.reason === "max-duration") throw new BrokenRule(6, "a call out of time went on");
  if (after.name === "open" && before.isForGood) throw new BrokenRule(6, "last words were put off");
  if (after.name === "open" && before.reason === "api-request") throw new BrokenRule(6, "an ordered end was put off");
  const isOrdered = event.type === "end-requested" || (event.type === "say-requested" && event.endAfter);
  const isForced =
    isOrdered || event.type === "leg-closed" || event.type === "call-ended" || event.type === "transfer-finished";
  if ("reason" in after && after.reason !== before.reason && !isForced)
    throw new BrokenRule(6, `closed for ${before.reason}, ended for ${after.reason}`);
}

/** Rule 4: nobody takes the floor from the agent but by an interruption, where interruptions are on, or by an order. */
export function checkCancel(
  reply: SpokenReply,
  before: Conversation,
  now: Conversation,
  event: ConversationEvent,
): void {
  if (now.phase.name === "ended") return;
  if (event.type === "say-requested") return checkOverruled(reply, before, event);
  if (now.farEnd?.who === "machine" && before.farEnd?.who === "unknown") return checkHushed(reply, event);
  if (event.type === "agent-muted") {
    if (before.isMuted) throw new BrokenRule(4, `${reply.id} was stopped by a mute that is on already`);
    return;
  }
  // The key that it asks for answers it.
  if (reply.purpose === "consent" && event.type === "digit-pressed") return;
  if (reply.state === "talking" && !now.rules.bargeIn.isEnabled)
    throw new BrokenRule(4, `${reply.id} was stopped though interruptions are off`);
  checkLastWords(reply, now.phase);
  const isTranscript = event.type === "transcript-partial" || event.type === "transcript-final";
  if (reply.state === "talking" && isTranscript && event.text === "mm-hmm")
    throw new BrokenRule(4, `${reply.id} was stopped by "mm-hmm"`);
}

function checkLastWords({ id }: SpokenReply, phase: Phase): void {
  if (phase.name !== "closing") return;
  if (phase.reason === "api-request") throw new BrokenRule(4, `${id} was stopped though the call ends with it`);
  if (phase.isForGood) throw new BrokenRule(4, `${id} was stopped though they are the last words`);
  if (phase.reason === "max-duration") throw new BrokenRule(4, `${id} was stopped though the call is out of time`);
}

/** A machine has picked up: nothing need be said to it, but what somebody wants said. */
function checkHushed(reply: SpokenReply, { type }: ConversationEvent): void {
  if (reply.purpose === "announcement" && type === "tone-heard")
    throw new BrokenRule(4, `${reply.id} is an order and was stopped`);
}

function checkOverruled(reply: SpokenReply, before: Conversation, order: Fact & { type: "say-requested" }): void {
  if (before.phase.name === "closing") throw new BrokenRule(4, `${reply.id} is a goodbye and was stopped`);
  if (reply.purpose === "announcement") throw new BrokenRule(4, `${reply.id} was stopped by the announcement after it`);
  if (order.text.trim() === "" && !order.endAfter) throw new BrokenRule(4, `${reply.id} was stopped by no words`);
}

/** Rule 6: an answer waits until the caller's turn is over. */
export function checkTurn(now: Conversation, event: ConversationEvent, awaited: readonly number[]): void {
  const last = now.history.at(-2);
  if (last?.role !== "caller" || last.atMs !== event.atMs) return;
  const { givenUp } = now.caller;
  if (awaited.some((utteranceId) => utteranceId > givenUp && !isAnswered(now, utteranceId)))
    throw new BrokenRule(6, "answered while words were still to come");
  // A key that answers for the recording is whole by itself, and what was owed goes on at once.
  if (now.consent !== undefined && /^pressed .$/.test(last.text)) return;
  const silenceMs = event.atMs - now.caller.lastSampleAtMs;
  if (silenceMs < neededSilenceMs(now, event) && !last.text.includes("#"))
    throw new BrokenRule(6, `answered after ${silenceMs} ms of silence`);
}

/** A realtime model has its own opinion of turns; it is asked for an answer when it has had time to give one. */
function neededSilenceMs(now: Conversation, event: ConversationEvent): number {
  if (now.realtime === undefined) return now.rules.endOfTurn.minMs;
  // Late words of a turn whose answer has failed: it is answered once more at once.
  if (event.type === "transcript-final" && isAnswered(now, event.utteranceId)) return 0;
  return event.type === "timer-fired" || event.type === "transcript-final" ? OFFER_LIMIT_MS : 0;
}

/** "Uh-huh" is for people who go on talking to an agent that may speak, in their pauses. */
export function checkBackchannel(
  text: string,
  {
    before,
    now,
    nowMs,
    isSomebodyTalking,
  }: {
    before: Conversation;
    now: Conversation;
    nowMs: number;
    isSomebodyTalking: boolean;
  },
): void {
  const { rules, phase, isMuted, leg, farEnd, caller } = now;
  const sinceMs = nowMs - Math.max(caller.turnStartedAtMs, before.caller.backchannelAtMs);
  if (sinceMs < rules.backchannel.everyMs) throw new BrokenRule(4, `"${text}" comes ${sinceMs} ms after the last`);
  if (isSomebodyTalking) throw new BrokenRule(4, `"${text}" was said over somebody`);
  if (!rules.backchannel.isEnabled) throw new BrokenRule(4, `"${text}" was said by an agent that says no such thing`);
  if (phase.name !== "open" || isMuted || leg === "lost") throw new BrokenRule(4, `"${text}" was said to nobody`);
  if (farEnd?.who === "machine") throw new BrokenRule(4, `"${text}" was said to a machine`);
  if ((caller.judgement?.finished ?? 1) >= 0.5) throw new BrokenRule(4, "somebody had finished");
}

/** It matters what a sound was only to a reply that waits for it, or was stopped by it. */
export function checkOpenSound({ agent, owed }: Conversation): void {
  if (agent.state === "idle" && owed.remainder === "")
    throw new BrokenRule(4, "waits for the words of a sound over nobody");
}
