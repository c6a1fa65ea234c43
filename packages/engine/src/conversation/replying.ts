/** Rule 4: one reply at a time, and each comes to one end. */

import {
  type AgentFloor,
  type Conversation,
  findOpenReply,
  NOTHING_OWED,
  type OpenReply,
  type Owed,
  type Utterance,
} from "./conversation.ts";
import type { Effect, ReplyPurpose } from "./effect.ts";
import { beginClosing, isClosingForGood } from "./ending.ts";
import type { Fact } from "./event.ts";
import { ownWordsHeard, settleMessage, unheardText, withFiller } from "./heard.ts";
import { MAX_FAILURES } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearTimer } from "./timers.ts";
import { joinWords } from "./words.ts";

/**
 * Gives the agent the floor. `say` is spoken as it is; without it the language model is asked, unless a realtime model has
 * begun by itself. What was owed is settled by it, but not by an announcement or a filler.
 */
export function startReply(
  now: Conversation,
  options: { purpose: ReplyPurpose; say?: string; offerId?: string; atMs: number },
): Step {
  const { purpose, say, offerId, atMs } = options;
  const spoken = say === undefined ? {} : { say };
  const drafted = say === undefined && purpose === "answer" ? now.draft?.reply : undefined;
  const reply: OpenReply = drafted ?? { id: `reply-${now.count.replies + 1}`, purpose, ...spoken, text: "" };
  const mark = markOf(purpose);
  const next: Conversation = {
    ...now,
    agent: { state: "preparing", reply },
    draft: drafted ? undefined : now.draft,
    ...answerRealtime(now, reply.id, offerId),
    history: [...now.history, { role: "agent", text: "", replyId: reply.id, ...mark, atMs }],
    owed: owedAfter(now.owed, purpose),
    count: { ...now.count, replies: now.count.replies + (drafted ? 0 : 1) },
  };
  const { failures } = now.count;
  const order: Effect = {
    type: "start-reply",
    replyId: reply.id,
    purpose,
    ...spoken,
    ...(drafted ? { isDrafted: true } : {}),
    ...(offerId === undefined ? {} : { offerId }),
    ...(failures > 0 ? { attempt: failures + 1 } : {}),
  };
  return andThen(clearTimer(next, "silence"), (quiet) => step(quiet, order));
}

/** An offer answers all that was said, known or not; what takes its place, when nothing of it is heard, does so too. */
function answerRealtime(
  { realtime, caller, history }: Conversation,
  replyId: string,
  offerId: string | undefined,
): Pick<Conversation, "realtime"> {
  if (realtime === undefined) return {};
  if (offerId !== undefined) return { realtime: { answeredUpTo: caller.utteranceId, answeredBy: replyId } };
  const isStanding = history.some((said) => said.replyId === realtime.answeredBy);
  return isStanding ? {} : { realtime: { ...realtime, answeredBy: replyId } };
}

/** A reply settles what was owed; an announcement, or a warning, settles itself alone. */
function owedAfter(owed: Owed, purpose: ReplyPurpose): Owed {
  if (purpose === "announcement") return { ...owed, announcement: "" };
  if (purpose === "filler" || purpose === "consent") return owed;
  if (purpose === "warning") return { ...owed, warning: "" };
  if (purpose === "greeting") return { ...NOTHING_OWED, answer: owed.answer, line: owed.line, warning: owed.warning };
  return { ...NOTHING_OWED, warning: owed.warning };
}

/** Interruptions are on, or nothing was heard yet; and it is no goodbye that must be said. */
export function canBeStopped(now: Conversation): boolean {
  if (isClosingForGood(now)) return false;
  return now.rules.bargeIn.isEnabled || now.agent.state === "preparing";
}

/** Takes the floor from the agent; the reply is over when `reply-cancelled` comes. */
export function stopReply(now: Conversation): Step {
  const { agent } = now;
  if (agent.state !== "preparing" && agent.state !== "talking") return stay(now);
  const next: Conversation = { ...now, agent: { state: "stopping", reply: agent.reply } };
  return andThen(clearTimer(next, "barge-in"), (cleared) =>
    step(cleared, { type: "cancel-reply", replyId: agent.reply.id }),
  );
}

/** Takes the floor from the agent for good: what was not heard of the reply, or is left of an earlier one, is not said later. */
export function overruleReply(now: Conversation): Step {
  const { agent } = now;
  const overruled: AgentFloor =
    agent.state === "idle" ? agent : { ...agent, reply: { ...agent.reply, isOverruled: true } };
  return stopReply({ ...now, agent: overruled, owed: { ...now.owed, remainder: "" } });
}

export function replySentence(now: Conversation, fact: Fact & { type: "reply-sentence" }): Step {
  const { replyId, text, isFiller } = fact;
  return stay(
    changeReply(now, replyId, (reply) =>
      isFiller ? withFiller(now, reply, text) : { ...reply, hasText: true, text: joinWords(reply.text, text) },
    ),
  );
}

/** Changes a reply that holds the floor, or is a draft. */
function changeReply(now: Conversation, replyId: string, change: (reply: OpenReply) => OpenReply): Conversation {
  if (now.draft?.reply.id === replyId) return { ...now, draft: { ...now.draft, reply: change(now.draft.reply) } };
  if (now.agent.state === "idle" || now.agent.reply.id !== replyId) return now;
  return { ...now, agent: { ...now.agent, reply: change(now.agent.reply) } };
}

export function replyAudioStarted(now: Conversation, replyId: string): Step {
  if (now.agent.state !== "preparing" || now.agent.reply.id !== replyId) return stay(now);
  return stay({ ...now, agent: { ...now.agent, state: "talking" } });
}

export function replyEnded(now: Conversation, replyId: string): Step {
  const reply = findOpenReply(now, replyId);
  if (!reply) return stay(now);
  // A model that works again is one that has answered: an apology proves nothing.
  const failures = reply.say === undefined ? 0 : now.count.failures;
  return clearTimer({ ...freeFloor(settleMessage(now, reply)), count: { ...now.count, failures } }, "barge-in");
}

export function replyCancelled(now: Conversation, replyId: string): Step {
  const reply = findOpenReply(now, replyId);
  if (!reply) return stay(now);
  return stay(owe(freeFloor(settleMessage(now, reply)), owedAfterCut(now, reply)));
}

/** Tried once more if nothing was heard of it; then the caller is asked to say it again; then the call is given up. */
export function replyFailed(now: Conversation, fact: Fact & { type: "reply-failed" }): Step {
  const reply = findOpenReply(now, fact.replyId);
  if (!reply) return stay(now);
  const failures = now.count.failures + 1;
  const settled: Conversation = { ...freeFloor(settleMessage(now, reply)), count: { ...now.count, failures } };
  const isRetried = fact.isRetryable && failures === 1 && !wasAnswered(now, reply);
  return andThen(clearTimer(settled, "barge-in"), (free) => {
    if (free.phase.name !== "open") return stay(free);
    if (failures >= MAX_FAILURES)
      return beginClosing(free, { reason: "provider-failure", goodbye: free.rules.failureGoodbye });
    if (isRetried || reply.purpose === "filler" || now.agent.state === "stopping")
      return stay(owe(free, owedAfterCut(now, reply)));
    return stay(owe(free, { ...NOTHING_OWED, apology: true }));
  });
}

export function owe(now: Conversation, more: Owed): Conversation {
  return {
    ...now,
    owed: {
      announcement: joinWords(now.owed.announcement, more.announcement),
      line: joinWords(now.owed.line, more.line),
      answer: now.owed.answer || more.answer,
      greeting: now.owed.greeting || more.greeting,
      apology: now.owed.apology || more.apology,
      remainder: joinWords(now.owed.remainder, more.remainder),
      warning: joinWords(now.owed.warning, more.warning),
    },
  };
}

function markOf(purpose: ReplyPurpose): Pick<Utterance, "isAnnouncement" | "isFiller"> {
  if (purpose === "announcement") return { isAnnouncement: true };
  return purpose === "filler" ? { isFiller: true } : {};
}

function freeFloor(now: Conversation): Conversation {
  return { ...now, agent: { state: "idle" } };
}

function owedAfterCut(now: Conversation, reply: OpenReply): Owed {
  const wasHeard = wasAnswered(now, reply);
  if (reply.isOverruled) return owedAfterOrder(reply, wasHeard);
  switch (reply.purpose) {
    case "answer":
      return wasHeard ? { ...NOTHING_OWED, remainder: unheardText(now, reply) } : { ...NOTHING_OWED, answer: true };
    case "greeting":
      if (!wasHeard && reply.say === undefined) return { ...NOTHING_OWED, greeting: true };
      return { ...NOTHING_OWED, remainder: unheardText(now, reply) };
    case "resume":
      return { ...NOTHING_OWED, remainder: unheardText(now, reply) };
    case "line":
      return { ...NOTHING_OWED, [wasHeard ? "remainder" : "line"]: unheardText(now, reply) };
    case "announcement":
      if (!wasHeard && reply.say !== undefined) return { ...NOTHING_OWED, announcement: reply.say };
      return { ...NOTHING_OWED, remainder: unheardText(now, reply) };
    case "warning":
      return wasHeard ? NOTHING_OWED : { ...NOTHING_OWED, warning: reply.say ?? "" };
    case "reminder":
    case "apology":
    case "goodbye":
    case "filler":
    case "consent":
      return NOTHING_OWED;
  }
}

/** Something was heard of it, besides "one moment". */
function wasAnswered(now: Conversation, reply: OpenReply): boolean {
  return ownWordsHeard(now, reply) > 0;
}

/** Whoever waits for an answer still gets one; words that were cut off are gone. */
function owedAfterOrder({ purpose, say }: OpenReply, wasHeard: boolean): Owed {
  return {
    ...NOTHING_OWED,
    line: purpose === "line" && !wasHeard ? (say ?? "") : "",
    answer: purpose === "answer" && !wasHeard,
    apology: purpose === "apology" && !wasHeard,
    greeting: purpose === "greeting" && !wasHeard && say === undefined,
  };
}
