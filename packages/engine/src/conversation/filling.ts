/** Rule 6, for the ear: a caller who waits for a slow model hears that somebody is there. */

import { type AgentFloor, type Conversation, findOpenReply } from "./conversation.ts";
import { type Step, stay, step } from "./step.ts";
import { setTimer } from "./timers.ts";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";

const MOST_FILLS = 2;
/** Between the end of one and the next, ms. */
const AGAIN_AFTER_MS = 5_000;

export function fillPause(now: Conversation): Step {
  const { agent } = now;
  const reply = agent.state === "preparing" || agent.state === "talking" ? agent.reply : undefined;
  const { fillers } = findVocabulary(now.rules.language);
  const fills = reply?.fills ?? 0;
  const text = fillers[(now.count.replies + fills) % Math.max(1, fillers.length)];
  if (!reply || reply.hasText || reply.isDucked || text === undefined) return stay(now);
  const filled = { ...agent, reply: { ...reply, fills: fills + 1 } } as AgentFloor;
  return step({ ...now, agent: filled }, { type: "fill-pause", replyId: reply.id, text });
}

/** Some words of a filler were heard: if no others follow, there is another one. */
export function fillAgain(now: Conversation, replyId: string): Step {
  const reply = findOpenReply(now, replyId);
  const fills = reply?.fills ?? MOST_FILLS;
  const isWaiting = now.timers["fill-pause"] !== undefined;
  if (!reply || reply.hasText || fills >= MOST_FILLS || isWaiting) return stay(now);
  return setTimer(now, "fill-pause", AGAIN_AFTER_MS);
}
