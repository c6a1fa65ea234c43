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
import type { ReplyPurpose } from "./effect.ts";
import { endCall } from "./ending.ts";
import type { Fact } from "./event.ts";
import { heardText, settleMessage, unheardText } from "./heard.ts";
import { MAX_FAILURES } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearTimer } from "./timers.ts";
import { joinWords } from "./words.ts";

/**
 * Gives the agent the floor. `say` is spoken as it is; without it the language model is asked. What was owed is settled
 * by it, but not by an announcement or a filler.
 */
export function startReply(now: Conversation, options: { purpose: ReplyPurpose; say?: string; atMs: number }): Step {
  const id = `reply-${now.count.replies + 1}`;
  const { purpose, atMs } = options;
  const say = options.say === undefined ? {} : { say: options.say };
  const mark = markOf(purpose);
  const next: Conversation = {
    ...now,
    agent: { state: "preparing", reply: { id, purpose, ...say, text: "" } },
    history: [...now.history, { role: "agent", text: "", replyId: id, ...mark, atMs }],
    owed: owedBehind(now.owed, purpose),
    count: { ...now.count, replies: now.count.replies + 1 },
  };
  return andThen(clearTimer(next, "silence"), (quiet) =>
    step(quiet, { type: "start-reply", replyId: id, purpose, ...say }),
  );
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

export function replySentence(now: Conversation, replyId: string, text: string): Step {
  const reply = findOpenReply(now, replyId);
  if (!reply || now.agent.state === "idle") return stay(now);
  return stay({ ...now, agent: { ...now.agent, reply: { ...reply, text: joinWords(reply.text, text) } } });
}

export function replyAudioStarted(now: Conversation, replyId: string): Step {
  if (now.agent.state !== "preparing" || now.agent.reply.id !== replyId) return stay(now);
  return stay({ ...now, agent: { ...now.agent, state: "talking" } });
}

export function replyEnded(now: Conversation, replyId: string): Step {
  const reply = findOpenReply(now, replyId);
  if (!reply) return stay(now);
  return clearTimer({ ...freeFloor(settleMessage(now, reply)), count: { ...now.count, failures: 0 } }, "barge-in");
}

export function replyCancelled(now: Conversation, replyId: string): Step {
  const reply = findOpenReply(now, replyId);
  if (!reply) return stay(now);
  return stay(owe(freeFloor(settleMessage(now, reply)), owedAfterCut(now, reply)));
}

/** Tried once more if nothing was heard of it; then the caller is asked to say it again; then the call is given up. */
export function replyFailed(now: Conversation, fact: Fact & { type: "reply-failed" }, atMs: number): Step {
  const reply = findOpenReply(now, fact.replyId);
  if (!reply) return stay(now);
  const failures = now.count.failures + 1;
  const settled: Conversation = { ...freeFloor(settleMessage(now, reply)), count: { ...now.count, failures } };
  const isRetried = fact.isRetryable && failures === 1 && heardText(now, reply.id) === "";
  const isExpendable = reply.purpose === "filler";
  return andThen(clearTimer(settled, "barge-in"), (free) => {
    if (free.phase.name !== "open") return stay(free);
    if (failures >= MAX_FAILURES) return endCall(free, "provider-failure", atMs);
    if (isRetried || isExpendable || now.agent.state === "stopping") return stay(owe(free, owedAfterCut(now, reply)));
    return stay(owe(free, { ...NOTHING_OWED, apology: true }));
  });
}

export function owe(now: Conversation, more: Owed): Conversation {
  return {
    ...now,
    owed: {
      announcement: joinWords(now.owed.announcement, more.announcement),
      answer: now.owed.answer || more.answer,
      greeting: now.owed.greeting || more.greeting,
      apology: now.owed.apology || more.apology,
      remainder: joinWords(now.owed.remainder, more.remainder),
    },
  };
}

function markOf(purpose: ReplyPurpose): Pick<Utterance, "isAnnouncement" | "isFiller"> {
  if (purpose === "announcement") return { isAnnouncement: true };
  return purpose === "filler" ? { isFiller: true } : {};
}

function owedBehind(owed: Owed, purpose: ReplyPurpose): Owed {
  if (purpose === "filler") return owed;
  return purpose === "announcement" ? { ...owed, announcement: "" } : NOTHING_OWED;
}

function freeFloor(now: Conversation): Conversation {
  return { ...now, agent: { state: "idle" } };
}

function owedAfterCut(now: Conversation, reply: OpenReply): Owed {
  const wasHeard = heardText(now, reply.id) !== "";
  if (reply.isOverruled) return owedAfterOrder(reply, wasHeard);
  switch (reply.purpose) {
    case "answer":
      return wasHeard ? { ...NOTHING_OWED, remainder: unheardText(now, reply) } : { ...NOTHING_OWED, answer: true };
    case "greeting":
      if (!wasHeard && reply.say === undefined) return { ...NOTHING_OWED, greeting: true };
      return { ...NOTHING_OWED, remainder: unheardText(now, reply) };
    case "resume":
      return { ...NOTHING_OWED, remainder: unheardText(now, reply) };
    case "announcement":
      if (!wasHeard && reply.say !== undefined) return { ...NOTHING_OWED, announcement: reply.say };
      return { ...NOTHING_OWED, remainder: unheardText(now, reply) };
    case "reminder":
    case "apology":
    case "goodbye":
    case "filler":
      return NOTHING_OWED;
  }
}

/** Whoever waits for an answer still gets one; words that were cut off are gone. */
function owedAfterOrder({ purpose, say }: OpenReply, wasHeard: boolean): Owed {
  return {
    ...NOTHING_OWED,
    answer: purpose === "answer" && !wasHeard,
    apology: purpose === "apology" && !wasHeard,
    greeting: purpose === "greeting" && !wasHeard && say === undefined,
  };
}
