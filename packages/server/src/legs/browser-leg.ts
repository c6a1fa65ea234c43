/**
 * A caller in a browser, or any client of the audio WebSocket: 16 kHz PCM both ways, JSON for the rest. Where the client
 * offers WebRTC, the sound moves over to it once packets come that way, and back when they don't.
 */

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
import type { MediaStatistics } from "@earshot/telephony";
import { type ClientMessage, parseClientMessage } from "./browser-message.ts";
import { type OpenPeer, PeerSound } from "./peer-sound.ts";
import { Reframer } from "./reframer.ts";
import { SentFrames } from "./sent-frames.ts";
import { SocketDrain } from "./socket-drain.ts";

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
/** The agent's voice changes over between two replies; where sound never ends, after this long in the middle of it. */
const CHANGE_OVER_LIMIT_MS = 3_000;

/** The connection as it is now; replaced when the client comes back. */
export interface LegWire {
  sendAudio(frame: Samples): void;
  sendText(message: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export type BrowserLegOptions = {
  readonly callId: string;
  readonly clock: Clock;
  /** Absent: there is no WebRTC. */
  readonly openPeer?: OpenPeer | undefined;
  /** At the end, how the sound over WebRTC was. */
  readonly onQuality?: (statistics: MediaStatistics) => void;
};

export class BrowserLeg implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: true, sendDigits: false, transfer: false, leadMs: LEAD_MS };
  readonly #options: BrowserLegOptions;
  readonly #clock: Clock;
  readonly #reframer = new Reframer();
  readonly #sent = new SentFrames();
  readonly #drain = new SocketDrain();
  readonly #peer: PeerSound | undefined;
  /** The agent's voice goes over WebRTC. */
  #speaksByPeer = false;
  #peerUpSinceMs = 0;
  /** Which way the client believes to be heard. */
  #toldWay: "webrtc" | "websocket" = "websocket";
  #owesPosition = false;
  #reported = 0;
  #wire: LegWire | undefined;
  #handlers: LegHandlers | undefined;
  readonly #missed: LegNotice[] = [];
  #isAwaitingResume = false;
  /** The session knows that the client is out of reach. */
  #isLost = false;
  #isClosed = false;
  #startMs = 0;
  #heardSamples = 0;
  #lastAudioMs = 0;
  #hasWarned = false;
  #stopTicking: () => void = () => {};
  #cancelGrace: (() => void) | undefined;

  constructor(options: BrowserLegOptions) {
    this.#options = options;
    this.#clock = options.clock;
    const { openPeer: open } = options;
    if (open === undefined) return;
    this.#peer = new PeerSound({
      open,
      onFrame: (frame) => this.#hearPeer(frame),
      onUp: () => this.#onPeerUp(),
      onDown: (unsent) => this.#onPeerDown(unsent),
    });
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#startMs = this.#clock.nowMs();
    this.#lastAudioMs = this.#startMs;
    this.#stopTicking = this.#clock.every(FRAME_MS, () => this.#fillSilence());
  }

  play(frame: Samples): void {
    this.#changeOver();
    if (this.#speaksByPeer) this.#peer?.play(frame);
    else this.#playBySocket(frame);
  }

  clear(): void {
    this.#sent.forget();
    this.#drain.clear();
    this.#peer?.clear();
    this.#owesPosition = this.#speaksByPeer;
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
    const statistics = this.#peer?.statistics;
    this.#peer?.close();
    if (statistics) this.#options.onQuality?.(statistics);
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
    wire.sendText({ type: "open", callId: this.#options.callId, pace: "real" });
    if (isFirst) return;
    this.#isAwaitingResume = true;
    this.#startGrace();
  }

  /** The connection `wire` is gone. */
  detach(wire: LegWire): void {
    if (this.#wire !== wire || this.#isClosed) return;
    this.#wire = undefined;
    if (!this.#handlers) return;
    this.#isAwaitingResume = true;
    if (!this.#peer?.isUp) this.#lose();
    this.#startGrace();
  }

  receiveAudio(samples: Samples): void {
    if (this.#isClosed || this.#isAwaitingResume || this.#peer?.isUp) return;
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
        this.#drain.report(message.samples);
        this.#reportPlayed();
        return this.#changeOver();
      case "digit":
        this.#handlers?.onDigit(message.digit);
        return;
      case "hang-up":
        this.#handlers?.onClosed("caller-hung-up");
        return;
      case "resume":
        return this.#resume(message.received);
      case "offer":
        void this.#meet(message.sdp);
        return;
      case "candidate":
        // We are ICE-lite: the browser's checks tell where it is.
        return;
    }
  }

  /** What can't be answered leaves the sound where it is. */
  async #meet(offer: string): Promise<void> {
    try {
      if (this.#peer === undefined) throw new Error("This server has no WebRTC.");
      const sdp = await this.#peer.meet(offer);
      this.#wire?.sendText({ type: "answer", sdp });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#wire?.sendText({ type: "media", way: "websocket", problem });
    }
  }

  #resume(received: number): void {
    if (!this.#isAwaitingResume || !this.#wire) return;
    this.#isAwaitingResume = false;
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    this.#tellMedia();
    for (const notice of this.#missed.splice(0)) this.#wire.sendText(notice);
    for (const frame of this.#sent.since(received)) this.#wire.sendAudio(frame);
    this.#find();
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#handlers?.onLost();
  }

  #find(): void {
    this.#keepPaceFromNow();
    if (!this.#isLost && this.#peer?.isUp) return;
    this.#isLost = false;
    this.#handlers?.onResumed();
  }

  /** Time in which nothing came over the socket is not time in which audio was owed. */
  #keepPaceFromNow(): void {
    this.#startMs = this.#clock.nowMs();
    this.#heardSamples = 0;
    this.#lastAudioMs = this.#startMs;
  }

  #startGrace(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = this.#clock.after(RESUME_LIMIT_MS, () => this.#handlers?.onClosed("connection-lost"));
  }

  #onPeerUp(): void {
    this.#peerUpSinceMs = this.#clock.nowMs();
    this.#tellMedia();
    this.#changeOver();
  }

  #onPeerDown(unsent: readonly Samples[]): void {
    const wasSpeaking = this.#speaksByPeer;
    this.#speaksByPeer = false;
    this.#keepPaceFromNow();
    if (this.#isClosed) return;
    this.#tellMedia();
    if (wasSpeaking) for (const frame of unsent) this.#playBySocket(frame);
    if (this.#isAwaitingResume) this.#lose();
  }

  #tellMedia(): void {
    const way = this.#peer?.isUp ? "webrtc" : "websocket";
    if (this.#isAwaitingResume || way === this.#toldWay) return;
    this.#toldWay = way;
    this.#wire?.sendText({ type: "media", way });
  }

  /** Lets the agent's voice go over WebRTC as soon as nothing of it is left on the other way. */
  #changeOver(): void {
    if (this.#speaksByPeer || !this.#peer?.isUp) return;
    const isOverdue = this.#clock.nowMs() - this.#peerUpSinceMs >= CHANGE_OVER_LIMIT_MS;
    this.#speaksByPeer = isOverdue || this.#drain.isDrained;
  }

  #playBySocket(frame: Samples): void {
    this.#sent.add(frame);
    this.#drain.send(frame.length);
    this.#wire?.sendAudio(frame);
  }

  #hearPeer(frame: Samples): void {
    if (this.#isClosed) return;
    const played = this.#played;
    if (played !== this.#reported || this.#owesPosition) this.#reportPlayed();
    this.#handlers?.onAudio(frame);
  }

  /** Each sample goes one way only. */
  get #played(): number {
    return this.#drain.played + (this.#peer?.played ?? 0);
  }

  #reportPlayed(): void {
    this.#owesPosition = false;
    this.#reported = this.#played;
    this.#handlers?.onPlayed(this.#reported);
  }

  #hear(frame: Samples): void {
    this.#heardSamples += frame.length;
    this.#handlers?.onAudio(frame);
  }

  #fillSilence(): void {
    if (this.#isAwaitingResume || this.#peer?.isUp) return;
    if (this.#clock.nowMs() - this.#lastAudioMs < MUTE_AFTER_MS) return;
    this.#hear(new Int16Array(FRAME_SAMPLES));
  }

  #warn(code: string, message: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#wire?.sendText({ type: "error", code, message });
  }
}
