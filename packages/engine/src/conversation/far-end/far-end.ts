/** Who has picked up a call that the agent placed: a person, an answering machine, or a screener in front of either. */

import type { Rules } from "../rules.ts";

export type FarEnd = {
  readonly who: "unknown" | "person" | "machine";
  /** What was said, as long as it may be a machine's greeting. Small letters, no punctuation. */
  readonly words: string;
  /** From the first sound to the last before a pause in which an answer could be expected. */
  readonly greetingFromMs: number;
  readonly greetingToMs: number;
  /** Such a pause has come: what follows is no greeting. */
  readonly hasYielded: boolean;
  /** The pause before the newest utterance, ms. */
  readonly gapMs: number;
  /** A beep, and nothing said since. */
  readonly beepAtMs?: number;
  /** It has said what only people say; a tape may, for a joke. */
  readonly hasAsked?: true;
  /** A screener was answered: now somebody may be fetched. */
  readonly isScreened?: true;
  /** The message was begun: there is no second one. */
  readonly hasMessage?: true;
};

/** "sit": the three tones of "no such number". */
export type ToneKind = "beep" | "ringback" | "busy" | "sit";

/** After such a silence somebody waits for the other side, ms. */
const ANSWERING_PAUSE_MS = 1_000;

export function meetFarEnd({ screening, voicemail }: Rules): { readonly farEnd?: FarEnd } {
  if (screening === undefined && voicemail === undefined) return {};
  return {
    farEnd: { who: "unknown", words: "", greetingFromMs: -1, greetingToMs: -1, hasYielded: false, gapMs: 0 },
  };
}

export function farEndBegins(farEnd: FarEnd, firstSampleAtMs: number, lastSampleAtMs: number): FarEnd {
  const { beepAtMs: _, ...rest } = farEnd;
  const isFirst = farEnd.greetingFromMs < 0;
  const gapMs = isFirst ? 0 : Math.max(0, firstSampleAtMs - lastSampleAtMs);
  return {
    ...rest,
    gapMs,
    greetingFromMs: isFirst ? firstSampleAtMs : farEnd.greetingFromMs,
    hasYielded: farEnd.hasYielded || gapMs >= ANSWERING_PAUSE_MS,
  };
}

export function farEndPauses(farEnd: FarEnd, lastSampleAtMs: number): FarEnd {
  return farEnd.hasYielded ? farEnd : { ...farEnd, greetingToMs: lastSampleAtMs };
}
