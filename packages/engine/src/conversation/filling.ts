/** Rule 6, for the ear: whoever waits and hears nothing of the agent hears that somebody is there. */

import { type AgentFloor, type Conversation, findOpenReply, type OpenReply } from "./conversation.ts";
import type { Fact } from "./event.ts";
import { awaitsWords } from "./realtime.ts";
import { type Step, stay, step } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { isWaitingForTool } from "./tool-wait.ts";
import { findFillers } from "./waiting-words.ts";

/** The first bridge of a reply is words, and the fourth; the others are a sound. */
const WORDS_EVERY = 3;
const MOST_WORDS = 2;

/** Runs after every fact. The time goes on where a reply fails and is tried again, or waits for a tool. */
export function reviewDeadAir(now: Conversation, atMs: number): Step {
  if (!isDeadAir(now)) return clearTimer(now, "fill-pause");
  if (now.timers["fill-pause"] !== undefined) return stay(now);
  return setTimer(now, "fill-pause", now.rules.fillPauseAfterMs - (atMs - quietSince(now, atMs)));
}

/** Nothing was heard for too long. */
export function bridgeDeadAir(now: Conversation, atMs: number): Step {
  const { agent } = now;
  if (agent.state === "idle") return step(now, { type: "play-sound" });
  const text = nextFiller(now);
  const bridged = { ...now, agent: { ...agent, reply: withBridge(agent.reply, atMs) } };
  if (text === undefined) return step(bridged, { type: "play-sound" });
  return step(bridged, { type: "fill-pause", replyId: agent.reply.id, text });
}

function withBridge(reply: OpenReply, atMs: number): OpenReply {
  const { bridges = 0, quietSinceMs } = reply;
  return { ...reply, bridges: bridges + 1, ...(quietSinceMs === undefined ? {} : { quietSinceMs: atMs }) };
}

/** What would be said now if nothing were heard for too long; undefined: a sound is enough, or all there is. */
export function nextFiller({ agent, rules, count }: Conversation): string | undefined {
  if (agent.state === "idle" || agent.reply.say !== undefined || rules.fillPauseAfterMs === 0) return undefined;
  const { bridges = 0 } = agent.reply;
  const said = bridges / WORDS_EVERY;
  const fillers = findFillers(rules.language);
  const isDue = Number.isInteger(said) && said < MOST_WORDS;
  return isDue ? fillers[(count.replies + said) % Math.max(1, fillers.length)] : undefined;
}

/** All that there is of a reply has been played, and it isn't over. */
export function replyWentQuiet(now: Conversation, fact: Fact & { type: "reply-went-quiet" }): Step {
  return stay(changeTalking(now, fact.replyId, (reply) => ({ ...reply, quietSinceMs: fact.sinceMs })));
}

export function replyWentOn(now: Conversation, replyId: string): Step {
  return stay(changeTalking(now, replyId, ({ quietSinceMs: _, ...reply }) => reply));
}

function changeTalking(now: Conversation, replyId: string, change: (reply: OpenReply) => OpenReply): Conversation {
  const reply = findOpenReply(now, replyId);
  if (!reply || now.agent.state !== "talking") return now;
  return { ...now, agent: { state: "talking", reply: change(reply) } };
}

/** Somebody waits for the agent, could hear it, and doesn't. */
function isDeadAir(now: Conversation): boolean {
  const { agent, caller, leg, rules } = now;
  if (now.phase.name === "waiting" || now.phase.name === "ended" || rules.fillPauseAfterMs === 0) return false;
  if (leg === "lost" || caller.state === "talking") return false;
  return agent.state === "idle" ? isWaiting(now) : isSilent(agent);
}

function isSilent(agent: AgentFloor & { reply: OpenReply }): boolean {
  if (agent.state === "stopping" || agent.reply.isDucked) return false;
  return agent.state === "preparing" || agent.reply.quietSinceMs !== undefined;
}

/** With both floors free: for a tool, or for the recogniser. */
function isWaiting(now: Conversation): boolean {
  const { awaited, words } = now.caller;
  if (now.phase.name !== "open" || now.isMuted || now.farEnd?.who === "machine" || now.transfer) return false;
  const isUnheard = awaitsWords(now);
  // Whoever waits for the offer of a realtime model has finished, unless it is with digits.
  if (now.realtime && (isUnheard || (words !== "" && !words.includes("pressed ")))) return true;
  if (now.timers["end-of-turn"] === undefined) return isWaitingForTool(now) || isUnheard;
  // Nothing of a turn is open, and the agent owes something: a model that heard the caller has just failed.
  return words === "" && awaited.length === 0 && (now.owed.answer || now.owed.apology);
}

function quietSince({ agent, caller }: Conversation, atMs: number): number {
  const quietSinceMs = agent.state === "talking" ? agent.reply.quietSinceMs : undefined;
  return quietSinceMs === undefined ? atMs : Math.max(quietSinceMs, caller.lastSampleAtMs);
}
