const WORDS = 8;

/**
 * Which of the latest packets have come (RFC 3711 section 3.3.2): at least the last 225, at most 256. Indices are whole
 * numbers below 2^48.
 */
export class ReplayWindow {
  readonly #bits = new Uint32Array(WORDS);
  #highest = -1;

  /** Neither seen before nor too old to know. */
  isNew(index: number): boolean {
    if (index > this.#highest) return true;
    const word = Math.floor(index / 32);
    if (word <= Math.floor(this.#highest / 32) - WORDS) return false;
    return ((this.#bits[word % WORDS] as number) & (1 << (index % 32))) === 0;
  }

  accept(index: number): void {
    const word = Math.floor(index / 32);
    if (index > this.#highest) {
      const firstNew = Math.max(Math.floor(this.#highest / 32) + 1, word - WORDS + 1);
      for (let fresh = firstNew; fresh <= word; fresh++) this.#bits[fresh % WORDS] = 0;
      this.#highest = index;
    }
    this.#bits[word % WORDS] = (this.#bits[word % WORDS] as number) | (1 << (index % 32));
  }
}
