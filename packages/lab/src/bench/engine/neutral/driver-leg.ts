/** The driver's far end as a leg of the call. */

import {
  type CallLeg,
  ENGINE_RATE_HZ,
  type JournalEntry,
  type LegCapabilities,
  type LegHandlers,
  type LegNotice,
  Resampler,
  type Samples,
} from "@earshot/engine";
import type { AudioSink } from "./engine-under-test.ts";

export const DRIVER_VOICE_RATE_HZ = 24_000;
/** As ahead of real time as a browser is sent audio. */
const LEAD_MS = 120;

export class DriverLeg implements CallLeg {
  /** The sink says where it stopped only when it has; until then playing follows sending. */
  readonly can: LegCapabilities = { reportPlayback: false, sendDigits: false, transfer: false, leadMs: LEAD_MS };
  readonly #sink: AudioSink;
  readonly #resampler = new Resampler(ENGINE_RATE_HZ, DRIVER_VOICE_RATE_HZ);
  #handlers: LegHandlers | undefined;
  #isPlaying = false;
  #heardSamples = 0;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  /** Samples of the caller that have come so far. */
  get heardSamples(): number {
    return this.#heardSamples;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
  }

  hear(frame: Samples): void {
    this.#heardSamples += frame.length;
    this.#handlers?.onAudio(frame);
  }

  hangUp(): void {
    this.#handlers?.onClosed("caller-hung-up");
  }

  play(frame: Samples): void {
    this.#isPlaying = true;
    this.#sink.write(this.#resampler.push(frame));
  }

  clear(): void {
    this.#isPlaying = false;
    this.#resampler.flush();
    this.#sink.clear();
  }

  sendDigits(): void {}

  show(notice: LegNotice): void {
    if (!this.#isPlaying || notice.type !== "event") return;
    const { type } = (notice["entry"] as JournalEntry).event;
    if (type !== "reply-ended" && type !== "reply-failed") return;
    this.#isPlaying = false;
    // All has been heard by now: the filter's last millisecond would come too late.
    this.#resampler.flush();
    this.#sink.endSegment(() => {});
  }

  close(): void {}
}
