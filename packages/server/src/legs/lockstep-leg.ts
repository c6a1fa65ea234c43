/** A client that runs a call as fast as both sides can: one frame out for one frame in, and no time between. */

import {
  type CallLeg,
  type FastClock,
  FRAME_MS,
  FRAME_SAMPLES,
  type LegCapabilities,
  type LegHandlers,
  type LegNotice,
  type Samples,
} from "@earshot/engine";
import type { LegWire } from "./browser-leg.ts";
import { parseClientMessage } from "./browser-message.ts";
import { Reframer } from "./reframer.ts";

export class LockstepLeg implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: false, sendDigits: false, transfer: false, leadMs: 0 };
  readonly #callId: string;
  readonly #clock: FastClock;
  readonly #reframer = new Reframer();
  #wire: LegWire | undefined;
  #handlers: LegHandlers | undefined;
  #toPlay: Samples[] = [];
  #release: (() => void) | undefined;
  #isClosed = false;
  #stopTicking: () => void = () => {};

  constructor(options: { callId: string; clock: FastClock }) {
    this.#callId = options.callId;
    this.#clock = options.clock;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#stopTicking = this.#clock.every(FRAME_MS, () => this.#exchange());
  }

  play(frame: Samples): void {
    this.#toPlay.push(frame);
  }

  clear(): void {
    this.#toPlay = [];
  }

  sendDigits(): void {}

  show(notice: LegNotice): void {
    this.#wire?.sendText(notice);
  }

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopTicking();
    this.#wire?.sendText({ type: "closed", reason });
    this.#wire?.close();
    this.#letGo();
  }

  attach(wire: LegWire): void {
    if (this.#wire || this.#isClosed) {
      wire.sendText({
        type: "error",
        code: "call_taken",
        message: "A fast call has one connection and can't be resumed.",
      });
      wire.close();
      return;
    }
    this.#wire = wire;
    wire.sendText({ type: "open", callId: this.#callId, pace: "fast" });
  }

  detach(wire: LegWire): void {
    if (this.#wire !== wire || this.#isClosed) return;
    this.#letGo();
    this.#handlers?.onClosed("connection-lost");
  }

  receiveAudio(samples: Samples): void {
    if (this.#isClosed) return;
    for (const frame of this.#reframer.push(samples)) {
      this.#handlers?.onAudio(frame);
      this.#letGo();
    }
  }

  receiveText(text: string): void {
    if (this.#isClosed) return;
    const message = parseClientMessage(text);
    if ("problem" in message) this.#wire?.sendText({ type: "error", code: "bad_message", message: message.problem });
    else if (message.type === "digit") this.#handlers?.onDigit(message.digit);
    else if (message.type === "hang-up") {
      this.#letGo();
      this.#handlers?.onClosed("caller-hung-up");
    }
  }

  /** Time stands still until the caller's frame of these 20 ms has come. */
  #exchange(): void {
    this.#release = this.#clock.hold();
    this.#wire?.sendAudio(this.#toPlay.shift() ?? new Int16Array(FRAME_SAMPLES));
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
