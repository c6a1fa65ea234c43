import type { Denoiser, DenoiserStream, Recorder, Samples } from "@earshot/engine";
import { toSamples } from "@earshot/engine";

/** How late a cleaned piece may come, besides the denoiser's own delay, ms. */
export const DENOISING_SETTLE_MS = 700;

/** Cleans the caller's track on its way into a recording; what the models hear stays as it came. */
export class DenoisingRecorder implements Recorder {
  readonly #inner: Recorder;
  readonly #stream: DenoiserStream;
  readonly #positions: number[] = [];
  readonly #delaySamples: number;

  constructor(inner: Recorder, denoiser: Denoiser) {
    this.#inner = inner;
    this.#stream = denoiser.open();
    this.#delaySamples = toSamples(this.#stream.delayMs);
  }

  write(track: "caller" | "agent", position: number, samples: Samples): void {
    if (track === "agent") return this.#inner.write(track, position, samples);
    this.#positions.push(position);
    this.#stream.push(samples.slice(), (cleaned) => {
      const at = this.#positions.shift() ?? 0;
      this.#inner.write("caller", at - this.#delaySamples, cleaned);
    });
  }

  setOn(isOn: boolean, position: number): void {
    this.#inner.setOn(isOn, position);
  }

  advance(position: number): void {
    this.#inner.advance(position);
  }

  async close(): Promise<void> {
    this.#stream.close();
    await this.#inner.close();
  }
}
