/**
 * Nobody is recorded unknowingly: the other side is told, or asked, before the recording begins.
 *
 *   due --the floor is free--> asking --heard--> told: agreed; asked: awaited --key, "yes"--> agreed
 *    ^----cut off, or answered with something else----'                  '--"no", silence--> declined
 */

import type { Conversation } from "../conversation.ts";
import { overruleReply, startReply } from "../replying.ts";
import type { RecordingConsent, Rules } from "../rules.ts";
import { andThen, type Step, stay, step } from "../step.ts";
import { clearTimer, setTimer } from "../timers.ts";
import { findAgreement } from "./agreement.ts";
import type { Consent } from "./consent-state.ts";

/** Silence after the question before the call goes on unrecorded, ms. */
const ANSWER_LIMIT_MS = 8_000;
const MAX_ASKED = 2;

export function meetConsent({ recordingConsent }: Rules): Pick<Conversation, "consent"> {
  return recordingConsent === undefined ? {} : { consent: { state: "due", asked: 0 } };
}

/** Whether it has not been asked yet. */
export function isConsentDue({ consent }: Conversation): boolean {
  return consent?.state === "due" && consent.asked === 0;
}

/** Whether what the other side says next may be the answer. */
export function awaitsConsent(now: Conversation): boolean {
  return findQuestion(now) !== undefined;
}

/** The floor is free: tells, asks, or waits for the answer. Undefined: there is nothing to do, or something comes first. */
export function consentMove(now: Conversation, atMs: number): Step | undefined {
  const { consent, owed, rules } = now;
  if (consent === undefined || rules.recordingConsent === undefined) return undefined;
  const isPutOff = owed.answer || owed.apology || owed.line !== "";
  // The greeting comes before those, and the message before the greeting.
  if (isPutOff && !(now.greeting === "delayed" && isConsentDue(now))) return undefined;
  if (now.greeting === "awaits-words") return undefined;
  if (consent.state === "awaited") return awaitAnswer(now);
  if (consent.state !== "due") return undefined;
  return ask(now, consent, atMs);
}

/** A turn of the caller, who was asked. */
export function answerConsent(now: Conversation, atMs: number): Step {
  const { consent } = now;
  if (consent === undefined) return stay(now);
  const { words } = now.caller;
  const heard: Conversation = {
    ...now,
    caller: { ...now.caller, words: "", partial: "", overReplyId: undefined },
    history: [...now.history, { role: "caller", text: words, atMs }],
    draftedWords: "",
    count: { ...now.count, reminders: 0 },
  };
  const answer = findAgreement(words, now.rules.language);
  if (answer !== undefined) return settle(heard, answer === "yes");
  // Asked twice and answered twice with something else: that is what the caller wants to talk about.
  if (consent.asked >= MAX_ASKED || now.isMuted) return settle(now, false);
  return andThen(clearTimer(heard, "consent"), (next) => ask(next, consent, atMs));
}

/** A key. Undefined: it has nothing to do with it. */
export function keyConsent(now: Conversation, digit: string, atMs: number): Step | undefined {
  const question = findQuestion(now);
  if (question === undefined) return undefined;
  const keyed: Conversation = { ...now, history: [...now.history, { role: "caller", text: `pressed ${digit}`, atMs }] };
  const settled = settle(keyed, digit === question.key);
  const isBeingAsked = now.agent.state !== "idle" && now.agent.reply.purpose === "consent";
  return isBeingAsked ? andThen(settled, overruleReply) : settled;
}

/** The message was heard to its end. */
export function consentHeard(now: Conversation, replyId: string): Step {
  if (!isAskedBy(now, replyId)) return stay(now);
  if (now.rules.recordingConsent?.isAsked === false) return settle(now, true, "told");
  return stay(now.consent === undefined ? now : { ...now, consent: { ...now.consent, state: "awaited" } });
}

/** The message was cut off. */
export function consentCut(now: Conversation, replyId: string): Step {
  if (!isAskedBy(now, replyId) || now.consent === undefined) return stay(now);
  if (now.consent.asked < MAX_ASKED) return stay({ ...now, consent: { ...now.consent, state: "due" } });
  if (now.rules.recordingConsent?.isAsked === false) return settle(now, false);
  return stay({ ...now, consent: { ...now.consent, state: "awaited" } });
}

/** The message could not be said: nobody can have agreed. */
export function consentFailed(now: Conversation, replyId: string): Step {
  return isAskedBy(now, replyId) ? settle(now, false) : stay(now);
}

/** No answer came. */
export function consentFired(now: Conversation): Step {
  return now.consent?.state === "awaited" ? settle(now, false) : stay(now);
}

/** Something is said that must not be kept. */
export function pauseRecording(now: Conversation): Step {
  if (now.isRecordingPaused) return stay(now);
  const paused: Conversation = { ...now, isRecordingPaused: true };
  return mayRecord(now) ? step(paused, { type: "record", isOn: false, because: "paused" }) : stay(paused);
}

export function resumeRecording(now: Conversation): Step {
  if (!now.isRecordingPaused) return stay(now);
  const { isRecordingPaused: _, ...resumed } = now;
  return mayRecord(now) ? step(resumed, { type: "record", isOn: true, because: "resumed" }) : stay(resumed);
}

function ask(now: Conversation, { asked }: Consent, atMs: number): Step {
  const asking: Conversation = { ...now, consent: { state: "asking", asked: asked + 1 } };
  return startReply(asking, { purpose: "consent", say: now.rules.recordingConsent?.message ?? "", atMs });
}

function mayRecord({ consent }: Conversation): boolean {
  return consent === undefined || consent.state === "agreed";
}

function settle(now: Conversation, isAgreed: boolean, because: "agreed" | "told" = "agreed"): Step {
  if (now.consent === undefined) return stay(now);
  const state = isAgreed ? "agreed" : "declined";
  const settled: Conversation = { ...now, consent: { ...now.consent, state } };
  const isOn = isAgreed && !now.isRecordingPaused;
  return andThen(clearTimer(settled, "consent"), (next) =>
    step(next, { type: "record", isOn, because: isAgreed ? because : "declined" }),
  );
}

function awaitAnswer(now: Conversation): Step {
  if (now.timers.consent !== undefined) return stay(now);
  return setTimer(now, "consent", ANSWER_LIMIT_MS, "whether the call may be recorded");
}

/** The question that was asked and has no answer yet. */
function findQuestion({ consent, rules }: Conversation): RecordingConsent | undefined {
  const { recordingConsent } = rules;
  if (consent === undefined || consent.asked === 0 || recordingConsent?.isAsked !== true) return undefined;
  return consent.state === "agreed" || consent.state === "declined" ? undefined : recordingConsent;
}

function isAskedBy({ consent, agent, phase }: Conversation, replyId: string): boolean {
  if (consent?.state !== "asking" || agent.state === "idle" || phase.name === "ended") return false;
  return agent.reply.id === replyId && agent.reply.purpose === "consent";
}
