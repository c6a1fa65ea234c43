import { ENGINE_RATE_HZ, type Samples, toSamples } from "@earshot/engine";
import { fromDb } from "./samples.ts";

export type EchoOptions = {
  /** How much quieter than the loudspeaker, dB below 0. Default -20: a speakerphone without a canceller. */
  readonly gainDb?: number;
  /** From the loudspeaker to the far end's ear. Default 80. */
  readonly delayMs?: number;
};

const ROOM = [
  { delayMs: 0, gain: 1 },
  { delayMs: 11, gain: 0.45 },
  { delayMs: 23, gain: 0.3 },
  { delayMs: 41, gain: 0.15 },
];

/** The agent's own voice in the caller's microphone: later, quieter, and with a room around it. */
export class Echo {
  readonly #ring: Float64Array;
  readonly #taps: readonly { readonly delay: number; readonly gain: number }[];
  #at = 0;

  constructor({ gainDb = -20, delayMs = 80 }: EchoOptions) {
    const gain = fromDb(gainDb);
    this.#taps = ROOM.map((tap) => ({ delay: toSamples(delayMs + tap.delayMs), gain: gain * tap.gain }));
    this.#ring = new Float64Array(Math.max(...this.#taps.map(({ delay }) => delay)) + ENGINE_RATE_HZ);
  }

  /** Takes what the loudspeaker plays next and returns what the microphone has of it meanwhile. */
  pass(played: Samples): Float64Array {
    const size = this.#ring.length;
    return Float64Array.from(played, (sample) => {
      this.#ring[this.#at] = sample;
      let sum = 0;
      for (const { delay, gain } of this.#taps) sum += gain * (this.#ring[(this.#at - delay + size) % size] ?? 0);
      this.#at = (this.#at + 1) % size;
      return sum;
    });
  }
}
