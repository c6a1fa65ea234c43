/** What a journal tells of the caller's side: everything that would happen again if another agent answered. */

import type { Fact } from "../conversation/event.ts";
import type { JournalEntry } from "../journal/journal.ts";

/** What happened to the line, and orders from outside the call. */
const GIVEN_AGAIN: ReadonlySet<Fact["type"]> = new Set([
  "leg-lost",
  "leg-resumed",
  "leg-closed",
  "say-requested",
  "context-injected",
  "agent-muted",
  "agent-unmuted",
  "end-requested",
]);

export type CallerAct = {
  /**
   * What the caller waited for. `silence`: the agent had finished; `speech`: the agent was talking; `act`: nothing came
   * from the agent since what the caller did before.
   */
  readonly after: "silence" | "speech" | "act";
  /** From there to the beginning of the act. */
  readonly gapMs: number;
  /** From the end of the act before. */
  readonly pauseMs: number;
} & (
  | {
      readonly kind: "speech";
      readonly lengthMs: number;
      /** "" when there were none. */
      readonly words: string;
      /** From the moment at which the end of the speech was noticed. */
      readonly wordsAfterMs: number;
      readonly isFailed?: true;
    }
  | { readonly kind: "digit"; readonly digit: string }
  | { readonly kind: "fact"; readonly fact: Fact }
);

/** Shorter sounds are no speech to any ear. */
const MIN_SPEECH_MS = 100;

type Edge = { readonly atMs: number; readonly is: "silence" | "speech" };
type Timed = { readonly startMs: number; readonly endMs: number } & Described;
type Described = CallerAct extends infer Act ? (Act extends CallerAct ? Omit<Act, keyof Anchor> : never) : never;
type Anchor = Pick<CallerAct, "after" | "gapMs" | "pauseMs">;

/** In the order in which they began. */
export function toCallerActs(entries: readonly JournalEntry[]): CallerAct[] {
  const edges = toEdges(entries);
  let beforeMs = 0;
  return toTimedActs(entries).map(({ startMs, endMs, ...act }) => {
    const edge = edges.findLast(({ atMs }) => atMs <= startMs);
    const sinceMs = edge === undefined || edge.atMs < beforeMs ? undefined : edge.atMs;
    const pauseMs = Math.max(0, startMs - beforeMs);
    const anchor: Anchor = {
      after: edge === undefined || sinceMs === undefined ? "act" : edge.is,
      gapMs: sinceMs === undefined ? pauseMs : startMs - sinceMs,
      pauseMs,
    };
    beforeMs = Math.max(beforeMs, endMs);
    return { ...act, ...anchor };
  });
}

/** When the agent became audible, and when it was silent again. */
function toEdges(entries: readonly JournalEntry[]): Edge[] {
  return entries.flatMap(({ event, atMs }): Edge[] => {
    if (event.type === "reply-audio-started") return [{ atMs, is: "speech" }];
    const isOver = event.type === "reply-ended" || event.type === "reply-cancelled" || event.type === "reply-failed";
    return isOver ? [{ atMs, is: "silence" }] : [];
  });
}

function toTimedActs(entries: readonly JournalEntry[]): Timed[] {
  const acts: Timed[] = [];
  const speeches = new Map<number, Speech>();
  for (const { event, atMs } of entries) {
    const speech = "utteranceId" in event ? speeches.get(event.utteranceId) : undefined;
    if (event.type === "caller-speech-started") {
      const begun = { startMs: event.firstSampleAtMs, lastMs: atMs, noticedMs: atMs, index: acts.length };
      speeches.set(event.utteranceId, begun);
      acts.push(toSpeech(begun, "", atMs));
    } else if (speech && event.type === "caller-speech-ended") {
      Object.assign(speech, { lastMs: event.lastSampleAtMs, noticedMs: atMs });
      acts[speech.index] = toSpeech(speech, "", atMs);
    } else if (speech && event.type === "transcript-final") acts[speech.index] = toSpeech(speech, event.text, atMs);
    else if (speech && event.type === "transcript-failed")
      acts[speech.index] = { ...toSpeech(speech, "", atMs), isFailed: true };
    else if (event.type === "digit-pressed")
      acts.push({ kind: "digit", startMs: atMs, endMs: atMs, digit: event.digit });
    else if (GIVEN_AGAIN.has(event.type))
      acts.push({ kind: "fact", startMs: atMs, endMs: atMs, fact: withoutTime(event) });
  }
  return acts;
}

type Speech = { readonly startMs: number; lastMs: number; noticedMs: number; readonly index: number };

function toSpeech({ startMs, lastMs, noticedMs }: Speech, words: string, atMs: number): Timed & { kind: "speech" } {
  const lengthMs = Math.max(MIN_SPEECH_MS, lastMs - startMs);
  return { kind: "speech", startMs, endMs: lastMs, lengthMs, words, wordsAfterMs: Math.max(0, atMs - noticedMs) };
}

function withoutTime({ atMs: _, ...fact }: JournalEntry["event"]): Fact {
  return fact as Fact;
}
