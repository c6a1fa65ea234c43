/**
 * The caller makes a sound over the agent. First the agent lowers its voice, or holds back what it was about to say;
 * then it becomes clear what the sound was:
 *
 *   sound --> ducked --words that want the floor, or a long sound--> stopped
 *               '-----a cough, "mm-hmm", nothing------> as loud as before, from the same word
 */

import type { CallerFloor, Conversation, OpenReply } from "./conversation.ts";
import { isReopened, reopen } from "./ending.ts";
import { isNoMachine } from "./far-end/evidence.ts";
import { isLeavingMessage } from "./far-end/voicemail.ts";
import { canBeStopped, stopReply } from "./replying.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";
import type { Vocabulary } from "./vocabulary/vocabulary.ts";
import { countWords, isBackchannel, isCommand, mayBecomeBackchannel } from "./words.ts";

/** A listener's "mm-hmm" that goes on for this long is none, ms. */
const LONGEST_BACKCHANNEL_MS = 2_500;
/**
 * The first words of a sound are often wrong: those by which nobody takes the floor need more speech, ms. Least where
 * they were heard twice in a row, most where the same sound was taken for a backchannel before.
 */
const DOUBTFUL_WORDS_MS = { heardTwice: 100, heardOnce: 250, afterFollowing: 400 };
/** Nobody says words faster than this: more of them are a sound that was misheard, unless it was long, ms. */
const FASTEST_WORD_MS = 240;
const LONG_SOUND_MS = 400;
/** An agent that wants more speech than this before it stops does not stop for "wait" either, ms. */
const COMMANDS_UP_TO_MS = 1_000;

/** The caller begins to speak while the agent has the floor. */
export function talkOver(now: Conversation, atMs: number): Step {
  if (now.agent.state !== "preparing" && now.agent.state !== "talking") return stay(now);
  if (!canBeStopped(now)) return stay(now);
  return andThen(duck(now, now.agent.reply), (next) => judgeInterruption(next, atMs));
}

/** Both want the floor: words decide, and are wanted soon. */
export function isContested({ agent }: Conversation): boolean {
  return agent.state !== "idle" && agent.reply.isDucked === true;
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

function judgeOverAgent(now: Conversation, atMs: number): Verdict {
  const { caller, rules } = now;
  const isOver = caller.state === "quiet";
  if (isLeavingMessage(now) && !isNoMachine(caller.partial, findVocabulary(rules.language)))
    return isOver && !isAwaited(caller) ? "none" : "open";
  const speechMs = (isOver ? caller.lastSampleAtMs : atMs) - caller.firstSampleAtMs;
  if (caller.partial !== "" && (isOver || isTelling(caller.partial, findVocabulary(rules.language))))
    return judgeWordsOverAgent(now, speechMs);
  if (isOver) return isAwaited(caller) ? "open" : "none";
  const { minSpeechMs, minWords, maxUndecidedMs } = rules.bargeIn;
  return minWords > 0 ? "open" : whileLonger(speechMs, minSpeechMs + maxUndecidedMs);
}

function judgeWordsOverAgent(now: Conversation, speechMs: number): Verdict {
  const { caller, rules } = now;
  const { minSpeechMs, minWords } = rules.bargeIn;
  const vocabulary = findVocabulary(rules.language);
  const text = caller.partial;
  const isOver = caller.state === "quiet";
  if (isBackchannel(text, vocabulary)) return isOver ? "none" : whileLonger(speechMs, LONGEST_BACKCHANNEL_MS);
  if (isCommand(text, vocabulary) && minSpeechMs <= COMMANDS_UP_TO_MS) return "interruption";
  const count = countWords(text);
  if (count < minWords) return isOver ? "none" : "open";
  if (isOver) return speechMs < shortestSound(count, minSpeechMs) ? "none" : "interruption";
  return whileLonger(speechMs, minSpeechMs === 0 ? 0 : minSpeechMs + DOUBTFUL_WORDS_MS[howSure(caller)]);
}

/** How long a sound must have been for these words to be believed, ms. */
function shortestSound(words: number, minSpeechMs: number): number {
  if (minSpeechMs === 0) return 0;
  return Math.min(minSpeechMs + LONG_SOUND_MS, Math.max(minSpeechMs, words * FASTEST_WORD_MS));
}

/** Words that don't tell yet what they are count as none. */
function isTelling(text: string, vocabulary: Vocabulary): boolean {
  return isBackchannel(text, vocabulary) || isCommand(text, vocabulary) || !mayBecomeBackchannel(text, vocabulary);
}

function howSure({ claims, hasFollowed }: CallerFloor): keyof typeof DOUBTFUL_WORDS_MS {
  if (claims > 1) return "heardTwice";
  return hasFollowed ? "afterFollowing" : "heardOnce";
}

/** The newest words of the sound under way. */
export function hearPartial(now: Conversation, text: string): Conversation {
  const { caller } = now;
  if (!isContested(now)) return { ...now, caller: { ...caller, partial: text } };
  const vocabulary = findVocabulary(now.rules.language);
  const hasFollowed = caller.hasFollowed || isBackchannel(text, vocabulary);
  const claims = mayBecomeBackchannel(text, vocabulary) || isBackchannel(text, vocabulary) ? 0 : caller.claims + 1;
  return { ...now, caller: { ...caller, partial: text, hasFollowed, claims } };
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
