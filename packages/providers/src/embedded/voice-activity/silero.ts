import { readFile } from "node:fs/promises";
import { VOICE_ACTIVITY_WINDOW_SAMPLES } from "@earshot/engine";
import { InferenceSession, Tensor } from "onnxruntime-node";
import {
  FOLDED_SAMPLES,
  MEMORY_SIZE,
  makeSileroNetwork,
  STRETCH_SAMPLES,
  STRETCH_STEP,
  STRETCHES,
} from "./silero-network.ts";

/** The model also wants to hear the end of the window before. */
const CONTEXT_SAMPLES = 64;
const HEARD_SAMPLES = CONTEXT_SAMPLES + VOICE_ACTIVITY_WINDOW_SAMPLES;
/** The end is mirrored, its last sample not repeated. */
const MIRRORED_SAMPLES = (STRETCHES - 1) * STRETCH_STEP + STRETCH_SAMPLES - HEARD_SAMPLES;
const FOLDED_SIZE = STRETCHES * FOLDED_SAMPLES;

/** What the model remembers of one call: the last samples, then both halves of its memory. */
export type SileroMemory = {
  readonly context: Float32Array;
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
};

export type SileroWindow = { readonly memory: SileroMemory; readonly samples: Int16Array };

/** Silero's voice activity model, which scores one window of each of many calls in a single run. */
export class Silero {
  readonly #session: InferenceSession;
  readonly #heard = new Float32Array(HEARD_SAMPLES + MIRRORED_SAMPLES);
  #inputs = makeInputs(1);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async load(modelPath: string): Promise<Silero> {
    const session = await InferenceSession.create(makeSileroNetwork(await readFile(modelPath)), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      enableCpuMemArena: true,
      logSeverityLevel: 3,
    });
    const silero = new Silero(session);
    await silero.score([{ memory: makeSileroMemory(), samples: new Int16Array(VOICE_ACTIVITY_WINDOW_SAMPLES) }]);
    return silero;
  }

  /** Probabilities of speech in the order of `windows`. No two of them may share a memory; one run at a time. */
  async score(windows: readonly SileroWindow[]): Promise<Float32Array> {
    const count = windows.length;
    if (this.#inputs.capacity < count) this.#inputs = makeInputs(count);
    const { sums, differences, hidden, cell } = this.#inputs;
    for (const [index, window] of windows.entries()) {
      this.#listen(window);
      for (let stretch = 0; stretch < STRETCHES; stretch++)
        fold(this.#heard, stretch * STRETCH_STEP, {
          sums,
          differences,
          at: index * FOLDED_SIZE + stretch * FOLDED_SAMPLES,
        });
      hidden.set(window.memory.hidden, index * MEMORY_SIZE);
      cell.set(window.memory.cell, index * MEMORY_SIZE);
    }
    const output = await this.#session.run({
      sums: toTensor(sums, count * STRETCHES, FOLDED_SAMPLES),
      differences: toTensor(differences, count * STRETCHES, FOLDED_SAMPLES),
      hidden: toTensor(hidden, count, MEMORY_SIZE),
      cell: toTensor(cell, count, MEMORY_SIZE),
    });
    const nextHidden = toFloats(output["nextHidden"]);
    const nextCell = toFloats(output["nextCell"]);
    for (const [index, { memory }] of windows.entries()) {
      memory.hidden.set(nextHidden.subarray(index * MEMORY_SIZE, (index + 1) * MEMORY_SIZE));
      memory.cell.set(nextCell.subarray(index * MEMORY_SIZE, (index + 1) * MEMORY_SIZE));
    }
    return toFloats(output["probability"]);
  }

  /** Lays the window behind its context and mirrors the end. */
  #listen({ memory, samples }: SileroWindow): void {
    const heard = this.#heard;
    heard.set(memory.context);
    for (let i = 0; i < VOICE_ACTIVITY_WINDOW_SAMPLES; i++) heard[CONTEXT_SAMPLES + i] = (samples[i] ?? 0) / 32_768;
    for (let i = 0; i < MIRRORED_SAMPLES; i++) heard[HEARD_SAMPLES + i] = heard[HEARD_SAMPLES - 2 - i] ?? 0;
    memory.context.set(heard.subarray(VOICE_ACTIVITY_WINDOW_SAMPLES, HEARD_SAMPLES));
  }
}

/** The stretch from `start` on, its first sample left out: the network's window is zero there. */
function fold(
  heard: Float32Array,
  start: number,
  to: { readonly sums: Float32Array; readonly differences: Float32Array; readonly at: number },
): void {
  const { sums, differences, at } = to;
  const end = start + STRETCH_SAMPLES;
  for (let n = 1; n < FOLDED_SAMPLES; n++) {
    const early = heard[start + n] as number;
    const late = heard[end - n] as number;
    sums[at + n - 1] = early + late;
    differences[at + n - 1] = early - late;
  }
  sums[at + FOLDED_SAMPLES - 1] = heard[start + FOLDED_SAMPLES] as number;
}

export function makeSileroMemory(): SileroMemory {
  return {
    context: new Float32Array(CONTEXT_SAMPLES),
    hidden: new Float32Array(MEMORY_SIZE),
    cell: new Float32Array(MEMORY_SIZE),
  };
}

function makeInputs(capacity: number) {
  return {
    capacity,
    sums: new Float32Array(capacity * FOLDED_SIZE),
    differences: new Float32Array(capacity * FOLDED_SIZE),
    hidden: new Float32Array(capacity * MEMORY_SIZE),
    cell: new Float32Array(capacity * MEMORY_SIZE),
  };
}

function toTensor(values: Float32Array, rows: number, columns: number): Tensor {
  return new Tensor("float32", values.subarray(0, rows * columns), [rows, columns]);
}

function toFloats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error("The voice activity model gave no numbers.");
}
