/** Noise at the level a CN packet names (RFC 3389): white, softened a little, and the same on every run. */
export class ComfortNoise {
  #state = 1;
  #last = 0;
  #amplitude = 0;

  /** `payload`: the level in -dBov in its first byte; the spectrum that may follow is not used. */
  accept(payload: Uint8Array): void {
    const level = Math.min(127, (payload[0] ?? 127) & 0x7f);
    // Uniform noise of amplitude a has the power a²/3; the softening takes another part.
    this.#amplitude = level >= 90 ? 0 : 32_768 * 10 ** (-level / 20) * Math.sqrt(3) * 1.4;
  }

  stop(): void {
    this.#amplitude = 0;
  }

  fill(into: Int16Array, at: number, count: number): void {
    if (this.#amplitude === 0) {
      into.fill(0, at, at + count);
      return;
    }
    for (let i = at; i < at + count; i++) {
      this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
      const white = (this.#state / 2 ** 31) * this.#amplitude;
      this.#last = (this.#last + white) / 2;
      into[i] = Math.max(-32_768, Math.min(32_767, this.#last * 1.25));
    }
  }
}

/** The payload for a level in dBov: -127 to 0. */
export function comfortNoisePayload(levelDbov: number): Uint8Array {
  return new Uint8Array([Math.max(0, Math.min(127, Math.round(-levelDbov)))]);
}
