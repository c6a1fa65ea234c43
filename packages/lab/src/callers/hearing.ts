/**
 * What a caller knows of the other side: what it hears, and from the journal whether more is to come. Pure: one tick is
 * 20 ms of the call.
 */
import { FRAME_MS } from "@earshot/engine";
import type { JournalEntry } from "@earshot/sdk";
import { digitsSentIn } from "./digits-sent.ts";

export type Hearing = {
  readonly nowMs: number;
  readonly isAgentAudible: boolean;
  /** The agent's reply under way; it may not be audible yet. */
  readonly reply: { readonly id: string; readonly isAnswer: boolean; readonly audibleSinceMs?: number } | undefined;
  /** Heard of the reply under way, or else of the last one. */
  readonly replyWords: string;
  /** Heard of the agent since the caller last took the floor. */
  readonly words: string;
  /** Replies since the call began that answered something and are over. */
  readonly answers: number;
  readonly replies: number;
  /** The last reply was an answer and was cut off: taken up again it still is one. */
  readonly isAnswerCut: boolean;
  readonly runningTools: number;
  /** The agent takes the caller for speaking. */
  readonly isCallerNoticed: boolean;
  /** The agent has noticed something and has not begun to answer. */
  readonly owedSinceMs: number | undefined;
  /** Neither side is heard, and the agent has nothing under way. */
  readonly quietSinceMs: number;
  /** Keys that the agent has pressed and nobody has taken. */
  readonly digits: string;
};

/** What the agent takes for speech may hold nothing to be answered: after this long it isn't waited for. */
const OWED_LIMIT_MS = 2500;
/** What the agent says of its own accord answers nothing. */
const ASIDES = ["reminder", "backchannel", "filler"];

export function newHearing(): Hearing {
  return {
    nowMs: 0,
    isAgentAudible: false,
    reply: undefined,
    replyWords: "",
    words: "",
    answers: 0,
    replies: 0,
    isAnswerCut: false,
    runningTools: 0,
    isCallerNoticed: false,
    owedSinceMs: undefined,
    quietSinceMs: 0,
    digits: "",
  };
}

/** 20 ms have passed. */
export function hearTick(
  before: Hearing,
  { isAgentAudible, isCallerSpeaking }: { isAgentAudible: boolean; isCallerSpeaking: boolean },
): Hearing {
  const nowMs = before.nowMs + FRAME_MS;
  const { reply, runningTools, isCallerNoticed, owedSinceMs } = before;
  const isOwed = owedSinceMs !== undefined && nowMs - owedSinceMs < OWED_LIMIT_MS;
  const isBusy = reply !== undefined || runningTools > 0 || isCallerNoticed || isOwed;
  const isQuiet = !(isAgentAudible || isCallerSpeaking || isBusy);
  const isFirstSound = isAgentAudible && reply !== undefined && reply.audibleSinceMs === undefined;
  return {
    ...before,
    nowMs,
    isAgentAudible,
    reply: isFirstSound ? { ...reply, audibleSinceMs: nowMs } : reply,
    quietSinceMs: isQuiet ? before.quietSinceMs : nowMs,
  };
}

/** The caller takes the floor: what it waits for now is what comes after. */
export function takeFloor(hearing: Hearing): Hearing {
  return { ...hearing, words: "" };
}

/** Words of the reply under way that have been heard. */
export function heardWordCount({ reply, replyWords }: Hearing): number {
  return reply === undefined ? 0 : replyWords.split(/\s+/).filter((word) => word !== "").length;
}

export function quietForMs({ nowMs, quietSinceMs }: Hearing): number {
  return nowMs - quietSinceMs;
}

export function hearEntry(before: Hearing, entry: JournalEntry): Hearing {
  const digits = before.digits + digitsSentIn(entry);
  return entry.effects.reduce(hearEffect, hearFact({ ...before, digits }, entry.event));
}

function hearFact(before: Hearing, event: JournalEntry["event"]): Hearing {
  const { nowMs } = before;
  switch (event.type) {
    case "caller-speech-started":
      return { ...before, isCallerNoticed: true, owedSinceMs: undefined };
    case "caller-speech-ended":
      return { ...before, isCallerNoticed: false, owedSinceMs: nowMs };
    case "digit-pressed":
      return { ...before, owedSinceMs: nowMs };
    case "reply-heard":
      return hearWords(before, String(event["replyId"]), String(event["text"]));
    case "reply-ended":
    case "reply-cancelled":
    case "reply-failed":
      return endReply(before, String(event["replyId"]), event.type === "reply-ended");
    case "tool-finished":
      return { ...before, runningTools: Math.max(0, before.runningTools - 1), quietSinceMs: nowMs };
    default:
      return before;
  }
}

function hearWords(before: Hearing, replyId: string, text: string): Hearing {
  const isOfReply = before.reply?.id === replyId;
  return {
    ...before,
    words: `${before.words} ${text}`.trim(),
    replyWords: isOfReply ? `${before.replyWords} ${text}`.trim() : before.replyWords,
  };
}

function endReply(before: Hearing, replyId: string, isHeardOut: boolean): Hearing {
  const { reply } = before;
  if (reply === undefined || reply.id !== replyId) return before;
  return {
    ...before,
    reply: undefined,
    answers: before.answers + (reply.isAnswer && isHeardOut ? 1 : 0),
    replies: before.replies + 1,
    isAnswerCut: reply.isAnswer && !isHeardOut,
    quietSinceMs: before.nowMs,
  };
}

function hearEffect(before: Hearing, effect: JournalEntry["effects"][number]): Hearing {
  if (effect.type === "run-tool") return { ...before, runningTools: before.runningTools + 1 };
  if (effect.type !== "start-reply") return before;
  const purpose = String(effect["purpose"]);
  const isAnswer = answersCaller(before, purpose);
  const reply = { id: String(effect["replyId"]), isAnswer };
  return { ...before, reply, replyWords: "", owedSinceMs: isAnswer ? undefined : before.owedSinceMs };
}

/** A greeting answers whoever spoke first. */
function answersCaller({ isAnswerCut, owedSinceMs }: Hearing, purpose: string): boolean {
  if (purpose === "resume") return isAnswerCut;
  if (purpose === "greeting") return owedSinceMs !== undefined;
  return !ASIDES.includes(purpose);
}
