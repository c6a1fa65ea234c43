/**
 * The caller makes a sound over the agent. First the agent lowers its voice, or holds back what it was about to say;
 * then it becomes clear what the sound was:
 *
 *   sound --> ducked --words that want the floor, or a long sound--> stopped
 *               '-----a cough, "mm-hmm", nothing------> as loud as before, from the same word
 */

import type { CallerFloor, Conversation, OpenReply } from "./conversation.ts";
import { isReopened, reopen } from "./ending.ts";
import { canBeStopped, stopReply } from "./replying.ts";
import type { Rules } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";
import { countWords, isBackchannel, isCommand } from "./words.ts";

/** A listener's "mm-hmm" that goes on for this long is none, ms. */
const LONGEST_BACKCHANNEL_MS = 2_500;
/** The first words of a sound are often wrong: those by which nobody takes the floor need more speech, ms. */
const DOUBTFUL_WORDS_MS = 200;
/** An agent that wants more speech than this before it stops does not stop for "wait" either, ms. */
const COMMANDS_UP_TO_MS = 1_000;

/** The caller begins to speak while the agent has the floor. */
export function talkOver(now: Conversation, atMs: number): Step {
  if (now.agent.state !== "preparing" && now.agent.state !== "talking") return stay(now);
  if (!canBeStopped(now)) return stay(now);
  return andThen(duck(now, now.agent.reply), (next) => judgeInterruption(next, atMs));
}

/** The sound is over; what it was is known when its words come, or don't. */
export function settleInterruption(now: Conversation): Step {
  return andThen(clearTimer(now, "barge-in"), (next) => {
    if (!isUndecided(next)) return stay(next);
    return setTimer(next, "false-interruption", next.rules.bargeIn.falseInterruptionMs);
  });
}

/** Decides as soon as it can: called whenever more is known of the sound, or it has lasted longer. */
export function judgeInterruption(now: Conversation, atMs: number): Step {
  const { agent, caller } = now;
  if (!isWaiting(now)) return stay(now);
  if (!canBeStopped(now)) return unduck(now);
  const verdict = agent.state === "preparing" ? judgeBeforeFirstSound(caller) : judgeOverAgent(now, atMs);
  if (verdict === "interruption") return bargeIn(now);
  if (verdict === "none") return unduck(now);
  return verdict === "open" ? stay(now) : setTimer(now, "barge-in", verdict.lookAgainMs);
}

/** The words of an earlier sound come while the next one is under way. */
export function judgeEarlierWords(now: Conversation, text: string): Step {
  if (!isWaiting(now) || !canBeStopped(now)) return stay(now);
  const isEnough = countWords(text) >= Math.max(1, now.rules.bargeIn.minWords);
  return isEnough && !isBackchannel(text, findVocabulary(now.rules.language)) ? bargeIn(now) : stay(now);
}

/** No words came of it: the agent goes on where it was. */
export function falseInterruption(now: Conversation): Step {
  const givenUp: Conversation = { ...now, caller: { ...now.caller, givenUp: now.caller.utteranceId } };
  return unduck(givenUp);
}

/** Whether it matters what a sound was: a reply waits for it, or was stopped by it. */
function isUndecided(now: Conversation): boolean {
  return isWaiting(now) || now.agent.state === "stopping" || now.owed.remainder !== "";
}

/** The agent is low, or holds back its first sound. */
function isWaiting(now: Conversation): now is Conversation & { agent: { state: "preparing" | "talking" } } {
  const { agent } = now;
  return (agent.state === "preparing" || agent.state === "talking") && agent.reply.isDucked === true;
}

function bargeIn(now: Conversation): Step {
  const open = isReopened(now) ? clearTimer(reopen(now), "closing") : stay(now);
  return andThen(open, (next) => andThen(clearTimer(next, "false-interruption"), stopReply));
}

function duck(now: Conversation, reply: OpenReply): Step {
  if (now.agent.state === "idle" || reply.isDucked) return stay(now);
  const ducked: Conversation = { ...now, agent: { ...now.agent, reply: { ...reply, isDucked: true } } };
  return step(ducked, { type: "duck-reply", replyId: reply.id });
}

function unduck(now: Conversation): Step {
  if (!isWaiting(now)) return stay(now);
  const { isDucked: _, ...reply } = now.agent.reply;
  const loud: Conversation = { ...now, agent: { ...now.agent, reply } };
  return andThen(clearTimer(loud, "false-interruption"), (next) =>
    andThen(clearTimer(next, "barge-in"), (free) => step(free, { type: "unduck-reply", replyId: reply.id })),
  );
}

type Verdict = "interruption" | "none" | "open" | { readonly lookAgainMs: number };

function judgeOverAgent({ caller, rules }: Conversation, atMs: number): Verdict {
  const isOver = caller.state === "quiet";
  const speechMs = (isOver ? caller.lastSampleAtMs : atMs) - caller.firstSampleAtMs;
  if (caller.partial !== "") return judgeWordsOverAgent(caller.partial, { speechMs, isOver, rules });
  if (isOver) return isAwaited(caller) ? "open" : "none";
  const { minSpeechMs, minWords, maxUndecidedMs } = rules.bargeIn;
  return minWords > 0 ? "open" : whileLonger(speechMs, minSpeechMs + maxUndecidedMs);
}

function judgeWordsOverAgent(text: string, sound: { speechMs: number; isOver: boolean; rules: Rules }): Verdict {
  const { speechMs, isOver, rules } = sound;
  const { minSpeechMs, minWords } = rules.bargeIn;
  const vocabulary = findVocabulary(rules.language);
  if (isBackchannel(text, vocabulary)) return isOver ? "none" : whileLonger(speechMs, LONGEST_BACKCHANNEL_MS);
  if (isCommand(text, vocabulary) && minSpeechMs <= COMMANDS_UP_TO_MS) return "interruption";
  if (countWords(text) < minWords) return isOver ? "none" : "open";
  if (isOver) return speechMs < minSpeechMs ? "none" : "interruption";
  return whileLonger(speechMs, minSpeechMs === 0 ? 0 : minSpeechMs + DOUBTFUL_WORDS_MS);
}

/** Nothing was heard yet: whoever has words to say goes first. */
function judgeBeforeFirstSound(caller: CallerFloor): Verdict {
  if (caller.partial !== "") return "interruption";
  return caller.state === "quiet" && !isAwaited(caller) ? "none" : "open";
}

function isAwaited({ awaited, utteranceId }: CallerFloor): boolean {
  return awaited.includes(utteranceId);
}

function whileLonger(speechMs: number, limitMs: number): Verdict {
  return speechMs >= limitMs ? "interruption" : { lookAgainMs: limitMs - speechMs };
}
