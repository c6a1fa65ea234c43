/** Lays a bed of sound under a call: under the agent's voice, and alone while the agent is silent. */

import type { Ambience } from "../audio/ambience/ambience.ts";
import { FRAME_MS, FRAME_SAMPLES, type Samples } from "../audio/frame.ts";
import type { Clock } from "../session/clock.ts";
import type { CallLeg, LegCapabilities, LegHandlers, LegNotice } from "./call-leg.ts";
import { PlayedRuns } from "./played-runs.ts";

/** The bed is sent this share of the leg's lead ahead, so that a late tick is not heard as a gap. */
const LEAD_SHARE = 0.5;
/** Ticks come at about the time they are due. */
const TICK_SLACK_MS = 1;
/** After a stall of the process the bed goes on from now; this much is made up for. */
const MAX_LATE_MS = 200;

/**
 * A leg around a leg. The session behind it sees its own frames alone in `onPlayed`, and its voice never waits for the
 * bed: bed that is still to be played when the voice begins is dropped.
 */
export class AmbientLeg implements CallLeg {
  /** Only where the leg inside can: it lowers the bed with the voice. */
  readonly duck?: (isDucked: boolean) => void;
  readonly transfer?: NonNullable<CallLeg["transfer"]>;
  readonly #inner: CallLeg;
  readonly #ambience: Ambience;
  readonly #clock: Clock;
  readonly #runs = new PlayedRuns();
  /** When all that was sent will have been played, if it is played as it comes. */
  #sentUntilMs = 0;
  /** Of that, how much at the end is bed alone. */
  #bedMs = 0;
  #isLost = false;
  #isClosed = false;
  #stopTicking: () => void = () => {};

  constructor(options: { inner: CallLeg; ambience: Ambience; clock: Clock }) {
    this.#inner = options.inner;
    this.#ambience = options.ambience;
    this.#clock = options.clock;
    const { inner } = options;
    if (inner.transfer) this.transfer = (order, reports) => inner.transfer?.(order, reports);
    if (inner.duck) this.duck = (isDucked) => inner.duck?.(isDucked);
  }

  get can(): LegCapabilities {
    return this.#inner.can;
  }

  open(handlers: LegHandlers): void {
    this.#sentUntilMs = this.#clock.nowMs();
    // Before the inner leg's own clockwork, which takes a frame each 20 ms.
    this.#stopTicking = this.#clock.every(FRAME_MS, () => this.#fill());
    this.#inner.open({
      ...handlers,
      onPlayed: (samples) => this.#onPlayed(samples, handlers),
      onLost: () => {
        this.#isLost = true;
        handlers.onLost();
      },
      onResumed: () => {
        this.#isLost = false;
        this.#sentUntilMs = this.#clock.nowMs();
        this.#bedMs = 0;
        handlers.onResumed();
      },
      onClosed: (reason) => {
        if (this.#isClosed) return;
        this.#stop();
        handlers.onClosed(reason);
      },
    });
  }

  play(frame: Samples): void {
    if (this.#isClosed) return;
    this.#makeWay();
    this.#ambience.mixInto(frame);
    this.#send(frame, true);
  }

  clear(): void {
    if (!this.#isClosed) this.#drop();
  }

  sendDigits(digits: string): void {
    this.#inner.sendDigits(digits);
  }

  show(notice: LegNotice): void {
    this.#inner.show(notice);
  }

  close(reason: string): void {
    this.#stop();
    this.#inner.close(reason);
  }

  #stop(): void {
    this.#isClosed = true;
    this.#stopTicking();
  }

  /** Each 20 ms: bed for the time for which there is no voice. */
  #fill(): void {
    if (this.#isClosed || this.#isLost) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#sentUntilMs > MAX_LATE_MS) this.#sentUntilMs = nowMs;
    const leadMs = this.#inner.can.leadMs * LEAD_SHARE;
    while (this.#sentUntilMs - nowMs <= leadMs + TICK_SLACK_MS) {
      this.#send(this.#ambience.nextFrame(), false);
      this.#bedMs += FRAME_MS;
    }
  }

  #send(frame: Samples, isOwn: boolean): void {
    this.#sentUntilMs += FRAME_MS;
    if (this.#inner.can.reportPlayback) this.#runs.sent(FRAME_SAMPLES, isOwn);
    this.#inner.play(frame);
  }

  /** The voice begins: what waits before it is bed, unless older voice waits before that. */
  #makeWay(): void {
    if (this.#bedMs === 0) return;
    const waitingMs = this.#sentUntilMs - this.#clock.nowMs();
    if (waitingMs > 0 && waitingMs <= this.#bedMs) this.#drop();
    this.#bedMs = 0;
  }

  #drop(): void {
    this.#sentUntilMs = this.#clock.nowMs();
    this.#bedMs = 0;
    this.#runs.cut();
    this.#inner.clear();
  }

  #onPlayed(samples: number, handlers: LegHandlers): void {
    this.#runs.played(samples);
    handlers.onPlayed(this.#runs.own);
  }
}
