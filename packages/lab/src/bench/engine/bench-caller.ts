/** A caller on a fixed schedule: what it says when is decided beforehand, and lateness is never forgiven. */

import {
  type CallLeg,
  type Clock,
  FRAME_MS,
  FRAME_SAMPLES,
  type LegCapabilities,
  type LegHandlers,
  type Samples,
} from "@earshot/engine";

export type Speech = { readonly startMs: number; readonly samples: Samples };
export type FirstSound = { readonly atMs: number };

export class BenchCaller implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: false, sendDigits: false, transfer: false, leadMs: 0 };
  /** When the agent's sound began after a silence, on the caller's own schedule. */
  readonly replies: FirstSound[] = [];
  readonly #clock: Clock;
  readonly #speech: readonly Speech[];
  #handlers: LegHandlers | undefined;
  #startMs = 0;
  #sent = 0;
  #lastPlayMs = Number.NEGATIVE_INFINITY;
  #stop: () => void = () => {};

  constructor(clock: Clock, speech: readonly Speech[]) {
    this.#clock = clock;
    this.#speech = speech;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#startMs = this.#clock.nowMs();
    this.#stop = this.#clock.every(FRAME_MS, () => this.#sendDue());
  }

  play(): void {
    const nowMs = this.#clock.nowMs() - this.#startMs;
    if (nowMs - this.#lastPlayMs > 500) this.replies.push({ atMs: nowMs });
    this.#lastPlayMs = nowMs;
  }

  clear(): void {}
  sendDigits(): void {}
  show(): void {}

  close(): void {
    this.#stop();
  }

  hangUp(): void {
    this.#stop();
    this.#handlers?.onClosed("caller-hung-up");
  }

  #sendDue(): void {
    const elapsedMs = this.#clock.nowMs() - this.#startMs;
    for (; (this.#sent + 1) * FRAME_MS <= elapsedMs; this.#sent++) this.#handlers?.onAudio(this.#frameAt(this.#sent));
  }

  #frameAt(index: number): Samples {
    const frame = new Int16Array(FRAME_SAMPLES);
    const atMs = index * FRAME_MS;
    for (const { startMs, samples } of this.#speech) {
      const offset = ((atMs - startMs) / FRAME_MS) * FRAME_SAMPLES;
      if (offset >= 0 && offset < samples.length) frame.set(samples.subarray(offset, offset + FRAME_SAMPLES));
    }
    return frame;
  }
}
