/** What a journal tells of the caller's side: everything that would happen again if another agent answered. */

import type { Fact } from "../conversation/event.ts";
import type { JournalEntry } from "../journal/journal.ts";

/** Orders from outside the call; given again as they are. */
const ORDERS: ReadonlySet<Fact["type"]> = new Set([
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
  const speeches = new Map<number, { startMs: number; lastMs: number; noticedMs: number; index: number }>();
  for (const { event, atMs } of entries) {
    switch (event.type) {
      case "caller-speech-started": {
        const startMs = event.firstSampleAtMs;
        speeches.set(event.utteranceId, { startMs, lastMs: atMs, noticedMs: atMs, index: acts.length });
        acts.push({ kind: "speech", startMs, endMs: atMs, lengthMs: atMs - startMs, words: "", wordsAfterMs: 0 });
        break;
      }
      case "caller-speech-ended":
      case "transcript-final":
      case "transcript-failed": {
        const speech = speeches.get(event.utteranceId);
        if (!speech) break;
        if (event.type === "caller-speech-ended") {
          speech.lastMs = event.lastSampleAtMs;
          speech.noticedMs = atMs;
        }
        const words = event.type === "transcript-final" ? event.text : "";
        acts[speech.index] = {
          kind: "speech",
          startMs: speech.startMs,
          endMs: speech.lastMs,
          lengthMs: Math.max(MIN_SPEECH_MS, speech.lastMs - speech.startMs),
          words,
          wordsAfterMs: event.type === "caller-speech-ended" ? 0 : Math.max(0, atMs - speech.noticedMs),
          ...(event.type === "transcript-failed" ? { isFailed: true } : {}),
        };
        break;
      }
      case "digit-pressed":
        acts.push({ kind: "digit", startMs: atMs, endMs: atMs, digit: event.digit });
        break;
      case "leg-lost":
      case "leg-resumed":
      case "leg-closed":
        acts.push({ kind: "fact", startMs: atMs, endMs: atMs, fact: withoutTime(event) });
        break;
      default:
        if (ORDERS.has(event.type)) acts.push({ kind: "fact", startMs: atMs, endMs: atMs, fact: withoutTime(event) });
    }
  }
  return acts;
}

function withoutTime({ atMs: _, ...fact }: JournalEntry["event"]): Fact {
  return fact as Fact;
}
