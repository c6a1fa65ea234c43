import { FRAME_MS, FRAME_SAMPLES, type Samples } from "@earshot/engine";
import type { Random } from "../random.ts";
import { toSample } from "./samples.ts";

export type PacketLossOptions = {
  /** Frames of 20 ms that don't arrive, 0 to 100. */
  readonly percent: number;
  /** How many are lost in a row on average; 1: each by itself. Default 1. */
  readonly burstFrames?: number;
  /** Whether the far end fills gaps with the last sound, fading, as ITU-T G.711 Appendix I does. Default true. */
  readonly isConcealed?: boolean;
};

/** A gap is filled for this long; then it is silent. */
const CONCEALED_MS = 60;

/** A line that loses packets, in bursts (a Gilbert model: one chance to begin losing, one to stop). */
export class PacketLoss {
  readonly #random: Random;
  readonly #isConcealed: boolean;
  readonly #beginChance: number;
  readonly #stopChance: number;
  #isLosing = false;
  #last: Samples = new Int16Array(FRAME_SAMPLES);
  #lostInARow = 0;
  #lost = 0;

  constructor({ percent, burstFrames = 1, isConcealed = true }: PacketLossOptions, random: Random) {
    const share = Math.min(0.99, Math.max(0, percent / 100));
    this.#random = random;
    this.#isConcealed = isConcealed;
    this.#stopChance = 1 / Math.max(1, burstFrames);
    this.#beginChance = Math.min(1, (share * this.#stopChance) / (1 - share));
  }

  /** Frames lost so far. */
  get lost(): number {
    return this.#lost;
  }

  /** What the far end hears of the next frame. */
  pass(frame: Samples): Samples {
    this.#isLosing = this.#random.chance(this.#isLosing ? 1 - this.#stopChance : this.#beginChance);
    if (!this.#isLosing) {
      this.#last = frame;
      this.#lostInARow = 0;
      return frame;
    }
    this.#lost += 1;
    this.#lostInARow += 1;
    return this.#isConcealed ? this.#conceal() : new Int16Array(frame.length);
  }

  #conceal(): Samples {
    const frames = CONCEALED_MS / FRAME_MS;
    const gain = Math.max(0, 1 - this.#lostInARow / (frames + 1));
    return this.#last.map((sample) => toSample(sample * gain));
  }
}
