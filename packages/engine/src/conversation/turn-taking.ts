/** The caller's floor: when a turn begins, when it is over, when it takes the floor from the agent. */

import { type Conversation, NOTHING_OWED } from "./conversation.ts";
import { isClosingForGood, isReopened, reopen } from "./ending.ts";
import type { Fact } from "./event.ts";
import { owe, stopReply } from "./replying.ts";
import { DIGITS_PAUSE_MS } from "./rules.ts";
import { andThen, type Step, stay } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { countWords, isBackchannel, joinWords, soundsUnfinished } from "./words.ts";

export function callerSpeechStarted(
  now: Conversation,
  fact: Fact & { type: "caller-speech-started" },
  atMs: number,
): Step {
  if (fact.utteranceId <= now.caller.utteranceId) return stay(now);
  const talking: Conversation = {
    ...now,
    caller: {
      ...now.caller,
      state: "talking",
      utteranceId: fact.utteranceId,
      isOverAgent: now.agent.state === "talking",
    },
  };
  const listening = andThen(clearTimer(talking, "end-of-turn"), (next) => clearTimer(next, "silence"));
  return andThen(listening, (next) => {
    if (next.agent.state === "preparing") return canBeStopped(next) ? stopReply(next) : stay(next);
    if (next.agent.state !== "talking") return stay(next);
    return setTimer(next, "barge-in", next.rules.bargeIn.minSpeechMs - (atMs - fact.firstSampleAtMs));
  });
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
    },
  };
  if (quiet.phase.name === "ended") return stay(quiet);
  return andThen(clearTimer(quiet, "barge-in"), (next) =>
    setTimer(next, "end-of-turn", next.rules.endOfTurn.minMs - (atMs - fact.lastSampleAtMs)),
  );
}

export function transcriptPartial(now: Conversation, fact: Fact & { type: "transcript-partial" }): Step {
  if (now.caller.state !== "talking" || fact.utteranceId !== now.caller.utteranceId) return stay(now);
  if (isBackchannel(fact.text) || countWords(fact.text) < 2) return stay(now);
  return bargeIn(now);
}

export function transcriptFinal(now: Conversation, fact: Fact & { type: "transcript-final" }, atMs: number): Step {
  const heard = takeAwaited(now, fact.utteranceId);
  if (!heard) return stay(now);
  if (now.phase.name === "ended") return stay(remember(heard, fact.text, atMs));
  if (isOnlyBackchannel(heard, fact)) return stay(remember(heard, fact.text, atMs));
  const next = { ...heard, caller: { ...heard.caller, words: joinWords(heard.caller.words, fact.text) } };
  const waitedMs = atMs - next.caller.lastSampleAtMs;
  if (soundsUnfinished(fact.text) && waitedMs < next.rules.endOfTurn.maxMs)
    return setTimer(next, "end-of-turn", next.rules.endOfTurn.maxMs - waitedMs);
  return stay(next);
}

export function transcriptFailed(now: Conversation, fact: Fact & { type: "transcript-failed" }): Step {
  const heard = takeAwaited(now, fact.utteranceId);
  if (!heard) return stay(now);
  return stay(owe(heard, { ...NOTHING_OWED, apology: true }));
}

/** Digits are words of the caller's turn; `#` ends it, as on every phone menu. */
export function digitPressed(now: Conversation, digit: string, atMs: number): Step {
  const { words } = now.caller;
  const keyed = /(?:^| )pressed(?: [0-9*#])+$/.test(words) ? `${words} ${digit}` : joinWords(words, `pressed ${digit}`);
  const next = { ...now, caller: { ...now.caller, words: keyed, lastSampleAtMs: atMs } };
  const free = next.agent.state === "idle" || !canBeStopped(next) ? stay(next) : stopReply(next);
  return andThen(free, (keyedIn) =>
    andThen(clearTimer(keyedIn, "silence"), (quiet) =>
      setTimer(quiet, "end-of-turn", digit === "#" ? 0 : DIGITS_PAUSE_MS),
    ),
  );
}

/** Takes the floor from the agent if the caller is talking over it. */
export function bargeIn(now: Conversation): Step {
  if (!canBeStopped(now)) return stay(now);
  const heard = { ...now, caller: { ...now.caller, isOverAgent: false } };
  const open = isReopened(heard) ? clearTimer(reopen(heard), "closing") : stay(heard);
  return andThen(open, stopReply);
}

/** Interruptions are on, and it is no goodbye that must be said. */
function canBeStopped(now: Conversation): boolean {
  if (isClosingForGood(now)) return false;
  return now.rules.bargeIn.isEnabled || now.agent.state === "preparing";
}

function takeAwaited(now: Conversation, utteranceId: number): Conversation | undefined {
  if (!now.caller.awaited.includes(utteranceId)) return undefined;
  return { ...now, caller: { ...now.caller, awaited: now.caller.awaited.filter((id) => id !== utteranceId) } };
}

/** "mm-hmm" over the agent is heard, but wants no answer. */
function isOnlyBackchannel(now: Conversation, fact: { utteranceId: number; text: string }): boolean {
  if (now.caller.words !== "") return false;
  return now.caller.isOverAgent && fact.utteranceId === now.caller.utteranceId && isBackchannel(fact.text);
}

function remember(now: Conversation, text: string, atMs: number): Conversation {
  if (text.trim() === "") return now;
  return { ...now, history: [...now.history, { role: "caller", text: text.trim(), atMs }] };
}
