/** A caller whose sound a carrier streams to us. Which carrier is the codec's business alone. */

import {
  type CallLeg,
  type Clock,
  FRAME_MS,
  type LegCapabilities,
  type LegClosedReason,
  type LegHandlers,
  type Samples,
} from "@earshot/engine";
import { toTones } from "./dtmf-tones.ts";
import { MarkedVoice } from "./marked-voice.ts";
import { PacedVoice } from "./paced-voice.ts";
import type { StreamCodec, StreamEvent, StreamMessage } from "./stream-codec.ts";
import { StreamEars } from "./stream-ears.ts";
import type { FromStream } from "./stream-messages.ts";
import { makeEncoder } from "./stream-sound.ts";
import type { StreamVoice } from "./stream-voice.ts";

/** Messages in a row that aren't understood, before the connection is given up: no carrier sends that. */
const MAX_GARBAGE = 100;

export type StreamLegOptions = {
  readonly codec: StreamCodec;
  readonly clock: Clock;
  readonly tell: (report: FromStream) => void;
  /** Sound flows: the call may begin. */
  readonly onReady: () => void;
};

export class StreamLeg implements CallLeg {
  readonly can: LegCapabilities;
  /** Only where sound waits here: lowered at once. */
  readonly duck?: (isDucked: boolean) => void;
  readonly #codec: StreamCodec;
  readonly #clock: Clock;
  readonly #options: StreamLegOptions;
  readonly #voice: StreamVoice;
  #encode: ((frame: Samples) => Uint8Array<ArrayBuffer>) | undefined;
  #ears: StreamEars | undefined;
  #heardRateHz: number | undefined;
  #handlers: LegHandlers | undefined;
  #stopTicking: () => void = () => {};
  #garbage = 0;
  #isTransferring = false;
  #isClosed = false;

  constructor(options: StreamLegOptions) {
    this.#codec = options.codec;
    this.#clock = options.clock;
    this.#options = options;
    this.#voice = this.#makeVoice();
    const { leadMs, duck } = this.#voice;
    this.can = { reportPlayback: true, sendDigits: true, transfer: false, leadMs };
    if (duck) this.duck = (isDucked) => this.#voice.duck?.(isDucked);
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#stopTicking = this.#clock.every(FRAME_MS, () => {
      this.#ears?.tick();
      if (!this.#isClosed) this.#voice.tick();
    });
  }

  play(frame: Samples): void {
    if (!this.#isClosed) this.#voice.play(frame);
  }

  clear(): void {
    if (!this.#isClosed) this.#voice.clear();
  }

  sendDigits(digits: string): void {
    const known = digits.replaceAll(/[^0-9*#]/g, "");
    if (known === "" || this.#isClosed) return;
    switch (this.#codec.digits) {
      case "api":
        return this.#options.tell({ kind: "digits", digits: known });
      case "message":
        return this.#send(this.#codec.sendDigits?.(known));
      case "tones":
        for (const frame of toTones(known)) this.#voice.playAside(frame);
    }
  }

  show(): void {}

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#send(this.#codec.hangUp?.());
    this.#release();
    this.#options.tell({ kind: "hang-up", reason });
  }

  /** A message of the carrier. Never throws. */
  receive(message: StreamMessage): void {
    if (this.#isClosed) return;
    const event = this.#codec.decode(message);
    if (event === undefined) return;
    if (event.kind === "garbage") this.#ignore(event.problem);
    else {
      this.#garbage = 0;
      this.#obey(event);
    }
  }

  /** The connection is gone. */
  lose(isInOrder: boolean): void {
    this.end(isInOrder && this.#codec.endsByClosing ? "caller-hung-up" : "connection-lost");
  }

  /** The far end is gone. Idempotent. */
  end(reason: LegClosedReason): void {
    if (this.#isClosed) return;
    this.#release();
    if (this.#handlers) this.#handlers.onClosed(this.#isTransferring ? "transferred" : reason);
    else this.#options.tell({ kind: "hang-up", reason });
  }

  /** While the carrier connects the caller with somebody else, the end of the stream is that. */
  setTransferring(isTransferring: boolean): void {
    this.#isTransferring = isTransferring;
  }

  #obey(event: Exclude<StreamEvent, { kind: "garbage" }>): void {
    switch (event.kind) {
      case "started":
        return this.#start(event);
      case "audio":
        return this.#ears?.hear(event.payload, event.chunk);
      case "digit":
        if (/^[0-9*#]$/.test(event.digit)) this.#handlers?.onDigit(event.digit);
        return;
      case "mark":
        return this.#voice.onMark(event.name);
      case "stopped":
        return this.end("caller-hung-up");
      case "failed":
        this.#options.tell({ kind: "problem", problem: event.problem });
        return this.end("failed");
    }
  }

  #start({ heard, played, payload }: Extract<StreamEvent, { kind: "started" }>): void {
    const isFirst = this.#ears === undefined;
    if (this.#heardRateHz === heard.sampleRateHz) return;
    this.#heardRateHz = heard.sampleRateHz;
    this.#encode = makeEncoder(played);
    this.#ears = new StreamEars({
      clock: this.#clock,
      format: heard,
      onFrame: (frame) => {
        if (!this.#isClosed) this.#handlers?.onAudio(frame);
      },
    });
    if (isFirst) this.#options.onReady();
    if (payload) this.#ears.hear(payload);
  }

  #ignore(problem: string): void {
    this.#garbage++;
    if (this.#garbage === 1) this.#options.tell({ kind: "problem", problem });
    if (this.#garbage >= MAX_GARBAGE) this.end("failed");
  }

  #makeVoice(): StreamVoice {
    const { queue } = this.#codec;
    const shared = {
      clock: this.#clock,
      send: (frame: Samples) => {
        if (this.#encode) this.#send(this.#codec.audio(this.#encode(frame)));
      },
      onPlayed: (samples: number) => this.#handlers?.onPlayed(samples),
    };
    if (!queue) return new PacedVoice(shared);
    return new MarkedVoice({
      ...shared,
      sendMark: (name) => this.#send(queue.mark(name)),
      sendClear: () => this.#send(queue.clear()),
    });
  }

  #send(message: StreamMessage | undefined): void {
    if (message !== undefined) this.#options.tell({ kind: "message", message });
  }

  #release(): void {
    this.#isClosed = true;
    this.#stopTicking();
  }
}
