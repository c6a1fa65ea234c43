import { type Samples, toSamples } from "@earshot/engine";

/** Longest piece that is recognised at once: the time that takes grows faster than the piece. */
const MAX_PIECE = toSamples(15_000);
/** A long utterance is cut no earlier than this. */
const MIN_PIECE = toSamples(8000);
/** The quietest stretch of this length is where it is cut. */
const GAP = toSamples(120);
const STEP = toSamples(20);

/** The audio of one utterance since the last cut: at most fifteen seconds, however long the caller talks. */
export class UtteranceAudio {
  #samples = new Int16Array(toSamples(2000));
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns the pieces that are now long enough to be recognised. */
  push(added: Samples): Samples[] {
    const pieces: Samples[] = [];
    for (let read = 0; read < added.length; ) {
      const count = Math.min(added.length - read, MAX_PIECE - this.#length);
      this.#append(added.subarray(read, read + count));
      read += count;
      if (this.#length === MAX_PIECE) pieces.push(this.#cut());
    }
    return pieces;
  }

  /** A copy of what has not been cut off. */
  copy(): Samples {
    return this.#samples.slice(0, this.#length);
  }

  #append(added: Samples): void {
    const needed = this.#length + added.length;
    if (needed > this.#samples.length) {
      const larger = new Int16Array(Math.min(MAX_PIECE, Math.max(needed, 2 * this.#samples.length)));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(added, this.#length);
    this.#length = needed;
  }

  #cut(): Samples {
    const at = findQuietest(this.#samples.subarray(0, this.#length), MIN_PIECE);
    const piece = this.#samples.slice(0, at);
    this.#samples.copyWithin(0, at, this.#length);
    this.#length -= at;
    return piece;
  }
}

/** Middle of the quietest gap from `from` on; the later of equally quiet ones. */
export function findQuietest(samples: Int16Array, from: number): number {
  let quietest = Number.POSITIVE_INFINITY;
  let found = samples.length;
  for (let start = from; start + GAP <= samples.length; start += STEP) {
    let energy = 0;
    for (const sample of samples.subarray(start, start + GAP)) energy += sample * sample;
    if (energy > quietest) continue;
    quietest = energy;
    found = start + GAP / 2;
  }
  return found;
}
