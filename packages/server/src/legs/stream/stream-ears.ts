/** What a carrier sends of the caller, as the engine hears it: in order, in frames of 20 ms, and never silent for long. */

import { type Clock, FRAME_SAMPLES, type Samples, toSamples } from "@earshot/engine";
import { Reframer } from "../reframer.ts";
import { ChunkSorter } from "./chunk-sorter.ts";
import type { StreamFormat } from "./stream-codec.ts";
import { makeDecoder } from "./stream-sound.ts";

/** Without sound for this long the line counts as silent, so that what was said comes to its end. */
const MUTE_AFTER_MS = 200;
/** A piece that was overtaken comes within this time, or not at all. */
const WAIT_FOR_ORDER_MS = 60;
/** A carrier may be this much ahead of real time, e.g. after its network stood still; what comes on top is dropped. */
const MAX_AHEAD_MS = 5_000;

export class StreamEars {
  readonly #clock: Clock;
  readonly #onFrame: (frame: Samples) => void;
  readonly #decode: (payload: Uint8Array) => Samples;
  readonly #reframer = new Reframer();
  readonly #sorter = new ChunkSorter();
  readonly #startMs: number;
  #lastMs: number;
  #heardSamples = 0;

  constructor(options: { clock: Clock; format: StreamFormat; onFrame: (frame: Samples) => void }) {
    this.#clock = options.clock;
    this.#onFrame = options.onFrame;
    this.#decode = makeDecoder(options.format);
    this.#startMs = options.clock.nowMs();
    this.#lastMs = this.#startMs;
  }

  hear(payload: Uint8Array, chunk?: number): void {
    this.#lastMs = this.#clock.nowMs();
    if (chunk === undefined) this.#take(payload);
    else for (const next of this.#sorter.push(chunk, payload)) this.#take(next);
  }

  /** Each 20 ms. */
  tick(): void {
    const silentMs = this.#clock.nowMs() - this.#lastMs;
    if (silentMs >= WAIT_FOR_ORDER_MS) for (const late of this.#sorter.flush()) this.#take(late);
    if (silentMs >= MUTE_AFTER_MS) this.#give(new Int16Array(FRAME_SAMPLES));
  }

  #take(payload: Uint8Array): void {
    if (this.#heardSamples > toSamples(this.#clock.nowMs() - this.#startMs + MAX_AHEAD_MS)) return;
    for (const frame of this.#reframer.push(this.#decode(payload))) this.#give(frame);
  }

  #give(frame: Samples): void {
    this.#heardSamples += frame.length;
    this.#onFrame(frame);
  }
}
