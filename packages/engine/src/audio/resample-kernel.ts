/** The resampler's inner loop for processors that work on four numbers at a time: a WebAssembly module of one function. */

import type { Samples } from "./frame.ts";

export type KernelRow = {
  /** toHz / fromHz in lowest terms is up / down; there is a row for each of the `up` phases. */
  readonly up: number;
  readonly down: number;
  readonly taps: number;
};

/** A filter's place in the kernel's memory. Its coefficients are whole numbers: 1 is 2 ** `scaleBits`. */
export type KernelFilter = KernelRow & {
  readonly rowBytes: number;
  readonly address: number;
  readonly scaleBits: number;
};

/** Of eight products at a time and four sums side by side: one sum would wait for its own last addition. */
const STEP_TAPS = 32;
const VECTOR_BYTES = 16;
const SAMPLE_BYTES = 2;
const PAGE_BYTES = 65_536;
/** Of 1 MiB the filters get what windows and output leave; a filter for which there is no room works without the kernel. */
const PAGES = 16;
const WINDOW_SAMPLES = 8_192;
const OUTPUT_SAMPLES = 8_192;
const OUTPUT_ADDRESS = WINDOW_SAMPLES * SAMPLE_BYTES;
const FILTERS_ADDRESS = OUTPUT_ADDRESS + OUTPUT_SAMPLES * SAMPLE_BYTES;

/** One a thread. */
export class ResampleKernel {
  readonly #convolve: Convolve;
  readonly #buffer: ArrayBuffer;
  readonly #window: Int16Array;
  readonly #output: Int16Array;
  #free = FILTERS_ADDRESS;

  private constructor(convolve: Convolve, memory: WebAssembly.Memory) {
    this.#convolve = convolve;
    this.#buffer = memory.buffer;
    this.#window = new Int16Array(this.#buffer, 0, WINDOW_SAMPLES);
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
    const rowBytes = width * SAMPLE_BYTES;
    const bytes = rowBytes * row.up;
    if (this.#free + bytes > PAGES * PAGE_BYTES || coefficients.length !== row.up * row.taps) return undefined;
    const rows = Array.from({ length: row.up }, (_, phase) =>
      coefficients.subarray(phase * row.taps, (phase + 1) * row.taps),
    );
    const scaleBits = Math.min(...rows.map(scaleBitsFor));
    const placed = new Int16Array(this.#buffer, this.#free, row.up * width);
    for (const [phase, values] of rows.entries()) placed.set(toWhole(values, scaleBits), phase * width);
    const address = this.#free;
    this.#free += bytes;
    return { ...row, rowBytes, address, scaleBits };
  }

  /**
   * Computes `count` samples into `output` from `at` on; the first filter begins at `window[start]`, in `phase`.
   * Returns false, with nothing done, when window or output are too large.
   */
  run(
    filter: KernelFilter,
    from: { readonly window: Samples; readonly start: number; readonly filled: number; readonly phase: number },
    to: { readonly output: Samples; readonly at: number; readonly count: number },
  ): boolean {
    const size = from.filled - from.start;
    if (to.count <= 0) return true;
    if (size + STEP_TAPS > WINDOW_SAMPLES || to.count > OUTPUT_SAMPLES) return false;
    this.#window.set(from.window.subarray(from.start, from.filled));
    const skipBytes = Math.floor(filter.down / filter.up) * SAMPLE_BYTES;
    const end = OUTPUT_ADDRESS + to.count * SAMPLE_BYTES;
    const { address, rowBytes, up, down, scaleBits } = filter;
    this.#convolve(0, address, rowBytes, from.phase, up, skipBytes, down % up, scaleBits, OUTPUT_ADDRESS, end);
    to.output.set(this.#output.subarray(0, to.count), to.at);
    return true;
  }
}

/** As fine as 16 bits allow, and no sum of products leaves 32. */
function scaleBitsFor(row: Float64Array): number {
  let largest = 0;
  let sum = 0;
  for (const value of row) {
    largest = Math.max(largest, Math.abs(value));
    sum += Math.abs(value);
  }
  const forOne = Math.floor(Math.log2(32_767 / largest));
  const forSum = Math.floor(Math.log2((2 ** 31 - 2 ** 17) / (32_768 * sum)));
  return Math.min(forOne, forSum, 15);
}

/** Rounded so that a constant sound stays what it is: the largest takes up what is missing from the sum. */
function toWhole(row: Float64Array, scaleBits: number): Int16Array {
  const scale = 2 ** scaleBits;
  const whole = Int16Array.from(row, (value) => Math.round(value * scale));
  const wanted = Math.round(row.reduce((sum, value) => sum + value, 0) * scale);
  const missing = wanted - whole.reduce((sum, value) => sum + value, 0);
  const largest = whole.indexOf(whole.reduce((most, value) => Math.max(most, value), 0));
  whole[largest] = (whole[largest] ?? 0) + missing;
  return whole;
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
  scaleBits: number,
  output: number,
  outputEnd: number,
) => void;

/** Of the module's function, in the order of `Convolve`; the others are its own. */
const PARAMETERS = [
  "window",
  "filter",
  "rowBytes",
  "phase",
  "up",
  "skipBytes",
  "phaseStep",
  "scaleBits",
  "output",
  "outputEnd",
] as const;
const NUMBERS = ["at", "tap", "rowEnd"] as const;
const SUMS = ["a", "b", "c", "d"] as const;
type Local = (typeof PARAMETERS)[number] | (typeof NUMBERS)[number] | (typeof SUMS)[number];
const LOCALS: readonly Local[] = [...PARAMETERS, ...NUMBERS, ...SUMS];

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

/** Binary codes of the WebAssembly core specification, 2.0, section 5.4. */
const get = (local: Local) => [0x20, LOCALS.indexOf(local)];
const set = (local: Local) => [0x21, LOCALS.indexOf(local)];
const tee = (local: Local) => [0x22, LOCALS.indexOf(local)];
const integer = (value: number) => [0x41, ...signed(value)];
const loop = (...body: number[][]) => [0x03, VOID, ...body.flat(), 0x0b];
const when = (...body: number[][]) => [0x04, VOID, ...body.flat(), 0x0b];
const again = [0x0d, 0x00];
const isLess = [0x49];
const isAtLeast = [0x4f];
const add = [0x6a];
const subtract = [0x6b];
const multiply = [0x6c];
const shiftLeft = [0x74];
const shiftRight = [0x75];
const storeSample = [0x3b, 0x01, 0x00];
const loadEight = (offset: number) => [0xfd, 0x00, 0x01, offset];
const zeros = [0xfd, 0x0c, ...new Uint8Array(VECTOR_BYTES)];
const multiplyAndAddPairs = [0xfd, 0xba, 0x01];
const addFours = [0xfd, 0xae, 0x01];
const lane = (index: number) => [0xfd, 0x1b, index];
/** The nearest number of 16 bits. */
const saturate = [
  [0xfd, 0x11],
  [0xfd, 0x0c, ...new Uint8Array(VECTOR_BYTES)],
  [0xfd, 0x85, 0x01],
  [0xfd, 0x18, 0x00],
].flat();
const increase = (local: Local, ...by: number[][]) => [...get(local), ...by.flat(), ...add, ...set(local)];

const accumulate = (sum: Local, offset: number) =>
  [
    get(sum),
    get("at"),
    loadEight(offset),
    get("tap"),
    loadEight(offset),
    multiplyAndAddPairs,
    addFours,
    set(sum),
  ].flat();
const half = [integer(1), get("scaleBits"), integer(1), subtract, shiftLeft].flat();

const BODY = loop(
  [...get("window"), ...set("at"), ...SUMS.flatMap((sum) => [...zeros, ...set(sum)])],
  [...get("filter"), ...get("phase"), ...get("rowBytes"), ...multiply, ...add, ...tee("tap")],
  [...get("rowBytes"), ...add, ...set("rowEnd")],
  loop(
    ...SUMS.map((sum, index) => accumulate(sum, index * VECTOR_BYTES)),
    increase("at", integer(STEP_TAPS * SAMPLE_BYTES)),
    increase("tap", integer(STEP_TAPS * SAMPLE_BYTES)),
    [...get("tap"), ...get("rowEnd"), ...isLess, ...again],
  ),
  [...get("a"), ...get("b"), ...addFours, ...get("c"), ...get("d"), ...addFours, ...addFours, ...set("a")],
  [...get("output"), ...get("a"), ...lane(0)],
  ...[1, 2, 3].map((index) => [...get("a"), ...lane(index), ...add]),
  [...half, ...add, ...get("scaleBits"), ...shiftRight, ...saturate, ...storeSample],
  increase("window", get("skipBytes")),
  [...get("phase"), ...get("phaseStep"), ...add, ...tee("phase"), ...get("up"), ...isAtLeast],
  when([...get("phase"), ...get("up"), ...subtract, ...set("phase")], increase("window", integer(SAMPLE_BYTES))),
  increase("output", integer(SAMPLE_BYTES)),
  [...get("output"), ...get("outputEnd"), ...isLess, ...again],
);

const MODULE = assemble();

function assemble(): Uint8Array<ArrayBuffer> {
  const name = [...new TextEncoder().encode("convolve")];
  const memory = [...new TextEncoder().encode("memory")];
  const locals = [2, NUMBERS.length, I32, SUMS.length, V128];
  const code = [...locals, ...BODY, 0x0b];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, PARAMETERS.length, ...PARAMETERS.map(() => I32), 0]),
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
