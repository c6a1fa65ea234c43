/** A caller in a browser, or any client of the audio WebSocket: 16 kHz PCM both ways, JSON for the rest. */

import {
  type CallLeg,
  type Clock,
  FRAME_MS,
  FRAME_SAMPLES,
  type LegCapabilities,
  type LegHandlers,
  type LegNotice,
  type Samples,
  toSamples,
} from "@earshot/engine";
import { type ClientMessage, parseClientMessage } from "./browser-message.ts";
import { Reframer } from "./reframer.ts";
import { SentFrames } from "./sent-frames.ts";

/** How long a lost connection may stay away. */
const RESUME_LIMIT_MS = 20_000;
/** Ahead of real time, so that a stall of this process is not heard. */
const LEAD_MS = 120;
/** Without audio for this long the microphone counts as silent, so that what was said comes to its end. */
const MUTE_AFTER_MS = 200;
/** A client may be this much ahead of real time; what comes on top is dropped, and it is told so. */
const MAX_AHEAD_MS = 5_000;
/** Journal entries kept for a client that is away. */
const MAX_MISSED = 2_000;

/** The connection as it is now; replaced when the client comes back. */
export interface LegWire {
  sendAudio(frame: Samples): void;
  sendText(message: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export class BrowserLeg implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: true, sendDigits: false, transfer: false, leadMs: LEAD_MS };
  readonly #callId: string;
  readonly #clock: Clock;
  readonly #reframer = new Reframer();
  readonly #sent = new SentFrames();
  #wire: LegWire | undefined;
  #handlers: LegHandlers | undefined;
  readonly #missed: LegNotice[] = [];
  #isAwaitingResume = false;
  #isClosed = false;
  #startMs = 0;
  #heardSamples = 0;
  #lastAudioMs = 0;
  #hasWarned = false;
  #stopTicking: () => void = () => {};
  #cancelGrace: (() => void) | undefined;

  constructor(options: { callId: string; clock: Clock }) {
    this.#callId = options.callId;
    this.#clock = options.clock;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#startMs = this.#clock.nowMs();
    this.#lastAudioMs = this.#startMs;
    this.#stopTicking = this.#clock.every(FRAME_MS, () => this.#fillSilence());
  }

  play(frame: Samples): void {
    this.#sent.add(frame);
    this.#wire?.sendAudio(frame);
  }

  clear(): void {
    this.#sent.forget();
    this.#wire?.sendText({ type: "clear" });
  }

  /** The client lowers what it plays at once: frames lowered here would be heard `LEAD_MS` too late. */
  duck(isDucked: boolean): void {
    this.#wire?.sendText({ type: "duck", isDucked });
  }

  sendDigits(): void {}

  show(notice: LegNotice): void {
    if (this.#wire && !this.#isAwaitingResume) this.#wire.sendText(notice);
    else if (this.#missed.length < MAX_MISSED) this.#missed.push(notice);
  }

  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopTicking();
    this.#cancelGrace?.();
    this.#wire?.sendText({ type: "closed", reason });
    this.#wire?.close();
    this.#wire = undefined;
  }

  /** A connection has come: the first one, or one that takes over from it. */
  attach(wire: LegWire): void {
    if (this.#isClosed) {
      wire.sendText({ type: "error", code: "call_over", message: "This call has ended." });
      wire.close();
      return;
    }
    const isFirst = this.#wire === undefined && this.#cancelGrace === undefined;
    this.#wire?.close();
    this.#wire = wire;
    wire.sendText({ type: "open", callId: this.#callId, pace: "real" });
    if (isFirst) return;
    this.#isAwaitingResume = true;
    this.#startGrace();
  }

  /** The connection `wire` is gone. */
  detach(wire: LegWire): void {
    if (this.#wire !== wire || this.#isClosed) return;
    this.#wire = undefined;
    if (!this.#handlers) return;
    if (!this.#isAwaitingResume) this.#handlers.onLost();
    this.#isAwaitingResume = true;
    this.#startGrace();
  }

  receiveAudio(samples: Samples): void {
    if (this.#isClosed || this.#isAwaitingResume) return;
    const elapsedMs = this.#clock.nowMs() - this.#startMs;
    if (this.#heardSamples > toSamples(elapsedMs + MAX_AHEAD_MS)) {
      this.#warn("audio_too_fast", "Send audio at the pace of speech, or create the call with pace fast.");
      return;
    }
    this.#lastAudioMs = this.#clock.nowMs();
    for (const frame of this.#reframer.push(samples)) this.#hear(frame);
  }

  receiveText(text: string): void {
    if (this.#isClosed) return;
    const message = parseClientMessage(text);
    if ("problem" in message) this.#wire?.sendText({ type: "error", code: "bad_message", message: message.problem });
    else this.#obey(message);
  }

  #obey(message: ClientMessage): void {
    switch (message.type) {
      case "played":
        this.#handlers?.onPlayed(message.samples);
        return;
      case "digit":
        this.#handlers?.onDigit(message.digit);
        return;
      case "hang-up":
        this.#handlers?.onClosed("caller-hung-up");
        return;
      case "resume":
        this.#resume(message.received);
        return;
    }
  }

  #resume(received: number): void {
    if (!this.#isAwaitingResume || !this.#wire) return;
    this.#isAwaitingResume = false;
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    for (const notice of this.#missed.splice(0)) this.#wire.sendText(notice);
    for (const frame of this.#sent.since(received)) this.#wire.sendAudio(frame);
    // Time away is not time in which audio was owed.
    this.#startMs = this.#clock.nowMs();
    this.#heardSamples = 0;
    this.#lastAudioMs = this.#startMs;
    this.#handlers?.onResumed();
  }

  #startGrace(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = this.#clock.after(RESUME_LIMIT_MS, () => this.#handlers?.onClosed("connection-lost"));
  }

  #hear(frame: Samples): void {
    this.#heardSamples += frame.length;
    this.#handlers?.onAudio(frame);
  }

  #fillSilence(): void {
    if (this.#isAwaitingResume || this.#clock.nowMs() - this.#lastAudioMs < MUTE_AFTER_MS) return;
    this.#hear(new Int16Array(FRAME_SAMPLES));
  }

  #warn(code: string, message: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#wire?.sendText({ type: "error", code, message });
  }
}
