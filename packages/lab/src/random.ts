import { uniformFloat32 } from "pure-rand/distribution/uniformFloat32";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Chance that a seed decides: the same seed gives the same values on every machine. */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** From 0 up to but not including 1. */
  next(): number {
    return uniformFloat32(this.#generator);
  }

  /** From `low` up to but not including `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return Math.min(high, Math.floor(this.between(low, high + 1)));
  }

  /** One of the items. @throws RangeError when there are none */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError("There is nothing to pick from.");
    return item;
  }

  /** True with a chance from 0 to 1. */
  chance(share: number): boolean {
    return this.next() < share;
  }
}

/**
 * A seed of its own for each thing that wants chance, so that one more draw here changes nothing there: FNV-1a, with
 * MurmurHash3's last step, without which names that differ in their last letter would begin alike.
 */
export function seedFrom(seed: number, name: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const character of `${seed}/${name}`) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01_00_01_93);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
