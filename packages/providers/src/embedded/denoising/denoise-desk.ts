import { FRAME_SAMPLES, type Samples } from "@earshot/engine";
import type { WindowBatch, WindowResults } from "../lines/window-batch.ts";
import { type BlockFilter, FrameDenoiser } from "./block-denoiser.ts";

/** A loaded noise filter and the silence with which its frames begin. */
export type FilterSource = { readonly open: () => BlockFilter; readonly headSamples: number };

/** The denoised calls of one line. A filter is loaded when the first frame for it comes. */
export class DenoiseDesk {
  readonly #load: (model: string) => Promise<FilterSource>;
  readonly #streams = new Map<number, FrameDenoiser>();
  /** One batch at a time keeps frames in order while a filter loads. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(load: (model: string) => Promise<FilterSource>) {
    this.#load = load;
  }

  /** Never rejects: frames that can't be denoised are reported by `onError` and come back as they were. */
  run(batch: WindowBatch, onError: (error: unknown) => void): Promise<WindowResults<Samples>> {
    const result = this.#last.then(() => this.#run(batch, onError));
    this.#last = result;
    return result;
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.free();
    this.#streams.clear();
  }

  async #run(batch: WindowBatch, onError: (error: unknown) => void): Promise<WindowResults<Samples>> {
    const { model, streamIds, samples } = batch;
    try {
      const source = await this.#load(model);
      for (const [index, streamId] of streamIds.entries()) {
        const start = index * FRAME_SAMPLES;
        samples.set(this.#streamOf(streamId, source).push(samples.slice(start, start + FRAME_SAMPLES)), start);
      }
    } catch (error) {
      onError(error);
    }
    for (const streamId of batch.closedIds) {
      this.#streams.get(streamId)?.free();
      this.#streams.delete(streamId);
    }
    return { type: "window-results", model, streamIds, values: samples };
  }

  #streamOf(streamId: number, { open, headSamples }: FilterSource): FrameDenoiser {
    let stream = this.#streams.get(streamId);
    if (stream === undefined) {
      stream = new FrameDenoiser(open(), headSamples);
      this.#streams.set(streamId, stream);
    }
    return stream;
  }
}
