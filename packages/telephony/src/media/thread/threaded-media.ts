import { DigitSender, type DigitTiming } from "../../rtp/digit-sender.ts";
import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import type { MediaStatistics } from "../media-statistics.ts";
import type { ToMediaThread } from "./media-messages.ts";

type WithoutId<Message> = Message extends { readonly id: number } ? Omit<Message, "id"> : never;

export type MediaLine = {
  readonly post: (order: WithoutId<ToMediaThread>) => void;
  readonly send: (frame: Int16Array) => void;
  readonly forget: () => void;
};

/** A `MediaSession` in the media thread, as its owner sees it: the same orders, with counts up to 20 ms old. */
export class ThreadedMedia {
  readonly #line: MediaLine;
  readonly #queueFrames: number;
  #agreement: MediaAgreement;
  #accepted = 0;
  #gone = 0;
  #framesSent = 0;
  #droppedFrames = 0;
  #statistics: MediaStatistics | undefined;
  #isClosed = false;

  constructor(agreement: MediaAgreement, queueFrames: number, line: MediaLine) {
    this.#agreement = agreement;
    this.#queueFrames = queueFrames;
    this.#line = line;
  }

  get agreement(): MediaAgreement {
    return this.#agreement;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Frames given to `send` that have gone out. */
  get framesSent(): number {
    return this.#framesSent;
  }

  get queuedFrames(): number {
    return Math.max(0, this.#accepted - this.#gone);
  }

  /** Up to a second old; undefined in the first one. */
  get statistics(): MediaStatistics | undefined {
    const known = this.#statistics;
    const droppedFrames = (known?.sent.droppedFrames ?? 0) + this.#droppedFrames;
    return known && { ...known, sent: { ...known.sent, droppedFrames } };
  }

  update(agreement: MediaAgreement): void {
    this.#agreement = agreement;
    this.#line.post({ kind: "update", agreement });
  }

  /** Queues a frame (320 samples at 16 kHz), which is copied. Returns false, with the frame dropped, when the queue is full. */
  send(frame: Int16Array): boolean {
    if (this.#isClosed) return false;
    if (this.queuedFrames >= this.#queueFrames) {
      this.#droppedFrames++;
      return false;
    }
    this.#accepted++;
    this.#line.send(frame);
    return true;
  }

  /** Drops the frames that wait. Returns how many that were, as far as is known here. */
  clear(): number {
    const waiting = this.queuedFrames;
    this.#line.post({ kind: "clear" });
    return waiting;
  }

  setGain(gain: number): void {
    this.#line.post({ kind: "gain", gain });
  }

  /**
   * Sends digits of 0-9 * # A-D; those above 256 waiting ones are dropped.
   * @throws RangeError for characters that are no digits, times out of range, or a peer that takes none in RTP
   */
  sendDigits(digits: string, timing?: DigitTiming): void {
    if (this.#agreement.telephoneEvent === undefined)
      throw new RangeError("The peer takes no digits in RTP (no telephone-event): send them as SIP INFO.");
    new DigitSender(8000).add(digits, timing);
    this.#line.post({ kind: "digits", digits, timing });
  }

  clearDigits(): void {
    this.#line.post({ kind: "clear-digits" });
  }

  /** Ends the audio and gives the ports back. Idempotent. `statistics` are the last ones once the thread has answered. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#line.post({ kind: "close" });
  }

  /** From the thread: how many frames have gone out, and how many no longer wait. */
  count(framesSent: number, gone: number): void {
    this.#framesSent = framesSent;
    this.#gone = gone;
  }

  /** From the thread. The last ones come after the end. */
  learn(statistics: MediaStatistics): void {
    this.#statistics = statistics;
    if (this.#isClosed) this.#line.forget();
  }
}
