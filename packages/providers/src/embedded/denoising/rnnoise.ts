import { ENGINE_RATE_HZ, Resampler, type Samples } from "@earshot/engine";
import createRnnoise, { type RnnoiseModule } from "@echogarden/rnnoise-wasm";
import type { BlockFilter } from "./block-denoiser.ts";

const RATE_HZ = 48_000;
/** 10 ms. */
const BLOCK_SAMPLES = 480;
const FULL_SCALE = 32_767;

/** RNNoise (Xiph): a small recurrent network at 48 kHz. */
export class Rnnoise {
  readonly #module: RnnoiseModule;

  private constructor(module: RnnoiseModule) {
    this.#module = module;
  }

  static async load(): Promise<Rnnoise> {
    return new Rnnoise(await createRnnoise());
  }

  open(): BlockFilter {
    const module = this.#module;
    const state = module._rnnoise_create(0);
    const buffer = module._malloc(BLOCK_SAMPLES * Float32Array.BYTES_PER_ELEMENT);
    const up = new Resampler(ENGINE_RATE_HZ, RATE_HZ);
    const down = new Resampler(RATE_HZ, ENGINE_RATE_HZ);
    let rest: Samples = new Int16Array(0);
    return {
      push: (samples) => {
        const input = concat(rest, up.push(samples));
        const whole = input.length - (input.length % BLOCK_SAMPLES);
        rest = input.slice(whole);
        const cleaned = new Int16Array(whole);
        for (let start = 0; start < whole; start += BLOCK_SAMPLES) {
          // The heap moves when it grows, so its view is taken anew for each block.
          const from = buffer / Float32Array.BYTES_PER_ELEMENT;
          module.HEAPF32.set(input.subarray(start, start + BLOCK_SAMPLES), from);
          module._rnnoise_process_frame(state, buffer, buffer);
          const output = module.HEAPF32.subarray(from, from + BLOCK_SAMPLES);
          for (let i = 0; i < BLOCK_SAMPLES; i++) cleaned[start + i] = clip(output[i] ?? 0);
        }
        return down.push(cleaned);
      },
      free: () => {
        module._rnnoise_destroy(state);
        module._free(buffer);
      },
    };
  }
}

function clip(value: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.round(value)));
}

function concat(first: Samples, second: Samples): Samples {
  const all = new Int16Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
