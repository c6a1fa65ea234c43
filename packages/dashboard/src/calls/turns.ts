import type { JournalEntry, JournalEvent } from "@earshot/web";

/** How long the caller waited for one reply, and where that time went. */
export type Turn = {
  readonly replyId: string;
  /** When the caller's last word ended, since the call began. */
  readonly atMs: number;
  /** From the caller's last sample to the agent's first. The sum of the segments. */
  readonly responseMs: number;
  /** In the order they happened; 0 where a step took no time or left no mark. */
  readonly segments: Readonly<Record<TurnSegment, number>>;
  /** How much longer it would have been, had the reply not been begun before the turn was over. */
  readonly savedMs?: number;
};

export const TURN_SEGMENTS = [
  "speechEndMs",
  "transcriptMs",
  "endOfTurnMs",
  "toolsMs",
  "firstTextMs",
  "firstSentenceMs",
  "firstAudioMs",
  "playoutMs",
] as const;
export type TurnSegment = (typeof TURN_SEGMENTS)[number];

/** Replies that answer a caller; reminders and resumed sentences answer nobody. */
const ANSWERS = new Set(["answer", "line", "apology", "goodbye"]);
/** Answers whoever has spoken first. */
const GREETING = "greeting";

type Marks = Partial<Record<TurnSegment, number>>;
type Speech = {
  readonly utteranceId: number;
  readonly lastSampleAtMs: number;
  readonly marks: Marks;
  readonly savedMs?: number;
};
/** A reply begun before the turn was over, and what it has reached. */
type Draft = { readonly begunAtMs: number; readonly marks: Marks };

/** The turns of a call so far. Replies that nobody waited for (the first greeting, a reminder) are none. Pure. */
export function toTurns(entries: readonly JournalEntry[]): readonly Turn[] {
  const turns: Turn[] = [];
  /** What the caller said and has not been answered yet, oldest first. */
  let unanswered: readonly Speech[] = [];
  const waiting = new Map<string, Speech>();
  const drafts = new Map<string, Draft>();
  for (const { event, effects, atMs } of entries) {
    unanswered = hear(unanswered, event, atMs);
    markReply(waiting, event, atMs);
    markReply(drafts, event, atMs);
    if (event.type === "reply-audio-started") {
      const speech = waiting.get(event.replyId);
      if (speech !== undefined) {
        turns.push(toTurn(event.replyId, speech));
        unanswered = unanswered.filter(({ utteranceId }) => utteranceId > speech.utteranceId);
      }
      waiting.delete(event.replyId);
    }
    if (event.type === "reply-cancelled") waiting.delete(event.replyId);
    for (const effect of effects) {
      if (effect.type === "draft-reply") drafts.set(effect.replyId, { begunAtMs: atMs, marks: {} });
      const speech = unanswered.at(-1);
      if (effect.type !== "start-reply" || speech === undefined || !isAnswer(effect.purpose, speech)) continue;
      startAnswer(waiting, speech, effect.replyId, atMs);
      takeUpDraft(waiting, drafts.get(effect.replyId), effect.replyId, atMs);
    }
  }
  return turns;
}

function isAnswer(purpose: string, { marks }: Speech): boolean {
  return ANSWERS.has(purpose) || (purpose === GREETING && marks.transcriptMs !== undefined);
}

/** A second answer to the same words follows a tool: what was reached by the first is part of the tool's time. */
function startAnswer(waiting: Map<string, Speech>, speech: Speech, replyId: string, atMs: number): void {
  const first = [...waiting.values()].find(({ utteranceId }) => utteranceId === speech.utteranceId);
  const decidedAtMs = first?.marks.endOfTurnMs;
  const marks = decidedAtMs === undefined ? { endOfTurnMs: atMs } : { endOfTurnMs: decidedAtMs, toolsMs: atMs };
  waiting.set(replyId, { ...speech, marks: { ...speech.marks, ...marks } });
}

/** What was done before the turn's end costs nobody anything. */
function takeUpDraft(waiting: Map<string, Speech>, draft: Draft | undefined, replyId: string, atMs: number): void {
  const speech = waiting.get(replyId);
  if (speech === undefined || draft === undefined) return;
  const savedMs = Math.min(atMs, draft.marks.firstAudioMs ?? atMs) - draft.begunAtMs;
  waiting.set(replyId, { ...speech, marks: { ...draft.marks, ...speech.marks }, savedMs });
}

/** An utterance that turns out to hold no words was a cough: nobody waits for its answer. */
function hear(unanswered: readonly Speech[], event: JournalEvent, atMs: number): readonly Speech[] {
  if (event.type === "caller-speech-ended") {
    const { utteranceId, lastSampleAtMs } = event;
    return [...unanswered, { utteranceId, lastSampleAtMs, marks: { speechEndMs: atMs } }];
  }
  const isWordless =
    event.type === "transcript-failed" || (event.type === "transcript-final" && event.text.trim() === "");
  if (event.type !== "transcript-final" && event.type !== "transcript-failed") return unanswered;
  if (isWordless) return unanswered.filter(({ utteranceId }) => utteranceId !== event.utteranceId);
  return unanswered.map((speech) =>
    speech.utteranceId === event.utteranceId ? { ...speech, marks: { ...speech.marks, transcriptMs: atMs } } : speech,
  );
}

const REPLY_MARKS = {
  "reply-text-started": "firstTextMs",
  "reply-sentence": "firstSentenceMs",
  "reply-audio-ready": "firstAudioMs",
  "reply-audio-started": "playoutMs",
} as const;

function markReply<T extends { readonly marks: Marks }>(
  replies: Map<string, T>,
  event: JournalEvent,
  atMs: number,
): void {
  if (!isReplyMark(event)) return;
  const reply = replies.get(event.replyId);
  const segment = REPLY_MARKS[event.type];
  if (reply === undefined || reply.marks[segment] !== undefined) return;
  replies.set(event.replyId, { ...reply, marks: { ...reply.marks, [segment]: atMs } });
}

function isReplyMark(event: JournalEvent): event is Extract<JournalEvent, { type: keyof typeof REPLY_MARKS }> {
  return event.type in REPLY_MARKS;
}

/** Steps may overlap (a reply can start before the last transcript): each mark counts from the latest one before. */
function toTurn(replyId: string, { lastSampleAtMs, marks, savedMs }: Speech): Turn {
  const endMs = Math.max(lastSampleAtMs, marks.playoutMs ?? lastSampleAtMs);
  const segments = {} as Record<TurnSegment, number>;
  let reachedMs = lastSampleAtMs;
  for (const segment of TURN_SEGMENTS) {
    const markMs = Math.min(Math.max(marks[segment] ?? reachedMs, reachedMs), endMs);
    segments[segment] = markMs - reachedMs;
    reachedMs = markMs;
  }
  const saved = savedMs === undefined ? {} : { savedMs };
  return { replyId, atMs: lastSampleAtMs, responseMs: endMs - lastSampleAtMs, segments, ...saved };
}

const SEGMENT_NAMES: Readonly<Record<TurnSegment, string>> = {
  speechEndMs: "Speech end noticed",
  transcriptMs: "Transcript",
  endOfTurnMs: "End of turn decided",
  toolsMs: "Tools",
  firstTextMs: "First words",
  firstSentenceMs: "First sentence",
  firstAudioMs: "First audio",
  playoutMs: "Sent to you",
};

/** A segment's name on the page. */
export function segmentName(segment: TurnSegment): string {
  return SEGMENT_NAMES[segment];
}
