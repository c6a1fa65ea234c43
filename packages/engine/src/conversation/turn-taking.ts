/** The caller's floor: when a turn begins, what is heard of it, when it is over. */

import { backchannel } from "./backchannelling.ts";
import { hearPartial, judgeEarlierWords, judgeInterruption, settleInterruption, talkOver } from "./barge-in.ts";
import { type Conversation, NOTHING_OWED } from "./conversation.ts";
import { type Judgement, judgeTurn } from "./end-of-turn/judge-turn.ts";
import { addTurnPause, learnPause } from "./end-of-turn/silence.ts";
import type { Fact } from "./event.ts";
import { farEndBegins, farEndPauses } from "./far-end/far-end.ts";
import { hearFarEnd, heldTongueMs, keyPressed } from "./far-end/voicemail.ts";
import { isAnswered, OFFER_LIMIT_MS, rememberAnswered } from "./realtime.ts";
import { keyConsent } from "./recording/consent.ts";
import { canBeStopped, owe, stopReply } from "./replying.ts";
import { DIGITS_PAUSE_MS } from "./rules.ts";
import { andThen, type Step, stay } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";
import { isBackchannel, joinWords } from "./words.ts";

/** Words that seemed finished and went on all the same teach how long this caller pauses. */
const SEEMED_FINISHED = 0.5;

export function callerSpeechStarted(
  now: Conversation,
  fact: Fact & { type: "caller-speech-started" },
  atMs: number,
): Step {
  const { utteranceId, firstSampleAtMs } = fact;
  if (utteranceId <= now.caller.utteranceId) return stay(now);
  const isNewTurn = now.caller.words === "" && now.caller.awaited.length === 0;
  const talking: Conversation = {
    ...now,
    caller: {
      ...now.caller,
      state: "talking",
      utteranceId,
      overReplyId: now.agent.state === "idle" ? undefined : now.agent.reply.id,
      partial: "",
      hasFollowed: false,
      claims: 0,
      probable: "",
      turnStartedAtMs: isNewTurn ? firstSampleAtMs : now.caller.turnStartedAtMs,
      firstSampleAtMs,
      pauses: learnFromGap(now, firstSampleAtMs),
      turnPauses: isNewTurn ? [] : addTurnPause(now.caller.turnPauses, firstSampleAtMs - now.caller.lastSampleAtMs),
      judgement: undefined,
      prosody: undefined,
      predicted: undefined,
    },
    ...(now.farEnd ? { farEnd: farEndBegins(now.farEnd, firstSampleAtMs, now.caller.lastSampleAtMs) } : {}),
  };
  const timers = ["end-of-turn", "silence", "false-interruption", "voicemail", "consent"] as const;
  const listening = timers.reduce((step, timer) => andThen(step, (next) => clearTimer(next, timer)), stay(talking));
  return andThen(listening, (next) => talkOver(next, atMs));
}

export function callerSpeechEnded(now: Conversation, fact: Fact & { type: "caller-speech-ended" }, atMs: number): Step {
  if (now.caller.state !== "talking" || fact.utteranceId !== now.caller.utteranceId) return stay(now);
  const quiet: Conversation = {
    ...now,
    caller: {
      ...now.caller,
      state: "quiet",
      awaited: [...now.caller.awaited, fact.utteranceId],
      lastSampleAtMs: fact.lastSampleAtMs,
      prosody: fact.prosody,
    },
    ...(now.farEnd ? { farEnd: farEndPauses(now.farEnd, fact.lastSampleAtMs) } : {}),
  };
  if (quiet.phase.name === "ended") return stay(quiet);
  const waitMs = quiet.realtime ? OFFER_LIMIT_MS : quiet.rules.endOfTurn.minMs - (atMs - fact.lastSampleAtMs);
  return andThen(settleInterruption(quiet), (next) => setTimer(next, "end-of-turn", waitMs));
}

export function transcriptPartial(now: Conversation, fact: Fact & { type: "transcript-partial" }, atMs: number): Step {
  if (!isUnderWay(now, fact.utteranceId)) return stay(now);
  return judgeInterruption(hearPartial(now, fact.text), atMs);
}

export function transcriptProbable(
  now: Conversation,
  fact: Fact & { type: "transcript-probable" },
  atMs: number,
): Step {
  if (!isUnderWay(now, fact.utteranceId)) return stay(now);
  const heard = hearPartial(now, fact.text);
  return judgeInterruption({ ...heard, caller: { ...heard.caller, probable: fact.text } }, atMs);
}

/** A prediction that comes behind the words changes how long is waited for more of them. */
export function turnPredicted(now: Conversation, fact: Fact & { type: "turn-predicted" }, atMs: number): Step {
  if (fact.utteranceId !== now.caller.utteranceId) return stay(now);
  const predicted: Conversation = { ...now, caller: { ...now.caller, predicted: fact.probability } };
  const isWaiting = now.timers["end-of-turn"] !== undefined && now.caller.judgement !== undefined;
  return isWaiting ? awaitEnd(predicted, atMs) : stay(predicted);
}

export function transcriptFinal(now: Conversation, fact: Fact & { type: "transcript-final" }, atMs: number): Step {
  const heard = takeAwaited(now, fact.utteranceId);
  if (!heard) return stay(now);
  const text = fact.text.trim();
  if (isAnswered(now, fact.utteranceId)) return stay(rememberAnswered(heard, text, atMs));
  if (now.phase.name === "ended") return stay(remember(heard, text, atMs));
  const isNewest = fact.utteranceId === now.caller.utteranceId && now.caller.state === "quiet";
  const known: Conversation = isNewest ? { ...heard, caller: { ...heard.caller, partial: text, probable: "" } } : heard;
  if (isListeningOn(known, text, isNewest)) return judgeInterruption(remember(known, text, atMs), atMs);
  const next: Conversation = { ...known, caller: { ...known.caller, words: joinWords(known.caller.words, text) } };
  const judged = isNewest ? judgeInterruption(next, atMs) : judgeEarlierWords(next, text);
  const met = andThen(judged, (open) => hearFarEnd(open, text));
  return andThen(met, (open) => awaitEnd(open, atMs));
}

export function transcriptFailed(now: Conversation, fact: Fact & { type: "transcript-failed" }, atMs: number): Step {
  const heard = takeAwaited(now, fact.utteranceId);
  if (!heard) return stay(now);
  if (isAnswered(now, fact.utteranceId)) return stay(heard);
  const isNewest = fact.utteranceId === now.caller.utteranceId;
  const unknown: Conversation = isNewest ? { ...heard, caller: { ...heard.caller, probable: "" } } : heard;
  return judgeInterruption(owe(unknown, { ...NOTHING_OWED, apology: true }), atMs);
}

/** Digits are words of the caller's turn; `#` ends it, as on every phone menu. */
export function digitPressed(now: Conversation, digit: string, atMs: number): Step {
  const consented = keyConsent(now, digit, atMs);
  if (consented) return consented;
  const { words } = now.caller;
  const keyed = /(?:^| )pressed(?: [0-9*#])+$/.test(words) ? `${words} ${digit}` : joinWords(words, `pressed ${digit}`);
  const next = { ...now, caller: { ...now.caller, words: keyed, lastSampleAtMs: atMs, judgement: undefined } };
  const met = keyPressed(next);
  const free = andThen(met, (open) =>
    open.agent.state === "idle" || !canBeStopped(open) ? stay(open) : stopReply(open),
  );
  return andThen(free, (keyedIn) =>
    andThen(clearTimer(keyedIn, "silence"), (quiet) =>
      setTimer(quiet, "end-of-turn", digit === "#" ? 0 : DIGITS_PAUSE_MS),
    ),
  );
}

/** How likely the caller's turn is over, if it ends with these words. */
export function judgeWords(now: Conversation, text: string): Judgement {
  const { prosody, predicted, pauses, turnPauses } = now.caller;
  const asked = now.history.findLast((said) => said.role === "agent" && said.text !== "");
  const evidence = {
    text,
    asked: asked?.role === "agent" ? asked.text : "",
    vocabulary: findVocabulary(now.rules.language),
    prosody,
    recogniser: predicted,
    turnPauses,
  };
  return judgeTurn(evidence, pauses, now.rules.endOfTurn);
}

/** It is known what was said, if only that it holds no words: the silence still needed depends on the turn so far. */
function awaitEnd(now: Conversation, atMs: number): Step {
  if (now.caller.state === "talking" || now.caller.words === "") return stay(now);
  if (now.realtime) return stay(now);
  const judgement = judgeWords(now, now.caller.words);
  const judged: Conversation = { ...now, caller: { ...now.caller, judgement } };
  const heldMs = heldTongueMs(now);
  const isHeld = heldMs > judgement.waitMs;
  const leftMs = Math.max(heldMs, judgement.waitMs) - (atMs - now.caller.lastSampleAtMs);
  if (leftMs <= 0) return clearTimer(judged, "end-of-turn");
  const why = isHeld ? "perhaps an answering machine" : judgement.why;
  return andThen(setTimer(judged, "end-of-turn", leftMs, why), (waiting) => backchannel(waiting, atMs));
}

/** The caller went on after words that seemed finished, or before anything of the answer was heard. */
function learnFromGap({ caller, agent }: Conversation, firstSampleAtMs: number): readonly number[] {
  if (caller.judgement === undefined || caller.judgement.finished < SEEMED_FINISHED) return caller.pauses;
  const isSameTurn = caller.words !== "" || agent.state === "preparing";
  return isSameTurn ? learnPause(caller.pauses, firstSampleAtMs - caller.lastSampleAtMs) : caller.pauses;
}

function isUnderWay({ caller }: Conversation, utteranceId: number): boolean {
  return caller.state === "talking" && caller.utteranceId === utteranceId;
}

function takeAwaited(now: Conversation, utteranceId: number): Conversation | undefined {
  if (!now.caller.awaited.includes(utteranceId)) return undefined;
  return { ...now, caller: { ...now.caller, awaited: now.caller.awaited.filter((id) => id !== utteranceId) } };
}

/** "mm-hmm" over an agent that has more to say is heard, but wants no answer. */
function isListeningOn(now: Conversation, text: string, isNewest: boolean): boolean {
  const { caller, agent, owed } = now;
  if (!isNewest || caller.words !== "" || caller.overReplyId === undefined) return false;
  const isCutShort = owed.remainder !== "" || agent.state === "stopping";
  const isStillTalking = agent.state === "talking" && agent.reply.id === caller.overReplyId;
  return (isStillTalking || isCutShort) && isBackchannel(text, findVocabulary(now.rules.language));
}

function remember(now: Conversation, text: string, atMs: number): Conversation {
  if (text === "") return now;
  return { ...now, history: [...now.history, { role: "caller", text, atMs }] };
}
