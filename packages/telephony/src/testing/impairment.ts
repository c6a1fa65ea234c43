import { seededRandom } from "./seeded-random.ts";

export type Impairment = {
  /** 0 to 1. */
  readonly loss?: number;
  /** Stretches in which nothing arrives: how many of a hundred packets begin one, and how many packets it takes. */
  readonly bursts?: { readonly share: number; readonly packets: number };
  /** Packets are late by up to this, evenly; those that overtake stay reordered. */
  readonly jitterMs?: number;
  /** A share of the packets that is held back for so long, and overtaken by those behind it. */
  readonly reordering?: { readonly share: number; readonly byMs: number };
  readonly duplicates?: number;
  readonly delayMs?: number;
};

/** What networks do to calls, by name, from good to hardly bearable. */
export const IMPAIRMENTS = {
  perfect: {},
  "loss of 1 %": { loss: 0.01 },
  "loss of 3 %": { loss: 0.03 },
  "loss of 5 %": { loss: 0.05 },
  "loss of 10 %": { loss: 0.1 },
  "bursts of 60 ms": { bursts: { share: 0.01, packets: 3 } },
  "jitter of 40 ms": { jitterMs: 40 },
  reordering: { reordering: { share: 0.05, byMs: 45 } },
  duplicates: { duplicates: 0.1 },
  "a bad mobile line": {
    loss: 0.03,
    bursts: { share: 0.005, packets: 3 },
    jitterMs: 40,
    reordering: { share: 0.02, byMs: 30 },
    duplicates: 0.02,
  },
} as const satisfies Record<string, Impairment>;

export type ImpairmentName = keyof typeof IMPAIRMENTS;

/** Decides packet by packet, the same for the same seed. */
export class Impairer {
  readonly #random: () => number;
  #lostOfBurst = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** After how many ms each copy of the next packet arrives: none for a lost one, two for a doubled. */
  delaysMs(impairment: Impairment): number[] {
    const { loss = 0, duplicates = 0, jitterMs = 0, delayMs = 30, bursts, reordering } = impairment;
    const random = this.#random;
    if (this.#lostOfBurst > 0) {
      this.#lostOfBurst--;
      return [];
    }
    if (bursts && random() < bursts.share) {
      this.#lostOfBurst = bursts.packets - 1;
      return [];
    }
    if (random() < loss) return [];
    const heldMs = reordering && random() < reordering.share ? reordering.byMs : 0;
    const copies = random() < duplicates ? 2 : 1;
    return Array.from({ length: copies }, () => delayMs + heldMs + random() * jitterMs);
  }
}

/** When each of the packets sent arrives: no entry for the lost, two for the doubled. Sorted by arrival. */
export function impair<Packet>(
  sent: readonly { readonly atMs: number; readonly packet: Packet }[],
  impairment: Impairment,
  seed: number,
): { atMs: number; packet: Packet }[] {
  const impairer = new Impairer(seed);
  return sent
    .flatMap(({ atMs, packet }) => impairer.delaysMs(impairment).map((delayMs) => ({ atMs: atMs + delayMs, packet })))
    .toSorted((a, b) => a.atMs - b.atMs);
}
