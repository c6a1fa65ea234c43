import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { type Recorder, type Samples, TwoTrackTimeline, toSamples } from "@earshot/engine";
import { makeTrackFile } from "./make-track-file.ts";
import type { RecordingFormat } from "./recording-format.ts";
import type { TrackFile } from "./track-file.ts";

/** Written this often, in one piece. */
const BLOCK_SAMPLES = toSamples(200);
/** Pieces may come this late. */
const SETTLE_MS = 300;
/** What may wait for a slow or full disk; beyond it the recording is given up, the call is not. */
const MAX_WAITING_BYTES = 8_000_000;
/** After a failure, in call time. */
const RETRY_AFTER_SAMPLES = toSamples(2_000);

export type FileRecorderOptions = {
  readonly path: string;
  readonly format?: RecordingFormat;
  /** Whether it records from the beginning; otherwise nothing is written, not even a file, before `setOn`. */
  readonly isOn?: boolean;
  /** How late pieces may come, e.g. because they went through a denoiser, ms. */
  readonly settleMs?: number;
  /** Told once, of the first failure; it is tried again for as long as what waits can be kept. */
  readonly onFailure: (error: unknown) => void;
  /** All that had to wait has been written after all. */
  readonly onRecovered?: () => void;
};

/** Writes both tracks to a file while the call runs, half a second behind it: what a crash leaves can be played. */
export class FileRecorder implements Recorder {
  readonly #options: FileRecorderOptions;
  readonly #timeline = new TwoTrackTimeline();
  readonly #track: TrackFile;
  readonly #settleSamples: number;
  /** Stretches without recording; the last one may be open. */
  readonly #gaps: { from: number; to: number }[] = [];
  #isWanted: boolean;
  #file: FileHandle | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #writtenBytes = 0;
  #newest = 0;
  #retryAt = 0;
  #pumping: Promise<void> | undefined;
  #state: "fine" | "failing" | "given-up" = "fine";
  #hasTold = false;

  constructor(options: FileRecorderOptions) {
    this.#options = options;
    this.#track = makeTrackFile(options.format ?? "wav");
    this.#settleSamples = toSamples(options.settleMs ?? SETTLE_MS);
    this.#isWanted = options.isOn ?? true;
    if (!this.#isWanted) this.#gaps.push({ from: 0, to: Number.POSITIVE_INFINITY });
    else this.#begin();
  }

  write(track: "caller" | "agent", position: number, samples: Samples): void {
    if (this.#state === "given-up" || !this.#isWanted) return;
    this.#newest = Math.max(this.#newest, position + samples.length);
    this.#timeline.write(track, position, this.#silenceGaps(position, samples));
  }

  setOn(isOn: boolean, position: number): void {
    const open = this.#gaps.find(({ to }) => to === Number.POSITIVE_INFINITY);
    if (isOn && open) open.to = Math.max(open.from, position);
    if (!isOn && !open) this.#gaps.push({ from: position, to: Number.POSITIVE_INFINITY });
    if (!isOn || this.#isWanted) return;
    this.#isWanted = true;
    this.#begin();
  }

  advance(position: number): void {
    if (this.#state === "given-up" || !this.#isWanted) return;
    const settled = position - this.#settleSamples;
    if (settled - this.#timeline.position >= BLOCK_SAMPLES) this.#takeUpTo(settled);
    if (this.#state === "fine" || position >= this.#retryAt) this.#pump(position);
  }

  async close(): Promise<void> {
    if (!this.#isWanted) return;
    if (this.#state !== "given-up") this.#takeUpTo(this.#newest);
    const { tail, head } = this.#track.finish();
    if (this.#state !== "given-up") this.#wait(tail);
    await this.#pumping;
    await this.#flush(this.#newest);
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    try {
      if (this.#waiting.length > 0) return this.#giveUp();
      if (head && this.#state === "fine") await file.write(head, 0, head.length, 0);
    } catch (error) {
      this.#tell(error);
    } finally {
      await file.close().catch(() => {});
    }
  }

  #begin(): void {
    this.#wait(this.#track.begin());
    this.#pump(0);
  }

  /** What was said while nothing is recorded is silence; the time goes on. */
  #silenceGaps(position: number, samples: Samples): Samples {
    const inside = this.#gaps.filter(({ from, to }) => from < position + samples.length && to > position);
    if (inside.length === 0) return samples;
    const heard = samples.slice();
    for (const { from, to } of inside)
      heard.fill(0, Math.max(0, from - position), Math.min(samples.length, to - position));
    return heard;
  }

  #takeUpTo(position: number): void {
    for (const block of this.#timeline.blocksUpTo(position)) this.#wait(this.#track.push(block));
    const past = this.#gaps.findIndex(({ to }) => to > this.#timeline.position);
    this.#gaps.splice(0, past < 0 ? this.#gaps.length : past);
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#giveUp();
  }

  #wait(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #pump(position: number): void {
    if (this.#pumping || this.#waiting.length === 0) return;
    this.#pumping = this.#flush(position).finally(() => {
      this.#pumping = undefined;
    });
  }

  /** Writes at the place of each piece, so that one half written is written anew. */
  async #flush(position: number): Promise<void> {
    try {
      this.#file ??= await this.#open();
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        await writeWhole(this.#file, next, this.#writtenBytes);
        this.#writtenBytes += next.length;
        this.#waitingBytes -= next.length;
        this.#waiting.shift();
      }
      if (this.#state === "failing") {
        this.#state = "fine";
        this.#options.onRecovered?.();
      }
    } catch (error) {
      if (this.#state === "fine") this.#state = "failing";
      this.#retryAt = position + RETRY_AFTER_SAMPLES;
      this.#tell(error);
    }
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#options.path), { recursive: true });
    return open(this.#options.path, "w", 0o600);
  }

  #giveUp(): void {
    this.#state = "given-up";
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#tell(new Error("the disk is too slow for the recording, or full"));
  }

  #tell(error: unknown): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.#options.onFailure(error);
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
