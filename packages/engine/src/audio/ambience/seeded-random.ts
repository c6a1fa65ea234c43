/** A repeatable source of numbers from 0 to 1 (Marsaglia's xorshift, 32 bits): the same seed, the same sound. */
export type Random = () => number;

export function seededRandom(seed: number): Random {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** A number from `min` to `max`. */
export function between(random: Random, min: number, max: number): number {
  return min + random() * (max - min);
}
