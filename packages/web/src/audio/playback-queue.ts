import { toSamples } from "./audio-format.ts";

/** How much must wait in the queue before it starts, so that an uneven network is not heard. */
const START_SAMPLES = toSamples(60);
const FADE_SAMPLES = toSamples(5);
const REPORT_EVERY_SAMPLES = toSamples(100);
/** More than the server may ever send ahead; what comes beyond is dropped and never counted as played. */
const MAX_QUEUED_SAMPLES = toSamples(30_000);

/**
 * The agent's voice between network and loudspeaker, in samples at the wire's rate. It knows how much the caller has
 * heard. Time passes by `pull` alone.
 */
export class PlaybackQueue {
  readonly #report: (playedSamples: number) => void;
  #chunks: Float32Array[] = [];
  #offset = 0;
  #queued = 0;
  #isPlaying = false;
  #waited = 0;
  #fading = new Float32Array(0);
  #played = 0;
  #reportedAt = 0;
  #mustReport = false;

  constructor(options: { report: (playedSamples: number) => void }) {
    this.#report = options.report;
  }

  push(samples: Int16Array): void {
    if (samples.length === 0 || this.#queued + samples.length > MAX_QUEUED_SAMPLES) return;
    this.#chunks.push(Float32Array.from(samples, (value) => value / 32_768));
    this.#queued += samples.length;
  }

  /** Drops what has not been played, fading out over 5 ms, then reports what was. */
  clear(): void {
    const tail = this.#isPlaying ? this.#take(Math.min(FADE_SAMPLES, this.#queued)) : new Float32Array(0);
    this.#fading = tail.map((value, index) => value * (1 - (index + 1) / tail.length));
    this.#chunks = [];
    this.#offset = 0;
    this.#queued = 0;
    this.#isPlaying = false;
    this.#waited = 0;
    this.#mustReport = true;
    this.#reportWhenDue();
  }

  /** Fills `output` with what comes next: voice, or silence while there is none. */
  pull(output: Float32Array): void {
    output.fill(0);
    const faded = this.#pullFading(output);
    const rest = output.subarray(faded);
    if (rest.length > 0 && this.#canPlay(rest.length)) {
      const voice = this.#take(Math.min(rest.length, this.#queued));
      rest.set(voice);
      this.#played += voice.length;
      if (this.#queued === 0) this.#stop();
    }
    this.#reportWhenDue();
  }

  #pullFading(output: Float32Array): number {
    const count = Math.min(output.length, this.#fading.length);
    output.set(this.#fading.subarray(0, count));
    this.#fading = this.#fading.subarray(count);
    this.#played += count;
    return count;
  }

  /** A short reply must not wait for ever for a queue that it never fills. */
  #canPlay(wanted: number): boolean {
    if (this.#isPlaying) return true;
    if (this.#queued === 0) return false;
    this.#waited += wanted;
    this.#isPlaying = this.#queued >= START_SAMPLES || this.#waited > START_SAMPLES;
    return this.#isPlaying;
  }

  #stop(): void {
    this.#isPlaying = false;
    this.#waited = 0;
    this.#mustReport = true;
  }

  #reportWhenDue(): void {
    const isDue = this.#mustReport
      ? this.#fading.length === 0
      : this.#played - this.#reportedAt >= REPORT_EVERY_SAMPLES;
    if (!isDue) return;
    this.#mustReport = false;
    this.#reportedAt = this.#played;
    this.#report(this.#played);
  }

  #take(count: number): Float32Array {
    const taken = new Float32Array(count);
    let filled = 0;
    while (filled < count) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const piece = chunk.subarray(this.#offset, this.#offset + count - filled);
      taken.set(piece, filled);
      filled += piece.length;
      this.#offset += piece.length;
      if (this.#offset < chunk.length) continue;
      this.#chunks.shift();
      this.#offset = 0;
    }
    this.#queued -= filled;
    return taken;
  }
}
