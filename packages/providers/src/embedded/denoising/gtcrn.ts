import { readFile } from "node:fs/promises";
import type { Samples } from "@earshot/engine";
import { findPackageFile } from "../package-file.ts";
import type { BlockFilter } from "./block-denoiser.ts";

/** 16 ms at 16 kHz. */
const BLOCK_SAMPLES = 256;
const BLOCK_BYTES = BLOCK_SAMPLES * Float32Array.BYTES_PER_ELEMENT;
const PAGE_BYTES = 65_536;
const FULL_SCALE = 32_767;

/** The exports of gtcrn.wasm in @sapphi-red/web-noise-suppressor 0.4.1, whose names the build has shortened. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  readonly initialise: () => void;
  readonly create: () => number;
  readonly destroy: (state: number) => void;
  readonly process: (state: number, input: number, output: number) => void;
  readonly allocate: (bytes: number) => number;
};

/** GTCRN: a convolutional recurrent network at 16 kHz, cleaner than RNNoise at ten times its cost. */
export class Gtcrn {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  static async load(): Promise<Gtcrn> {
    const file = findPackageFile("@sapphi-red/web-noise-suppressor", "dist/gtcrn.wasm");
    return new Gtcrn(await WebAssembly.compile(await readFile(file)));
  }

  /** Each call has an instance of its own, which goes with its last reference. */
  open(): BlockFilter {
    const gtcrn = instantiate(this.#module);
    gtcrn.initialise();
    const state = gtcrn.create();
    const input = gtcrn.allocate(BLOCK_BYTES);
    const output = gtcrn.allocate(BLOCK_BYTES);
    let rest: Samples = new Int16Array(0);
    return {
      push: (samples) => {
        const all = new Int16Array(rest.length + samples.length);
        all.set(rest);
        all.set(samples, rest.length);
        const whole = all.length - (all.length % BLOCK_SAMPLES);
        rest = all.slice(whole);
        const cleaned = new Int16Array(whole);
        for (let start = 0; start < whole; start += BLOCK_SAMPLES) {
          const block = new Float32Array(gtcrn.memory.buffer, input, BLOCK_SAMPLES);
          for (let i = 0; i < BLOCK_SAMPLES; i++) block[i] = (all[start + i] ?? 0) / FULL_SCALE;
          gtcrn.process(state, input, output);
          const result = new Float32Array(gtcrn.memory.buffer, output, BLOCK_SAMPLES);
          for (let i = 0; i < BLOCK_SAMPLES; i++) cleaned[start + i] = clip((result[i] ?? 0) * FULL_SCALE);
        }
        return cleaned;
      },
      free: () => gtcrn.destroy(state),
    };
  }
}

function instantiate(module: WebAssembly.Module): Exports {
  let memory: WebAssembly.Memory | undefined;
  const grow = (bytes: number): number => {
    if (memory === undefined) return 0;
    try {
      memory.grow(((bytes >>> 0) - memory.buffer.byteLength + PAGE_BYTES - 1) >>> 16);
      return 1;
    } catch {
      return 0;
    }
  };
  const abort = (): never => {
    throw new Error("The noise filter met a state that it can't be in.");
  };
  const { c, d, e, g, i, k } = new WebAssembly.Instance(module, { a: { a: abort, b: grow } }).exports;
  if (!(c instanceof WebAssembly.Memory)) throw new Error("gtcrn.wasm is not the version that is supported: 0.4.1.");
  memory = c;
  return {
    memory,
    initialise: d as Exports["initialise"],
    create: e as Exports["create"],
    destroy: g as Exports["destroy"],
    process: i as Exports["process"],
    allocate: k as Exports["allocate"],
  };
}

function clip(value: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.round(value)));
}
