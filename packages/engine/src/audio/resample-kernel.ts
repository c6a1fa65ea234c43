/** The resampler's inner loop for processors that work on four numbers at a time: a WebAssembly module of one function. */

import type { Samples } from "./frame.ts";

export type KernelRow = {
  /** toHz / fromHz in lowest terms is up / down; there is a row for each of the `up` phases. */
  readonly up: number;
  readonly down: number;
  readonly taps: number;
};

/** A filter's place in the kernel's memory. */
export type KernelFilter = KernelRow & { readonly rowBytes: number; readonly address: number };

/** Four sums of four numbers each run side by side: one would wait for its own last addition. */
const STEP_TAPS = 16;
const FLOAT_BYTES = 4;
const PAGE_BYTES = 65_536;
/** Of 1 MiB the filters get what windows and output leave; a filter for which there is no room works without the kernel. */
const PAGES = 16;
const WINDOW_FLOATS = 8_192;
const OUTPUT_SAMPLES = 8_192;
const OUTPUT_ADDRESS = WINDOW_FLOATS * FLOAT_BYTES;
const FILTERS_ADDRESS = OUTPUT_ADDRESS + OUTPUT_SAMPLES * 2;

/** One a thread. */
export class ResampleKernel {
  readonly #convolve: Convolve;
  readonly #buffer: ArrayBuffer;
  readonly #window: Float32Array;
  readonly #output: Int16Array;
  #free = FILTERS_ADDRESS;

  private constructor(convolve: Convolve, memory: WebAssembly.Memory) {
    this.#convolve = convolve;
    this.#buffer = memory.buffer;
    this.#window = new Float32Array(this.#buffer, 0, WINDOW_FLOATS);
    this.#output = new Int16Array(this.#buffer, OUTPUT_ADDRESS, OUTPUT_SAMPLES);
  }

  /** Undefined where WebAssembly is switched off. */
  static load(): ResampleKernel | undefined {
    try {
      const { convolve, memory } = new WebAssembly.Instance(new WebAssembly.Module(MODULE), {}).exports;
      return memory instanceof WebAssembly.Memory ? new ResampleKernel(convolve as Convolve, memory) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Takes a filter whose rows of `taps` coefficients stand one after another; undefined when there is no room for it. */
  place(row: KernelRow, coefficients: Float64Array): KernelFilter | undefined {
    const width = Math.ceil(row.taps / STEP_TAPS) * STEP_TAPS;
    const rowBytes = width * FLOAT_BYTES;
    const bytes = rowBytes * row.up;
    if (this.#free + bytes > PAGES * PAGE_BYTES || coefficients.length !== row.up * row.taps) return undefined;
    const rows = new Float32Array(this.#buffer, this.#free, row.up * width);
    for (let phase = 0; phase < row.up; phase++)
      rows.set(coefficients.subarray(phase * row.taps, (phase + 1) * row.taps), phase * width);
    const address = this.#free;
    this.#free += bytes;
    return { ...row, rowBytes, address };
  }

  /**
   * Computes `count` samples into `output` from `at` on; the first filter begins at `window[start]`, in `phase`.
   * Returns false, with nothing done, when window or output are too large.
   */
  run(
    filter: KernelFilter,
    from: { readonly window: Float32Array; readonly start: number; readonly filled: number; readonly phase: number },
    to: { readonly output: Samples; readonly at: number; readonly count: number },
  ): boolean {
    const size = from.filled - from.start;
    if (to.count <= 0) return true;
    if (size + STEP_TAPS > WINDOW_FLOATS || to.count > OUTPUT_SAMPLES) return false;
    this.#window.set(from.window.subarray(from.start, from.filled));
    const skipBytes = Math.floor(filter.down / filter.up) * FLOAT_BYTES;
    const end = OUTPUT_ADDRESS + to.count * 2;
    const { address, rowBytes, up, down } = filter;
    this.#convolve(0, address, rowBytes, from.phase, up, skipBytes, down % up, OUTPUT_ADDRESS, end);
    to.output.set(this.#output.subarray(0, to.count), to.at);
    return true;
  }
}

/** All addresses in bytes. The window moves on by `skipBytes` a sample, and by one number more when the phase wraps. */
type Convolve = (
  window: number,
  filter: number,
  rowBytes: number,
  phase: number,
  up: number,
  skipBytes: number,
  phaseStep: number,
  output: number,
  outputEnd: number,
) => void;

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;
const PARAMETERS = 9;
const [WINDOW, FILTER, ROW_BYTES, PHASE, UP, SKIP_BYTES, PHASE_STEP, OUTPUT, OUTPUT_END, AT, TAP, ROW_END, A, B, C, D] =
  Array.from({ length: 16 }, (_, index) => index) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];

/** Binary codes of the WebAssembly core specification, 2.0, section 5.4. */
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const integer = (value: number) => [0x41, ...signed(value)];
const float = (value: number) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
const loop = (...body: number[][]) => [0x03, VOID, ...body.flat(), 0x0b];
const when = (...body: number[][]) => [0x04, VOID, ...body.flat(), 0x0b];
const again = [0x0d, 0x00];
const isLess = [0x49];
const isAtLeast = [0x4f];
const add = [0x6a];
const subtract = [0x6b];
const multiply = [0x6c];
const addFloats = [0x92];
const minimum = [0x96];
const maximum = [0x97];
const nearest = [0x90];
const toInteger = [0xfc, 0x00];
const storeSample = [0x3b, 0x01, 0x00];
const loadFour = (offset: number) => [0xfd, 0x00, 0x02, offset];
const zeros = [0xfd, 0x0c, ...new Uint8Array(16)];
const addFours = [0xfd, 0xe4, 0x01];
const multiplyFours = [0xfd, 0xe6, 0x01];
const lane = (index: number) => [0xfd, 0x1f, index];
const increase = (local: number, ...by: number[][]) => [...get(local), ...by.flat(), ...add, ...set(local)];

const accumulate = (sum: number, offset: number) => [
  ...[get(sum), get(AT), loadFour(offset), get(TAP), loadFour(offset), multiplyFours, addFours, set(sum)].flat(),
];

const BODY = loop(
  [...get(WINDOW), ...set(AT), ...[A, B, C, D].flatMap((sum) => [...zeros, ...set(sum)])],
  [...get(FILTER), ...get(PHASE), ...get(ROW_BYTES), ...multiply, ...add, ...tee(TAP)],
  [...get(ROW_BYTES), ...add, ...set(ROW_END)],
  loop(
    ...[A, B, C, D].map((sum, index) => accumulate(sum, index * 16)),
    increase(AT, integer(64)),
    increase(TAP, integer(64)),
    [...get(TAP), ...get(ROW_END), ...isLess, ...again],
  ),
  [...get(OUTPUT), ...get(A), ...get(B), ...addFours, ...get(C), ...get(D), ...addFours, ...addFours],
  [...tee(A), ...lane(0)],
  ...[1, 2, 3].map((index) => [...get(A), ...lane(index), ...addFloats]),
  [...float(-32_768), ...maximum, ...float(32_767), ...minimum, ...nearest, ...toInteger, ...storeSample],
  increase(WINDOW, get(SKIP_BYTES)),
  [...get(PHASE), ...get(PHASE_STEP), ...add, ...tee(PHASE), ...get(UP), ...isAtLeast],
  when([...get(PHASE), ...get(UP), ...subtract, ...set(PHASE)], increase(WINDOW, integer(FLOAT_BYTES))),
  increase(OUTPUT, integer(2)),
  [...get(OUTPUT), ...get(OUTPUT_END), ...isLess, ...again],
);

const MODULE = assemble();

function assemble(): Uint8Array<ArrayBuffer> {
  const name = [...new TextEncoder().encode("convolve")];
  const memory = [...new TextEncoder().encode("memory")];
  const locals = [2, ROW_END - PARAMETERS + 1, I32, 4, V128];
  const code = [...locals, ...BODY, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, PARAMETERS, ...Array.from({ length: PARAMETERS }, () => I32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0x01, PAGES, PAGES]),
    ...section(7, [2, name.length, ...name, 0x00, 0, memory.length, ...memory, 0x02, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Of numbers from 0 to 2^31 - 1: their highest bit must not be taken for a sign. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
