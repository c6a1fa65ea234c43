/** A telephone on the far end: its sound comes and goes through the media thread, its signalling through the main one. */

import {
  type CallLeg,
  FRAME_SAMPLES,
  type LegCapabilities,
  type LegClosedReason,
  type LegHandlers,
  type Samples,
} from "@earshot/engine";
import type { MediaAgreement, OpenPorts, ThreadedMedia } from "@earshot/telephony";
import type { FromLine } from "./line-messages.ts";

/** Ahead of real time, so that a stall of this thread is not heard. */
const LEAD_MS = 120;
/** As much as the engine lowers what it plays itself: -18 dB. */
const DUCKED_GAIN = 10 ** (-18 / 20);

export type SipLegOptions = {
  readonly ports: Pick<OpenPorts, "start" | "close">;
  readonly agreement: MediaAgreement;
  readonly tell: (report: FromLine) => void;
};

export class SipLeg implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: true, sendDigits: true, transfer: false, leadMs: LEAD_MS };
  readonly #options: SipLegOptions;
  #agreement: MediaAgreement;
  #handlers: LegHandlers | undefined;
  #media: ThreadedMedia | undefined;
  #played = 0;
  #owesPosition = false;
  #isHeld = false;
  #isClosed = false;

  constructor(options: SipLegOptions) {
    this.#options = options;
    this.#agreement = options.agreement;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#media = this.#options.ports.start(this.#agreement, {
      onFrame: (frame) => this.#onFrame(frame),
      onDigit: (digit) => this.receiveDigit(digit),
      onFailed: () => this.end("failed"),
    });
    this.#learnHold();
  }

  play(frame: Samples): void {
    this.#media?.send(frame);
  }

  clear(): void {
    this.#media?.clear();
    this.#owesPosition = true;
  }

  duck(isDucked: boolean): void {
    this.#media?.setGain(isDucked ? DUCKED_GAIN : 1);
  }

  sendDigits(digits: string): void {
    const known = digits.replaceAll(/[^0-9*#]/g, "");
    if (known === "" || this.#isClosed) return;
    if (this.#agreement.telephoneEvent && this.#media) this.#media.sendDigits(known);
    else this.#options.tell({ kind: "digits", digits: known });
  }

  show(): void {}

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#options.tell({ kind: "hang-up", reason });
    this.#release();
  }

  /** Other sound was agreed on: another codec or address, or a hold. */
  update(agreement: MediaAgreement): void {
    this.#agreement = agreement;
    if (this.#isClosed) return;
    this.#media?.update(agreement);
    this.#learnHold();
  }

  receiveDigit(digit: string): void {
    if (!this.#isClosed && /^[0-9*#]$/.test(digit)) this.#handlers?.onDigit(digit);
  }

  /** The far end is gone. */
  end(reason: LegClosedReason): void {
    if (this.#isClosed) return;
    this.#release();
    this.#handlers?.onClosed(reason);
  }

  /** Comes every 20 ms, whether or not the far end sends. The frame is a view of what many calls share. */
  #onFrame(frame: Int16Array): void {
    if (this.#isClosed || this.#handlers === undefined || this.#isHeld) return;
    this.#reportPlayed();
    this.#handlers.onAudio(new Int16Array(frame));
  }

  #reportPlayed(): void {
    const played = (this.#media?.framesSent ?? 0) * FRAME_SAMPLES;
    if (played === this.#played && !this.#owesPosition) return;
    this.#played = played;
    this.#owesPosition = false;
    this.#handlers?.onPlayed(played);
  }

  /** Whoever holds us hears nothing, and what we would hear is music. */
  #learnHold(): void {
    const isHeld = this.#agreement.isHeldByPeer;
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#handlers?.onLost();
    else this.#handlers?.onResumed();
  }

  #release(): void {
    this.#isClosed = true;
    const statistics = this.#media?.statistics;
    if (statistics) this.#options.tell({ kind: "statistics", statistics });
    this.#options.ports.close();
  }
}
