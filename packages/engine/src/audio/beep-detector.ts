/** Hears the tones of the telephone: the beep of an answering machine, ring-back, busy, and "no such number". */

import { FRAME_MS } from "./frame.ts";
import { StrongestTones } from "./tones/strongest-tones.ts";

export type ToneKind = "beep" | "ringback" | "busy" | "sit";

export type ToneHeard = {
  readonly kind: ToneKind;
  /** Of the tone; of the lower one where there are two. */
  readonly frequencyHz: number;
  readonly durationMs: number;
};

const BEEP_HZ = { min: 345, max: 2510 };
const BEEP_MS = { min: 150, max: 2000 };
/** Everywhere but in North America and Britain, ring-back and busy are this one tone. */
const PROGRESS_HZ = { min: 412, max: 438 };
/** Pairs of tones, Hz: North America's ring-back and busy (Bellcore GR-506), Britain's ring-back. */
const PAIRS = [
  { kind: "ringback", lowHz: 440, highHz: 480 },
  { kind: "ringback", lowHz: 400, highHz: 450 },
  { kind: "busy", lowHz: 480, highHz: 620 },
] as const;
/** ITU-T E.180: three tones in a row, 330 ms each. */
const SIT_HZ = [
  { min: 900, max: 1000 },
  { min: 1350, max: 1450 },
  { min: 1750, max: 1830 },
] as const;
const SIT_MS = { min: 200, max: 450 };

const MIN_POWER = 10 ** -4.5;
const TONE_SHARE = 0.75;
const PAIR_SHARE = 0.8;
/** A tone stays where it is. */
const STEADY_HZ = 10;
const PAIR_HZ = 9;
/** Two thirds of a beep are within 2.5 dB of its loudest. */
const STEADY_POWER = 10 ** -0.25;
const STEADY_SHARE = 0.6;
/** The beep is over when its end is this much quieter, for this long. */
const DROP = 10 ** -0.7;
const QUIET_FRAMES = 4;
/** While a tone ends, or noise bursts in, it is neither there nor gone. */
const UNCLEAR_FRAMES = 2;
/** Runs are seen through a window of 64 ms: this many frames longer than the tone is. */
const BLUR_MS = 25;
const PAIR_AFTER_MS = 300;
/** Ring-back of one tone lasts this long at least; busy is two bursts of less with a gap like them. */
const RINGBACK_MS = 700;
const BUSY_GAP_MS = { min: 150, max: 650 };

type Range = { readonly min: number; readonly max: number };
type Run = {
  hz: number;
  frames: number;
  peak: number;
  steady: number;
  quiet: number;
  unclear: number;
  isDone: boolean;
};

/** Feed it every frame of the caller; a tone is told once, when it is certain. */
export class BeepDetector {
  readonly #tones = new StrongestTones();
  readonly #run: Run = { hz: 0, frames: 0, peak: 0, steady: 0, quiet: 0, unclear: 0, isDone: true };
  #pairFrames = 0;
  #pairKind: ToneKind | undefined;
  /** How many of the three tones of "no such number" have come. */
  #sitTones = 0;
  /** A single progress tone that may be a beep, and frames since its end. */
  #heldMs = 0;
  #heldFrames = 0;

  /** @param frame 20 ms at 16 kHz */
  push(frame: Int16Array): ToneHeard | undefined {
    this.#tones.push(frame);
    return this.#followPair() ?? this.#followTone() ?? this.#releaseHeld();
  }

  #followPair(): ToneHeard | undefined {
    const { power, firstHz, firstShare, secondHz, secondShare } = this.#tones;
    const isPair = power > MIN_POWER && secondHz > 0 && firstShare + secondShare > PAIR_SHARE;
    const [lowHz, highHz] = firstHz < secondHz ? [firstHz, secondHz] : [secondHz, firstHz];
    const pair = isPair ? PAIRS.find((known) => isNear(lowHz, known.lowHz) && isNear(highHz, known.highHz)) : undefined;
    if (pair === undefined || pair.kind !== this.#pairKind) this.#pairFrames = 0;
    this.#pairKind = pair?.kind;
    if (pair === undefined || ++this.#pairFrames * FRAME_MS !== PAIR_AFTER_MS) return undefined;
    this.#run.isDone = true;
    return { kind: pair.kind, frequencyHz: pair.lowHz, durationMs: PAIR_AFTER_MS };
  }

  #followTone(): ToneHeard | undefined {
    const { power, firstHz, firstShare, secondShare } = this.#tones;
    const run = this.#run;
    const isTone = power > MIN_POWER && firstShare > TONE_SHARE && secondShare < (1 - TONE_SHARE) / 2;
    if (!run.isDone) {
      const isSame = isTone && Math.abs(firstHz - run.hz) < STEADY_HZ && power > run.peak * DROP;
      if (isSame) return this.#extend(power, firstHz);
      if (power < run.peak * DROP) return ++run.quiet >= QUIET_FRAMES ? this.#endTone(true) : undefined;
      if (!isTone && ++run.unclear <= UNCLEAR_FRAMES) return undefined;
      const heard = this.#endTone(false);
      if (heard) return heard;
    }
    if (isTone) this.#startTone(power, firstHz);
    return undefined;
  }

  #startTone(power: number, hz: number): void {
    Object.assign(this.#run, { hz, frames: 1, peak: power, steady: 1, quiet: 0, unclear: 0, isDone: false });
  }

  #extend(power: number, hz: number): undefined {
    const run = this.#run;
    run.quiet = run.unclear = 0;
    run.frames++;
    run.hz += (hz - run.hz) / Math.min(run.frames, 8);
    if (power * STEADY_POWER > run.peak) run.steady = 0;
    run.peak = Math.max(run.peak, power);
    if (power > run.peak * STEADY_POWER) run.steady++;
  }

  /** `isQuiet`: silence follows, not another sound. */
  #endTone(isQuiet: boolean): ToneHeard | undefined {
    const { hz, frames, steady } = this.#run;
    this.#run.isDone = true;
    const durationMs = frames * FRAME_MS - BLUR_MS;
    const heard = this.#followSit(hz, durationMs);
    if (heard) return heard;
    if (!isQuiet) return undefined;
    this.#sitTones = 0;
    if (!isIn(durationMs, BEEP_MS) || !isIn(hz, BEEP_HZ) || steady < frames * STEADY_SHARE) return undefined;
    if (isIn(hz, PROGRESS_HZ)) return this.#endProgressTone(durationMs);
    return { kind: "beep", frequencyHz: Math.round(hz), durationMs };
  }

  #followSit(hz: number, durationMs: number): ToneHeard | undefined {
    const expected = SIT_HZ[this.#sitTones];
    const isNext = expected !== undefined && isIn(hz, expected) && isIn(durationMs, SIT_MS);
    this.#sitTones = isNext ? this.#sitTones + 1 : 0;
    if (this.#sitTones < SIT_HZ.length) return undefined;
    this.#sitTones = 0;
    return { kind: "sit", frequencyHz: SIT_HZ[0].min + 50, durationMs: durationMs * SIT_HZ.length };
  }

  #endProgressTone(durationMs: number): ToneHeard | undefined {
    if (durationMs >= RINGBACK_MS) return { kind: "ringback", frequencyHz: 425, durationMs };
    const gapMs = this.#heldFrames * FRAME_MS - durationMs;
    const isBusy = this.#heldMs > 0 && isIn(gapMs, BUSY_GAP_MS);
    this.#heldMs = isBusy ? 0 : durationMs;
    this.#heldFrames = 0;
    return isBusy ? { kind: "busy", frequencyHz: 425, durationMs } : undefined;
  }

  /** A beep of the progress tone's pitch: nothing like it followed. */
  #releaseHeld(): ToneHeard | undefined {
    if (this.#heldMs === 0) return undefined;
    this.#heldFrames++;
    if (this.#heldFrames * FRAME_MS < BUSY_GAP_MS.max + RINGBACK_MS) return undefined;
    const durationMs = this.#heldMs;
    this.#heldMs = 0;
    return { kind: "beep", frequencyHz: 425, durationMs };
  }
}

function isIn(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}

function isNear(hz: number, expectedHz: number): boolean {
  return Math.abs(hz - expectedHz) < PAIR_HZ;
}
