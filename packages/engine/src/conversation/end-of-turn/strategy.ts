import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** How an utterance ended, against the speaker's own way of speaking. */
export type Prosody = {
  /** Of the last third of a second of voice, semitones a second; below 0: falling. */
  readonly pitchSlope: number;
  /** The last pitch against the speaker's median, semitones. */
  readonly finalPitch: number;
  /** How much louder the utterance was than its last fifth of a second, dB. */
  readonly energyFall: number;
  /** How long the last voiced stretch lasted, ms: hesitation draws it out. */
  readonly lastVoicedMs: number;
};

/** What is known at a pause of the caller. */
export type Evidence = {
  /** All words of the turn so far, as recognised. */
  readonly text: string;
  /** The agent's newest words, as heard: what the caller answers. */
  readonly asked: string;
  readonly vocabulary: Vocabulary;
  /** How the newest utterance ended; absent where nobody listens for it. */
  readonly prosody?: Prosody | undefined;
  /** The recogniser's own probability that the turn is over, 0 to 1. */
  readonly recogniser?: number | undefined;
};

/** One reason to believe that the turn is over (weight above 0) or goes on (below), in log-odds. */
export type Clue = { readonly why: string; readonly weight: number };

/** Looks at a pause in one way; undefined where it sees nothing. */
export type Strategy = (evidence: Evidence) => Clue | undefined;
