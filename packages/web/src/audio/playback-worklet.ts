import { WIRE_RATE_HZ } from "./audio-format.ts";
import { PlaybackQueue } from "./playback-queue.ts";
import { Resampler } from "./resampler.ts";

/** To the worklet: samples to play after all before, or "clear". From it: the count of samples played. */
export type PlaybackOrder = Int16Array | "clear";

/** Small, so that the count of what was played is right to a millisecond at any rate of the context. */
const STEP_SAMPLES = 16;

class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #queue = new PlaybackQueue({ report: (played) => this.port.postMessage(played) });
  readonly #resampler = new Resampler({ fromHz: WIRE_RATE_HZ, toHz: sampleRate });
  readonly #step = new Float32Array(STEP_SAMPLES);
  #ready = new Float32Array(0);

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlaybackOrder>) => {
      if (data === "clear") this.#queue.clear();
      else this.#queue.push(data);
    };
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output === undefined) return true;
    let filled = 0;
    while (filled < output.length) {
      if (this.#ready.length === 0) this.#render();
      const piece = this.#ready.subarray(0, output.length - filled);
      output.set(piece, filled);
      filled += piece.length;
      this.#ready = this.#ready.subarray(piece.length);
    }
    return true;
  }

  #render(): void {
    this.#queue.pull(this.#step);
    this.#ready = Float32Array.from(this.#resampler.push(this.#step));
  }
}

registerProcessor("earshot-playback", PlaybackProcessor);
