import { type Denoiser, type DenoiserStream, FRAME_SAMPLES, type Samples, toMs } from "@earshot/engine";
import { WindowClient } from "../lines/window-client.ts";
import type { WorkerLine } from "../lines/worker-line.ts";
import { GTCRN_DELAY_SAMPLES, RNNOISE_DELAY_SAMPLES } from "./delay.ts";

export type DenoiserName = "embedded/rnnoise" | "embedded/gtcrn";

/** A denoiser in the worker at the other end of `line`. Frames that are lost there come back as they were. */
export class RemoteDenoiser implements Denoiser {
  readonly name: DenoiserName;
  readonly #delayMs: number;
  readonly #client: WindowClient<Samples, Samples>;

  constructor(line: WorkerLine, name: DenoiserName) {
    this.name = name;
    this.#delayMs = toMs(name === "embedded/gtcrn" ? GTCRN_DELAY_SAMPLES : RNNOISE_DELAY_SAMPLES);
    this.#client = new WindowClient({
      line,
      model: name,
      windowSamples: FRAME_SAMPLES,
      resultAt: (values: Samples, index) => values.slice(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
      fallback: (frame) => frame,
      keepsWindows: true,
    });
  }

  open(): DenoiserStream {
    const stream = this.#client.open();
    return { push: (frame, done) => stream.push(frame, done), close: () => stream.close(), delayMs: this.#delayMs };
  }
}
