/** 60 to 420 Hz in semitones over 1 Hz, a quarter of a semitone a bin. */
const FIRST_SEMITONE = 12 * Math.log2(60);
const BINS_A_SEMITONE = 4;
const BINS = Math.ceil(12 * Math.log2(420 / 60) * BINS_A_SEMITONE);
/** Half of what is older than a minute of voice is forgotten: another speaker may have taken the phone. */
const FORGET_AFTER = 3000;

/** The pitch about which somebody speaks. */
export class SpeakerPitch {
  readonly #counts = new Float32Array(BINS);
  #total = 0;

  /** The median, semitones over 1 Hz; 0 while nothing is known. */
  get medianSemitone(): number {
    let below = 0;
    for (let bin = 0; bin < BINS; bin++) {
      below += this.#counts[bin] as number;
      if (this.#total > 0 && below >= this.#total / 2) return FIRST_SEMITONE + (bin + 0.5) / BINS_A_SEMITONE;
    }
    return 0;
  }

  add(semitone: number): void {
    const bin = Math.floor((semitone - FIRST_SEMITONE) * BINS_A_SEMITONE);
    const at = Math.max(0, Math.min(BINS - 1, bin));
    this.#counts[at] = (this.#counts[at] as number) + 1;
    if (++this.#total > FORGET_AFTER) this.#forget();
  }

  #forget(): void {
    this.#total = 0;
    for (let bin = 0; bin < BINS; bin++) {
      this.#counts[bin] = (this.#counts[bin] as number) / 2;
      this.#total += this.#counts[bin] as number;
    }
  }
}
