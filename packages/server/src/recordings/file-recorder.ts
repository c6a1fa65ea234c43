import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import {
  fixedWavHeader,
  type Recorder,
  type Samples,
  streamingWavHeader,
  TwoTrackTimeline,
  toSamples,
} from "@earshot/engine";

/** Written this often, in one piece. */
const BLOCK_SAMPLES = toSamples(500);
/** Pieces may come this late, e.g. because they went through a denoiser. */
const SETTLE_SAMPLES = toSamples(700);
/** What may wait for a slow disk; beyond it the recording is given up, the call is not. */
const MAX_WAITING_BYTES = 8_000_000;

/**
 * Writes a stereo WAV while the call runs. The header is valid from the first byte for players that read to the end
 * of the file, so that a crash leaves a recording that plays; `close` writes the true length.
 */
export class FileRecorder implements Recorder {
  readonly #path: string;
  readonly #onFailure: (error: unknown) => void;
  readonly #timeline = new TwoTrackTimeline();
  #file: FileHandle | undefined;
  #writing: Promise<void>;
  #waitingBytes = 0;
  #dataBytes = 0;
  #newest = 0;
  #hasFailed = false;

  /** `onFailure` is told once; from then on nothing is written. */
  constructor(options: { path: string; onFailure: (error: unknown) => void }) {
    this.#path = options.path;
    this.#onFailure = options.onFailure;
    this.#writing = this.#open();
  }

  write(track: "caller" | "agent", position: number, samples: Samples): void {
    if (this.#hasFailed) return;
    this.#timeline.write(track, position, samples);
    this.#newest = Math.max(this.#newest, position + samples.length);
  }

  advance(position: number): void {
    const settled = position - SETTLE_SAMPLES;
    if (!this.#hasFailed && settled - this.#timeline.position >= BLOCK_SAMPLES) this.#writeUpTo(settled);
  }

  async close(): Promise<void> {
    if (!this.#hasFailed) this.#writeUpTo(this.#newest);
    await this.#writing;
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    try {
      if (!this.#hasFailed) await file.write(fixedWavHeader(this.#dataBytes), 0, undefined, 0);
    } catch (error) {
      this.#fail(error);
    } finally {
      await file.close().catch(() => {});
    }
  }

  #writeUpTo(position: number): void {
    for (const block of this.#timeline.blocksUpTo(position)) {
      this.#waitingBytes += block.length;
      if (this.#waitingBytes > MAX_WAITING_BYTES)
        return this.#fail(new Error("the disk is too slow for the recording"));
      this.#writing = this.#writing.then(() => this.#append(block));
    }
  }

  async #open(): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      this.#file = await open(this.#path, "w", 0o600);
      await this.#file.write(streamingWavHeader());
    } catch (error) {
      this.#fail(error);
    }
  }

  async #append(block: Uint8Array): Promise<void> {
    if (this.#hasFailed || !this.#file) return;
    try {
      for (let written = 0; written < block.length; ) {
        const { bytesWritten } = await this.#file.write(block, written);
        written += bytesWritten;
      }
      this.#dataBytes += block.length;
      this.#waitingBytes -= block.length;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onFailure(error);
  }
}
