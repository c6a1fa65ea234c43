/** Puts numbered pieces of sound in order. A piece that doesn't come is waited for while so many later ones come. */

const MAX_WAITING = 5;
/** Nothing is so late: the carrier counts anew, or once counted wrong. */
const COUNTED_ANEW = 100;

export class ChunkSorter {
  #next: number | undefined;
  readonly #waiting = new Map<number, Uint8Array>();

  /** The pieces whose turn it is, in order. One that comes after its turn is dropped. */
  push(chunk: number, payload: Uint8Array): Uint8Array[] {
    this.#next ??= chunk;
    if (this.#next - chunk > COUNTED_ANEW) {
      this.#waiting.clear();
      this.#next = chunk;
    }
    if (chunk < this.#next) return [];
    this.#waiting.set(chunk, payload);
    if (this.#waiting.size > MAX_WAITING) this.#next = Math.min(...this.#waiting.keys());
    return this.#take();
  }

  /** Nothing more comes for now: what waits is given, gaps and all. */
  flush(): Uint8Array[] {
    const all: Uint8Array[] = [];
    while (this.#waiting.size > 0) {
      this.#next = Math.min(...this.#waiting.keys());
      all.push(...this.#take());
    }
    return all;
  }

  #take(): Uint8Array[] {
    const ready: Uint8Array[] = [];
    for (let next = this.#next ?? 0; ; next++) {
      const payload = this.#waiting.get(next);
      this.#next = next;
      if (payload === undefined) return ready;
      this.#waiting.delete(next);
      ready.push(payload);
    }
  }
}
