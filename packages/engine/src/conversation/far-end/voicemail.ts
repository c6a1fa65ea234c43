/**
 * An answering machine has picked up: the agent is silent, leaves its message after the beep, and hangs up.
 *
 *   unknown --words, or a long greeting and a beep--> machine --beep, or silence--> message --> hung up
 *      '--somebody answers the agent--> person <--somebody speaks up------'------------'
 */

import type { Conversation } from "../conversation.ts";
import { beginClosing, endCall } from "../ending.ts";
import { overruleReply } from "../replying.ts";
import { andThen, type Step, stay, step } from "../step.ts";
import { clearTimer, setTimer } from "../timers.ts";
import { findVocabulary } from "../vocabulary/find-vocabulary.ts";
import { joinWords, plainWords } from "../words.ts";
import { isNewSpeaker, isNoMachine, isPersonal, isScreener, isSuspect, suspectMachine } from "./evidence.ts";
import type { FarEnd, ToneKind } from "./far-end.ts";

/** The beep that doesn't come: silence after the greeting, ms. */
const NO_BEEP_MS = 2_500;
/** A tape that talks on for so long takes no message, ms. */
const TALK_LIMIT_MS = 60_000;
/** Silence after what may be the first half of a machine's greeting, before the agent answers it, ms. */
const HELD_TONGUE_MS = 2_500;
const MAX_WORDS = 2_000;

/** Tones mean something: a machine may have picked up. */
export function mayBeMachine({ farEnd, rules }: Conversation): boolean {
  return rules.voicemail !== undefined && farEnd !== undefined && farEnd.who !== "person";
}

/** Words have come: is it a machine, or is it none? */
export function hearFarEnd(now: Conversation, text: string): Step {
  const { farEnd, rules } = now;
  if (rules.voicemail === undefined || farEnd === undefined || farEnd.who === "person") return stay(now);
  const vocabulary = findVocabulary(rules.language);
  if (farEnd.who === "machine") {
    const isPerson = farEnd.hasMessage ? isNoMachine(text, vocabulary) : isNewSpeaker(text, farEnd, vocabulary);
    return isPerson ? meetPerson(now, farEnd, "somebody has spoken up") : stay(now);
  }
  if (isScreener(text, vocabulary)) return stay(now);
  if (farEnd.hasAsked && hasListened(now)) return stay({ ...now, farEnd: { ...farEnd, who: "person" } });
  if (isPersonal(text, vocabulary))
    return stay({ ...now, farEnd: { ...farEnd, words: "", hasYielded: true, hasAsked: true } });
  const words = joinWords(farEnd.words, plainWords(text).join(" ")).slice(-MAX_WORDS);
  return decide({ ...now, farEnd: { ...farEnd, words } });
}

export function toneHeard(now: Conversation, kind: ToneKind, atMs: number): Step {
  const { farEnd, rules } = now;
  if (rules.voicemail === undefined || farEnd === undefined || farEnd.who === "person") return stay(now);
  if (kind !== "beep") return stay(now);
  return decide({ ...now, farEnd: { ...farEnd, beepAtMs: atMs } });
}

/** People press keys. */
export function keyPressed(now: Conversation): Step {
  return now.farEnd?.who === "machine" ? meetPerson(now, now.farEnd, "a key was pressed") : stay(now);
}

/** The turn is over and somebody answered what the agent had said: no machine does. */
export function answersAgent(now: Conversation): Conversation {
  const { farEnd } = now;
  if (farEnd?.who !== "unknown" || farEnd.isScreened || !hasListened(now)) return now;
  return { ...now, farEnd: { ...farEnd, who: "person" } };
}

/** The far end let the agent finish what it said, and then spoke. */
function hasListened({ caller, history }: Conversation): boolean {
  if (caller.overReplyId !== undefined) return false;
  return history.some((said) => said.role === "agent" && said.text !== "" && !said.wasCutOff);
}

/** How long to be silent at least, because the other side may be a machine that has not finished; ms. */
export function heldTongueMs({ farEnd, rules }: Conversation): number {
  if (rules.voicemail === undefined || farEnd?.who !== "unknown") return 0;
  return isSuspect(farEnd, findVocabulary(rules.language)) ? HELD_TONGUE_MS : 0;
}

/** The machine is silent. */
export function machineMove(now: Conversation, farEnd: FarEnd, atMs: number): Step {
  const message = now.rules.voicemail?.message;
  if (message === undefined || farEnd.hasMessage) return endCall(now, "voicemail", atMs);
  const { words } = now.caller;
  const kept: Conversation = { ...now, caller: { ...now.caller, words: "", partial: "", overReplyId: undefined } };
  const heard =
    words === "" ? now : { ...kept, history: [...now.history, { role: "caller" as const, text: words, atMs }] };
  if (farEnd.beepAtMs !== undefined) return leaveMessage(heard);
  return heard.timers.voicemail === undefined
    ? setTimer(heard, "voicemail", NO_BEEP_MS, "an answering machine that may still beep")
    : stay(heard);
}

export function leaveMessage(now: Conversation): Step {
  const { farEnd } = now;
  const message = now.rules.voicemail?.message;
  if (farEnd?.who !== "machine" || farEnd.hasMessage || message === undefined) return stay(now);
  const leaving: Conversation = { ...now, farEnd: { ...farEnd, hasMessage: true } };
  return andThen(clearWaits(leaving), (next) => beginClosing(next, { reason: "voicemail", goodbye: message }));
}

export function talksTooLong(now: Conversation, atMs: number): Step {
  return endCall(now, "voicemail", atMs);
}

/** What is said over the message, and doesn't come from the machine, stops it. */
export function isLeavingMessage({ phase, farEnd }: Conversation): boolean {
  return phase.name === "closing" && phase.reason === "voicemail" && farEnd?.who === "machine";
}

function decide(now: Conversation): Step {
  const { farEnd, phase, rules } = now;
  if (farEnd?.who !== "unknown" || phase.name !== "open" || now.transfer !== undefined) return stay(now);
  const suspicion = suspectMachine(farEnd, findVocabulary(rules.language));
  if (suspicion === undefined) return stay(now);
  const machine: Conversation = {
    ...now,
    farEnd: { ...farEnd, who: "machine" },
    greeting: rules.greeting.mode === "off" ? "settled" : "awaits-words",
  };
  const noted = step(machine, { type: "note-far-end", who: "machine", ...suspicion });
  const silent = andThen(
    andThen(noted, (next) => clearTimer(next, "silence")),
    (next) => clearTimer(next, "greeting"),
  );
  return andThen(andThen(silent, hush), (next) => setTimer(next, "voicemail-limit", TALK_LIMIT_MS));
}

/** What somebody outside the call wants said is said, to whomever. */
function hush(now: Conversation): Step {
  const isOrder = now.agent.state !== "idle" && now.agent.reply.purpose === "announcement";
  return isOrder ? stay(now) : overruleReply(now);
}

function meetPerson(now: Conversation, farEnd: FarEnd, because: string): Step {
  const met: Conversation = { ...now, farEnd: { ...farEnd, who: "person" } };
  return andThen(step(met, { type: "note-far-end", who: "person", because, confidence: 0.9 }), clearWaits);
}

function clearWaits(now: Conversation): Step {
  return andThen(clearTimer(now, "voicemail"), (next) => clearTimer(next, "voicemail-limit"));
}
