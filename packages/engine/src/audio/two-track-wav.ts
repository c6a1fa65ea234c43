/** The pure part of a recording: two tracks in time with each other, in blocks that can be appended to a file. */
import { ENGINE_RATE_HZ } from "./frame.ts";
import { wavHeader } from "./wav-header.ts";

export type Track = "caller" | "agent";

/** How far apart, in time, pieces may arrive out of order: 3 s. */
export const TIMELINE_WINDOW_SAMPLES = 3 * ENGINE_RATE_HZ;
const CHANNELS = 2;
const BYTES_PER_MOMENT = CHANNELS * 2;
const MAX_BLOCK_SAMPLES = ENGINE_RATE_HZ;

/**
 * Collects pieces of both tracks at their places and hands out stereo, caller left and agent right, from the beginning of
 * the call without a gap. What nobody wrote is silence; what is written twice is what came last.
 */
export class TwoTrackTimeline {
  /** A ring of moments of two samples; all that has been handed out is zero again. */
  readonly #ring = new Int16Array(TIMELINE_WINDOW_SAMPLES * CHANNELS);
  #position = 0;
  #lostSamples = 0;

  /** Samples handed out so far, on each track. */
  get position(): number {
    return this.#position;
  }

  /** Samples that came too late, or more than the window too early, and are not in the recording. */
  get lostSamples(): number {
    return this.#lostSamples;
  }

  /** Puts 16 kHz samples at `positionSamples`, counted from the call's begin. Keeps nothing of the array. */
  write(track: Track, positionSamples: number, samples: Int16Array): void {
    const first = Math.max(0, this.#position - positionSamples);
    const last = Math.min(samples.length, this.#position + TIMELINE_WINDOW_SAMPLES - positionSamples);
    this.#lostSamples += samples.length - Math.max(0, last - first);
    const channel = track === "caller" ? 0 : 1;
    for (let i = first; i < last; i++) {
      this.#ring[((positionSamples + i) % TIMELINE_WINDOW_SAMPLES) * CHANNELS + channel] = samples[i] as number;
    }
  }

  /**
   * Hands out all from the last block up to `positionSamples`, as 16-bit little-endian stereo in blocks of at most one
   * second: 64 kB. The caller owns them.
   */
  *blocksUpTo(positionSamples: number): Generator<Uint8Array<ArrayBuffer>, void, void> {
    while (this.#position < positionSamples) {
      yield this.#block(Math.min(positionSamples - this.#position, MAX_BLOCK_SAMPLES));
    }
  }

  #block(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length * BYTES_PER_MOMENT);
    for (let i = 0; i < length; i++) {
      const at = ((this.#position + i) % TIMELINE_WINDOW_SAMPLES) * CHANNELS;
      const caller = this.#ring[at] as number;
      const agent = this.#ring[at + 1] as number;
      bytes[i * BYTES_PER_MOMENT] = caller;
      bytes[i * BYTES_PER_MOMENT + 1] = caller >> 8;
      bytes[i * BYTES_PER_MOMENT + 2] = agent;
      bytes[i * BYTES_PER_MOMENT + 3] = agent >> 8;
      this.#ring[at] = 0;
      this.#ring[at + 1] = 0;
    }
    this.#position += length;
    return bytes;
  }
}

/** First bytes of a recording under way: players read it to its end, however long it is. */
export function streamingWavHeader(): Uint8Array<ArrayBuffer> {
  return wavHeader({ sampleRateHz: ENGINE_RATE_HZ, channels: CHANNELS });
}

/** First bytes of a finished recording with `dataBytes` after them, to be written over the streaming header. */
export function fixedWavHeader(dataBytes: number): Uint8Array<ArrayBuffer> {
  return wavHeader({ sampleRateHz: ENGINE_RATE_HZ, channels: CHANNELS, dataBytes });
}
