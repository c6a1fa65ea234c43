import { VOICE_ACTIVITY_WINDOW_SAMPLES } from "@earshot/engine";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** The model also wants to hear the end of the window before. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + VOICE_ACTIVITY_WINDOW_SAMPLES;
/** Two layers of 128 numbers that the model carries from window to window. */
const LAYERS = 2;
const LAYER_SIZE = 128;

/** What the model remembers of one call. */
export type SileroMemory = { readonly context: Float32Array; readonly state: Float32Array };

export type SileroWindow = { readonly memory: SileroMemory; readonly samples: Int16Array };

/** Silero's voice activity model, which scores one window of each of many calls in a single run. */
export class Silero {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor("int64", [16_000n], []);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async load(modelPath: string): Promise<Silero> {
    const session = await InferenceSession.create(modelPath, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      enableCpuMemArena: false,
      logSeverityLevel: 3,
    });
    const silero = new Silero(session);
    await silero.score([{ memory: makeSileroMemory(), samples: new Int16Array(VOICE_ACTIVITY_WINDOW_SAMPLES) }]);
    return silero;
  }

  /** Probabilities of speech in the order of `windows`. No two of them may share a memory. */
  async score(windows: readonly SileroWindow[]): Promise<Float32Array> {
    const count = windows.length;
    const output = await this.#session.run({
      input: new Tensor("float32", gatherInput(windows), [count, INPUT_SAMPLES]),
      state: new Tensor("float32", gatherState(windows), [LAYERS, count, LAYER_SIZE]),
      sr: this.#rate,
    });
    const probabilities = output["output"]?.data;
    const state = output["stateN"]?.data;
    if (!(probabilities instanceof Float32Array && state instanceof Float32Array)) {
      throw new Error("The voice activity model gave no probabilities.");
    }
    scatterState(windows, state);
    return probabilities;
  }
}

export function makeSileroMemory(): SileroMemory {
  return { context: new Float32Array(CONTEXT_SAMPLES), state: new Float32Array(LAYERS * LAYER_SIZE) };
}

function gatherInput(windows: readonly SileroWindow[]): Float32Array {
  const input = new Float32Array(windows.length * INPUT_SAMPLES);
  for (const [index, { memory, samples }] of windows.entries()) {
    const row = input.subarray(index * INPUT_SAMPLES, (index + 1) * INPUT_SAMPLES);
    row.set(memory.context);
    for (let i = 0; i < VOICE_ACTIVITY_WINDOW_SAMPLES; i++) row[CONTEXT_SAMPLES + i] = (samples[i] ?? 0) / 32_768;
    memory.context.set(row.subarray(VOICE_ACTIVITY_WINDOW_SAMPLES));
  }
  return input;
}

function gatherState(windows: readonly SileroWindow[]): Float32Array {
  const state = new Float32Array(LAYERS * windows.length * LAYER_SIZE);
  for (const [index, { memory }] of windows.entries()) {
    for (let layer = 0; layer < LAYERS; layer++) {
      const from = memory.state.subarray(layer * LAYER_SIZE, (layer + 1) * LAYER_SIZE);
      state.set(from, (layer * windows.length + index) * LAYER_SIZE);
    }
  }
  return state;
}

function scatterState(windows: readonly SileroWindow[], state: Float32Array): void {
  for (const [index, { memory }] of windows.entries()) {
    for (let layer = 0; layer < LAYERS; layer++) {
      const start = (layer * windows.length + index) * LAYER_SIZE;
      memory.state.set(state.subarray(start, start + LAYER_SIZE), layer * LAYER_SIZE);
    }
  }
}
