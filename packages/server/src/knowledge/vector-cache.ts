/** The vectors of the knowledge bases that were searched last, in memory. */

import type { KnowledgeStore, StoredVector } from "./store.ts";

/** Numbers of all vectors together: 64 MB. The base that was not searched for longest goes first. */
const MAX_NUMBERS = 16_000_000;

type Held = { readonly version: string; readonly vectors: readonly StoredVector[]; readonly numbers: number };

export class VectorCache {
  readonly #store: Pick<KnowledgeStore, "versionOf" | "vectors">;
  /** In the order of their last use. */
  readonly #held = new Map<string, Held>();

  constructor(store: Pick<KnowledgeStore, "versionOf" | "vectors">) {
    this.#store = store;
  }

  async get(baseId: string): Promise<readonly StoredVector[]> {
    const version = await this.#store.versionOf(baseId);
    const held = this.#held.get(baseId);
    const vectors = held?.version === version ? held.vectors : await this.#store.vectors(baseId);
    const numbers = vectors.reduce((sum, { vector }) => sum + vector.length, 0);
    this.#held.delete(baseId);
    this.#held.set(baseId, { version, vectors, numbers });
    this.#makeRoom();
    return vectors;
  }

  #makeRoom(): void {
    let numbers = [...this.#held.values()].reduce((sum, held) => sum + held.numbers, 0);
    for (const [baseId, held] of this.#held) {
      if (numbers <= MAX_NUMBERS) return;
      this.#held.delete(baseId);
      numbers -= held.numbers;
    }
  }
}
