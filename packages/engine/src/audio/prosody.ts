/** The melody of the caller's speech: tells an utterance that comes to its end from one that only pauses. */

import { FRAME_MS } from "./frame.ts";
import { PitchTracker } from "./pitch/pitch-tracker.ts";
import { SpeakerPitch } from "./pitch/speaker-pitch.ts";
import { steadySlope } from "./pitch/steady-slope.ts";

export type ProsodyFrame = {
  isVoiced: boolean;
  /** Hz; 0 where unvoiced. */
  pitchHz: number;
  /** dB under full scale, of what lies under 1.9 kHz. */
  levelDb: number;
};

/** How the last words were said. All but the rate and the lengthening are of the last 500 ms of voice or less. */
export type UtteranceProsody = {
  /** Semitones a second; falling is negative. */
  readonly slope: number;
  /** Pitch of the last 100 ms of voice against the median of all that this speaker has said, semitones. */
  readonly finalPitch: number;
  /** By how much the last 160 ms of voice are quieter than the utterance's voice, dB. */
  readonly energyFallDb: number;
  /** Syllables a second, as told by the swelling of the voice; all but pauses count. */
  readonly syllableRate: number;
  /** The last syllable's length against the mean of those before it; above 1.5 it is drawn out. */
  readonly finalLengthening: number;
  /** How much voice this is told from, ms. */
  readonly voicedMs: number;
};

const VOICED_CLARITY = 0.6;
/** Quieter than this is no voice, dB; nor is what is this much below the utterance's loudest. */
const LEAST_LEVEL_DB = -60;
const VOICED_RANGE_DB = 30;
/** 30 s at most are kept of an utterance; of longer ones the end. */
const KEPT_FRAMES = 1500;
const LAST_WORDS_MS = 500;
const FINAL_PITCH_MS = 100;
const FINAL_ENERGY_MS = 160;
/** Less voice says nothing. */
const MIN_VOICED_MS = 160;
/** A dip of this depth parts two syllables, dB. */
const SYLLABLE_DIP_DB = 4;

export class ProsodyTracker {
  readonly #tracker = new PitchTracker();
  readonly #speaker = new SpeakerPitch();
  readonly #frame: ProsodyFrame = { isVoiced: false, pitchHz: 0, levelDb: LEAST_LEVEL_DB };
  readonly #semitones = new Float32Array(KEPT_FRAMES);
  readonly #levels = new Float32Array(KEPT_FRAMES);
  #count = 0;
  #loudestDb = LEAST_LEVEL_DB;

  /** A new utterance begins; what is known of the speaker stays. */
  begin(): void {
    this.#count = 0;
    this.#loudestDb = LEAST_LEVEL_DB;
  }

  /** Takes 20 ms at 16 kHz. The answer is overwritten by the next call. */
  push(frame: Int16Array): Readonly<ProsodyFrame> {
    const tracker = this.#tracker;
    tracker.push(frame);
    const levelDb = Math.max(-100, 10 * Math.log10(tracker.power + 1e-10));
    this.#loudestDb = Math.max(this.#loudestDb, levelDb);
    const isLoud = levelDb > Math.max(LEAST_LEVEL_DB, this.#loudestDb - VOICED_RANGE_DB);
    const isVoiced = isLoud && tracker.clarity > VOICED_CLARITY && tracker.pitchHz > 0;
    this.#frame.isVoiced = isVoiced;
    this.#frame.pitchHz = isVoiced ? tracker.pitchHz : 0;
    this.#frame.levelDb = levelDb;
    this.#keep(isVoiced ? 12 * Math.log2(tracker.pitchHz) : 0, levelDb);
    return this.#frame;
  }

  /** Of the utterance up to now; may be asked at every pause. Undefined where too little was voiced. */
  describe(): UtteranceProsody | undefined {
    const voiced = this.#lastVoiced(LAST_WORDS_MS / FRAME_MS);
    const voicedMs = voiced.length * FRAME_MS;
    if (voicedMs < MIN_VOICED_MS) return undefined;
    const final = voiced.slice(-FINAL_PITCH_MS / FRAME_MS).map((at) => this.#semitoneAt(at));
    const syllables = this.#findSyllables();
    return {
      slope: steadySlope(
        voiced.map((at) => (at * FRAME_MS) / 1000),
        voiced.map((at) => this.#semitoneAt(at)),
      ),
      finalPitch: meanOf(final) - this.#speaker.medianSemitone,
      energyFallDb:
        this.#voiceLevel() - meanOf(voiced.slice(-FINAL_ENERGY_MS / FRAME_MS).map((at) => this.#levelAt(at))),
      syllableRate: rateOf(syllables),
      finalLengthening: lengtheningOf(syllables),
      voicedMs,
    };
  }

  #keep(semitone: number, levelDb: number): void {
    this.#semitones[this.#count % KEPT_FRAMES] = semitone;
    this.#levels[this.#count % KEPT_FRAMES] = levelDb;
    this.#count++;
    if (semitone > 0) this.#speaker.add(semitone);
  }

  #semitoneAt(at: number): number {
    return this.#semitones[at % KEPT_FRAMES] as number;
  }

  #levelAt(at: number): number {
    return this.#levels[at % KEPT_FRAMES] as number;
  }

  get #first(): number {
    return Math.max(0, this.#count - KEPT_FRAMES);
  }

  /** Numbers of the voiced frames within the `frames` that end with the last voiced one. */
  #lastVoiced(frames: number): number[] {
    const voiced: number[] = [];
    for (let at = this.#count - 1; at >= this.#first; at--) {
      if (voiced.length > 0 && (voiced[0] as number) - at >= frames) break;
      if (this.#semitoneAt(at) > 0) voiced.push(at);
    }
    return voiced.reverse();
  }

  #voiceLevel(): number {
    const levels: number[] = [];
    for (let at = this.#first; at < this.#count; at++) if (this.#semitoneAt(at) > 0) levels.push(this.#levelAt(at));
    return meanOf(levels);
  }

  /** Lengths of the stretches between dips of the voice, in frames. */
  #findSyllables(): number[] {
    const lengths: number[] = [];
    let length = 0;
    let peakDb = Number.NEGATIVE_INFINITY;
    let dipDb = Number.POSITIVE_INFINITY;
    const end = () => {
      if (length > 1) lengths.push(length);
      length = 0;
      peakDb = Number.NEGATIVE_INFINITY;
      dipDb = Number.POSITIVE_INFINITY;
    };
    for (let at = this.#first; at < this.#count; at++) {
      const level = this.#levelAt(at);
      if (this.#semitoneAt(at) === 0) {
        end();
        continue;
      }
      if (level > peakDb) [peakDb, dipDb] = [level, level];
      dipDb = Math.min(dipDb, level);
      if (peakDb - dipDb > SYLLABLE_DIP_DB && level - dipDb > SYLLABLE_DIP_DB) {
        end();
        peakDb = dipDb = level;
      }
      length++;
    }
    end();
    return lengths;
  }
}

function rateOf(syllables: readonly number[]): number {
  const frames = syllables.reduce((sum, length) => sum + length, 0);
  return frames === 0 ? 0 : (syllables.length * 1000) / (frames * FRAME_MS);
}

function lengtheningOf(syllables: readonly number[]): number {
  const before = syllables.slice(0, -1);
  return before.length === 0 ? 1 : (syllables.at(-1) ?? 0) / meanOf(before);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
