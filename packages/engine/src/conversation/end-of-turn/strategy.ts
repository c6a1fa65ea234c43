import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** How an utterance ended, against the speaker's own way of speaking. */
export type Prosody = {
  /** Of the last half second of voice, semitones a second; below 0: falling. */
  readonly slope: number;
  /** The last pitch against the speaker's median, semitones. */
  readonly finalPitch: number;
  /** How much quieter the end is than the rest of the utterance, dB. */
  readonly energyFallDb: number;
  /** The last syllable's length against those before it: hesitation draws it out. */
  readonly finalLengthening: number;
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
  /** Earlier pauses of the same turn, ms: the pace at which something is dictated. */
  readonly turnPauses?: readonly number[];
};

/** One reason to believe that the turn is over (weight above 0) or goes on (below), in log-odds. */
export type Clue = {
  readonly why: string;
  readonly weight: number;
  /** Told by a full stop, or by none: a recogniser sets it behind any piece of what is dictated. */
  readonly isPunctuation?: true;
  /** Told by the voice, not by words. */
  readonly isVoice?: true;
  /** About a piece of what is dictated. */
  readonly isPiece?: true;
  /** Pieces of no known number: those to come keep the pace of those before. */
  readonly isPaced?: true;
};

/** The evidence, with its text cut into words once. */
export type Look = Evidence & { /** In small letters, without punctuation. */ readonly said: readonly string[] };

/** Looks at a pause in one way; undefined where it sees nothing. */
export type Strategy = (look: Look) => Clue | undefined;
