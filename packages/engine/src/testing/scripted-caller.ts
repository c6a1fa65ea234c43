import type { Samples } from "../audio/frame.ts";
import type { CallLeg, LegCapabilities, LegClosedReason, LegHandlers, LegNotice } from "../leg/call-leg.ts";
import type { Clock } from "../session/clock.ts";
import { silence, toFrames } from "./scripted-models.ts";

const FRAME_MS = 20;

/**
 * A party at the far end that a test moves by hand: it sends a frame each 20 ms, silence unless told to speak, and
 * keeps what it heard.
 */
export class ScriptedCaller implements CallLeg {
  readonly can: LegCapabilities;
  /** Frames of the agent that were really heard. */
  readonly heard: Samples[] = [];
  /** When each of them was heard, by the clock. */
  readonly heardAtMs: number[] = [];
  readonly notices: LegNotice[] = [];
  readonly sentDigits: string[] = [];
  closedWith: string | undefined;
  clears = 0;
  readonly #clock: Clock;
  #handlers: LegHandlers | undefined;
  readonly #toSay: Samples[] = [];
  #queue: Samples[] = [];
  #stop: () => void = () => {};

  constructor(clock: Clock, can: Partial<LegCapabilities> = {}) {
    this.#clock = clock;
    this.can = { reportPlayback: true, sendDigits: true, transfer: false, leadMs: 100, ...can };
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#stop = this.#clock.every(FRAME_MS, () => this.#tick());
  }

  play(frame: Samples): void {
    this.#queue.push(frame);
  }

  clear(): void {
    this.clears++;
    this.#queue = [];
    if (this.can.reportPlayback) this.#report();
  }

  sendDigits(digits: string): void {
    this.sentDigits.push(digits);
  }

  show(notice: LegNotice): void {
    this.notices.push(notice);
  }

  close(reason: string): void {
    this.closedWith ??= reason;
    this.#stop();
  }

  /** Queues audio to be sent frame by frame. */
  say(samples: Samples): void {
    this.#toSay.push(...toFrames(samples));
  }

  press(digit: string): void {
    this.#handlers?.onDigit(digit);
  }

  hangUp(reason: LegClosedReason = "caller-hung-up"): void {
    this.#stop();
    this.#handlers?.onClosed(reason);
  }

  loseConnection(): void {
    this.#queue = [];
    this.#stop();
    this.#handlers?.onLost();
  }

  reconnect(): void {
    this.#stop = this.#clock.every(FRAME_MS, () => this.#tick());
    this.#handlers?.onResumed();
  }

  #tick(): void {
    this.#handlers?.onAudio(this.#toSay.shift() ?? silence(FRAME_MS));
    const frame = this.#queue.shift();
    if (!frame) return;
    this.heard.push(frame);
    this.heardAtMs.push(this.#clock.nowMs());
    if (this.can.reportPlayback) this.#report();
  }

  #report(): void {
    const samples = this.heard.reduce((sum, frame) => sum + frame.length, 0);
    this.#handlers?.onPlayed(samples);
  }
}
