import { seededRandom } from "./seeded-random.ts";

export type Impairment = {
  /** 0 to 1. */
  readonly loss?: number;
  /** Packets are late by up to this, evenly; those that overtake stay reordered. */
  readonly jitterMs?: number;
  readonly duplicates?: number;
  readonly delayMs?: number;
};

/** When each of the packets sent arrives: no entry for the lost, two for the doubled. Sorted by arrival. */
export function impair<Packet>(
  sent: readonly { readonly atMs: number; readonly packet: Packet }[],
  { loss = 0, jitterMs = 0, duplicates = 0, delayMs = 30 }: Impairment,
  seed: number,
): { atMs: number; packet: Packet }[] {
  const random = seededRandom(seed);
  const arrive = (atMs: number) => atMs + delayMs + random() * jitterMs;
  return sent
    .filter(() => random() >= loss)
    .flatMap(({ atMs, packet }) =>
      Array.from({ length: random() < duplicates ? 2 : 1 }, () => ({ atMs: arrive(atMs), packet })),
    )
    .toSorted((a, b) => a.atMs - b.atMs);
}
