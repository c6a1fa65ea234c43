/**
 * A model that hears and speaks by itself offers its replies; who has the floor is decided here all the same:
 *
 *   the caller's turn ends --reply-offered--> offered --the floor is free--> start-reply
 *              |                                 '--somebody else has it, or wants it--> decline-offer
 *              '--no offer in time--> start-reply, which asks the model for one
 */

import { falseInterruption } from "./barge-in.ts";
import { type Conversation, NOTHING_OWED } from "./conversation.ts";
import { isReopened } from "./ending.ts";
import type { RealtimeFloor } from "./realtime-floor.ts";
import { owe } from "./replying.ts";
import type { Rules } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { isWaitingForTool } from "./tool-wait.ts";

/** How long the model may take to answer by itself before it is asked to, ms. */
export const OFFER_LIMIT_MS = 1_500;

export function meetRealtime({ isRealtime }: Rules): { realtime?: RealtimeFloor } {
  return isRealtime ? { realtime: { answeredUpTo: 0, answeredBy: "" } } : {};
}

/** The newest offer is the one that answers all that was said. */
export function replyOffered(now: Conversation, offerId: string): Step {
  return andThen(declineOffer(now), (next) =>
    stay(next.realtime === undefined ? next : { ...next, realtime: { ...next.realtime, offerId } }),
  );
}

/** Runs after the next move: an offer doesn't outlive the moment that it is for. */
export function reviewOffer(now: Conversation): Step {
  return canWait(now) ? stay(now) : declineOffer(now);
}

export function declineOffer(now: Conversation): Step {
  if (now.realtime?.offerId === undefined) return stay(now);
  const { offerId, ...realtime } = now.realtime;
  return step({ ...now, realtime }, { type: "decline-offer", offerId });
}

/** The offer that may be taken up, now that the floor is free. Who picks up a phone is known by words alone. */
export function findOffer(now: Conversation): string | undefined {
  const { realtime, farEnd, caller } = now;
  if (farEnd?.who === "unknown" && caller.awaited.length > 0) return undefined;
  return canWait(now) ? realtime?.offerId : undefined;
}

/** Words whose answer has begun before they were known: they stand before it. */
export function rememberAnswered(now: Conversation, text: string, atMs: number): Conversation {
  const { history, realtime } = now;
  if (text === "") return now;
  const index = history.findIndex(({ replyId }) => replyId === realtime?.answeredBy);
  return { ...now, history: history.toSpliced(index < 0 ? history.length : index, 0, { role: "caller", text, atMs }) };
}

export function isAnswered({ realtime }: Conversation, utteranceId: number): boolean {
  return realtime !== undefined && utteranceId <= realtime.answeredUpTo;
}

/** Words are still to come that an answer waits for. */
export function awaitsWords(now: Conversation): boolean {
  return now.caller.awaited.some((utteranceId) => utteranceId > now.caller.givenUp && !isAnswered(now, utteranceId));
}

/** The pipeline hears and speaks from now on; what was being said is lost to it, and may go on. */
export function realtimeFailed(now: Conversation, atMs: number): Step {
  const { realtime, ...piped } = now;
  if (realtime === undefined) return stay(now);
  const { caller } = now;
  const isUnheard = caller.state === "talking" || hasUnknownWords(now);
  const lastSampleAtMs = caller.state === "talking" ? atMs : caller.lastSampleAtMs;
  const unknown = { state: "quiet", awaited: [], partial: "", probable: "" } as const;
  const deaf: Conversation = { ...piped, caller: { ...caller, ...unknown, lastSampleAtMs } };
  const sorry = isUnheard ? owe(deaf, { ...NOTHING_OWED, apology: true }) : deaf;
  const timers = ["false-interruption", "barge-in", "silence"] as const;
  const waiting = timers.reduce((step, timer) => andThen(step, (next) => clearTimer(next, timer)), stay(sorry));
  const listening = andThen(waiting, falseInterruption);
  const leftMs = now.rules.endOfTurn.minMs - (atMs - lastSampleAtMs);
  return andThen(listening, (next) =>
    leftMs > 0 ? setTimer(next, "end-of-turn", leftMs) : clearTimer(next, "end-of-turn"),
  );
}

function canWait(now: Conversation): boolean {
  const { agent, caller, phase, farEnd } = now;
  if (now.isMuted || now.transfer !== undefined || now.leg === "lost") return false;
  if (phase.name !== "open" && !isReopened(now)) return false;
  if (caller.state === "talking" || farEnd?.who === "machine") return false;
  if (isWaitingForTool(now) && !hasSaidMore(now)) return false;
  const hasFloor = agent.state === "preparing" || agent.state === "talking";
  return !hasFloor || agent.reply.isDucked === true;
}

function hasSaidMore(now: Conversation): boolean {
  return now.caller.words !== "" || hasUnknownWords(now);
}

function hasUnknownWords(now: Conversation): boolean {
  return now.caller.awaited.some((utteranceId) => !isAnswered(now, utteranceId));
}
