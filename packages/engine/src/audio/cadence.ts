/** How somebody who has just answered the phone speaks: a person says a few words and waits, a machine talks on. */

/** One piece of speech as the voice activity cuts it, call time. Without an end it is still going on. */
export type SpeechStretch = { readonly startMs: number; readonly endMs?: number };

export type Cadence = {
  /** From the beginning of the call (or wherever the times count from) to the first sound of speech. */
  readonly firstSpeechAtMs: number;
  /** The first speech without a pause worth the name. */
  readonly firstStretchMs: number;
  /** The first speech up to a pause after which an answer could be expected. */
  readonly greetingMs: number;
  /** Silence since the last speech; 0 while there is some. */
  readonly silentMs: number;
  /** Pauses inside the greeting, and the longest of them. */
  readonly pauses: number;
  readonly longestPauseMs: number;
  /** Share of the greeting that is speech, 0 to 1. */
  readonly density: number;
  /** The greeting has been followed by an answering pause. */
  readonly hasYielded: boolean;
};

/** Shorter gaps are inside words. */
const WORD_GAP_MS = 300;
/** After such a silence somebody waits for the other side. */
const ANSWERING_PAUSE_MS = 1000;
/** "Hello?", "Miller's bakery, good morning, how can I help?". */
const PERSON_MAX_MS = 2500;
const PERSON_SURE_MS = 1800;
/** Nobody who wants an answer speaks so long without a pause. */
const MACHINE_MIN_MS = 4500;

/** Describes what was said since the call was answered; undefined before the first sound. `stretches` in order. */
export function describeCadence(stretches: readonly SpeechStretch[], nowMs: number): Cadence | undefined {
  const first = stretches[0];
  if (!first) return undefined;
  const greeting = takeGreeting(stretches, nowMs);
  const endMs = endOf(greeting.at(-1) ?? first, nowMs);
  const gaps = gapsOf(greeting, nowMs);
  const pauses = gaps.filter((gapMs) => gapMs >= WORD_GAP_MS);
  const firstPause = gaps.findIndex((gapMs) => gapMs >= WORD_GAP_MS);
  const firstEnd = firstPause < 0 ? endMs : endOf(greeting[firstPause] ?? first, nowMs);
  const greetingMs = endMs - first.startMs;
  const speechMs = greeting.reduce((sum, stretch) => sum + endOf(stretch, nowMs) - stretch.startMs, 0);
  const last = stretches.at(-1) ?? first;
  return {
    firstSpeechAtMs: first.startMs,
    firstStretchMs: firstEnd - first.startMs,
    greetingMs,
    silentMs: Math.max(0, nowMs - endOf(last, nowMs)),
    pauses: pauses.length,
    longestPauseMs: Math.max(0, ...pauses),
    density: greetingMs === 0 ? 0 : speechMs / greetingMs,
    hasYielded: greeting.length < stretches.length || nowMs - endMs >= ANSWERING_PAUSE_MS,
  };
}

/** Who that sounds like, as far as cadence alone can tell: undefined means listen on, or ask the words. */
export function whoSpeaks(cadence: Cadence): "person" | "machine" | undefined {
  if (cadence.greetingMs >= MACHINE_MIN_MS) return "machine";
  if (!cadence.hasYielded) return undefined;
  if (cadence.greetingMs <= PERSON_SURE_MS) return "person";
  return cadence.greetingMs <= PERSON_MAX_MS && cadence.pauses > 0 ? "person" : undefined;
}

function takeGreeting(stretches: readonly SpeechStretch[], nowMs: number): readonly SpeechStretch[] {
  const gaps = gapsOf(stretches, nowMs);
  const end = gaps.findIndex((gapMs) => gapMs >= ANSWERING_PAUSE_MS);
  return end < 0 ? stretches : stretches.slice(0, end + 1);
}

function gapsOf(stretches: readonly SpeechStretch[], nowMs: number): readonly number[] {
  return stretches.slice(1).map((stretch, index) => stretch.startMs - endOf(stretches[index] ?? stretch, nowMs));
}

function endOf(stretch: SpeechStretch, nowMs: number): number {
  return stretch.endMs ?? Math.max(nowMs, stretch.startMs);
}
