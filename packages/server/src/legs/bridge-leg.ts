/** Two calls of this node that hear each other: what one plays is the other's caller, without any carrier between. */

import {
  type CallLeg,
  type Clock,
  FRAME_MS,
  FRAME_SAMPLES,
  type LegCapabilities,
  type LegHandlers,
  type Samples,
} from "@earshot/engine";

/** Ahead of real time, so that an end which plays a moment late is not heard to. */
const LEAD_MS = 60;
/** What an end may have waiting, 1 s: more than any session sends ahead. The rest is dropped. */
const MAX_WAITING_FRAMES = 50;
/** After a stall of the process, at most so many frames are made up for, 1 s. */
const MAX_LATE_FRAMES = 50;

/** Makes both ends. Sound flows, 20 ms at a time, once both are open. */
export function createBridge(clock: Clock): readonly [BridgeLeg, BridgeLeg] {
  const first = new BridgeLeg();
  const second = new BridgeLeg();
  const bridge = new Bridge(clock, [first, second]);
  first.join(bridge, second);
  second.join(bridge, first);
  return [first, second];
}

/** One end: the other is its far end. */
export class BridgeLeg implements CallLeg {
  readonly can: LegCapabilities = { reportPlayback: true, sendDigits: true, transfer: false, leadMs: LEAD_MS };
  #bridge: Bridge | undefined;
  #other: BridgeLeg | undefined;
  #handlers: LegHandlers | undefined;
  #waiting: Samples[] = [];
  #played = 0;
  #isClosed = false;

  /** Called once, by `createBridge`. */
  join(bridge: Bridge, other: BridgeLeg): void {
    this.#bridge = bridge;
    this.#other = other;
  }

  get isOpen(): boolean {
    return this.#handlers !== undefined && !this.#isClosed;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#bridge?.start();
  }

  play(frame: Samples): void {
    if (!this.#isClosed && this.#waiting.length < MAX_WAITING_FRAMES) this.#waiting.push(frame);
  }

  clear(): void {
    this.#waiting = [];
    if (this.isOpen) this.#handlers?.onPlayed(this.#played);
  }

  sendDigits(digits: string): void {
    for (const digit of digits) if (/[0-9*#]/.test(digit)) this.#other?.hearDigit(digit);
  }

  show(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#bridge?.stop();
    this.#other?.hearHangUp();
  }

  /** The next 20 ms of this end; undefined where it plays nothing. */
  takeFrame(): Samples | undefined {
    const frame = this.#waiting.shift();
    this.#played += frame?.length ?? 0;
    return frame;
  }

  hearAudio(frame: Samples): void {
    if (this.isOpen) this.#handlers?.onAudio(frame);
  }

  reportPlayed(): void {
    if (this.isOpen) this.#handlers?.onPlayed(this.#played);
  }

  hearDigit(digit: string): void {
    if (this.isOpen) this.#handlers?.onDigit(digit);
  }

  hearHangUp(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#handlers?.onClosed("caller-hung-up");
  }
}

/** The clockwork between the ends. */
class Bridge {
  readonly #clock: Clock;
  readonly #ends: readonly [BridgeLeg, BridgeLeg];
  #startMs = 0;
  #frames = 0;
  #stopTicking: (() => void) | undefined;

  constructor(clock: Clock, ends: readonly [BridgeLeg, BridgeLeg]) {
    this.#clock = clock;
    this.#ends = ends;
  }

  start(): void {
    if (this.#stopTicking || !this.#ends.every((end) => end.isOpen)) return;
    this.#startMs = this.#clock.nowMs();
    this.#stopTicking = this.#clock.every(FRAME_MS, () => this.#tick());
  }

  stop(): void {
    this.#stopTicking?.();
  }

  #tick(): void {
    const due = Math.floor((this.#clock.nowMs() - this.#startMs) / FRAME_MS);
    this.#frames = Math.max(this.#frames, due - MAX_LATE_FRAMES);
    for (; this.#frames < due; this.#frames++) this.#exchange();
  }

  /** Both frames are taken before either is heard: what one end does about it belongs to the next 20 ms. */
  #exchange(): void {
    const [first, second] = this.#ends;
    const [ofFirst, ofSecond] = [first.takeFrame(), second.takeFrame()];
    first.hearAudio(ofSecond ?? new Int16Array(FRAME_SAMPLES));
    second.hearAudio(ofFirst ?? new Int16Array(FRAME_SAMPLES));
    if (ofFirst) first.reportPlayed();
    if (ofSecond) second.reportPlayed();
  }
}
