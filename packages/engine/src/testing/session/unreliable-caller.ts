import { FRAME_SAMPLES, type Samples } from "../../audio/frame.ts";
import type { CallLeg, LegCapabilities, LegClosedReason, LegHandlers } from "../../leg/call-leg.ts";
import type { Clock } from "../../session/clock.ts";

const FRAME_MS = 20;
const LOUD = 8_192;

export type HeardFrame = { readonly atMs: number; readonly frame: Samples };

/** A caller on a line that bursts, drops, dies and comes back, who writes down every frame that really arrived. */
export class UnreliableCaller implements CallLeg {
  readonly can: LegCapabilities;
  readonly heard: HeardFrame[] = [];
  closedWith: string | undefined;
  /** The line was away for a while: what was on its way is lost. */
  hasLostFrames = false;
  readonly #clock: Clock;
  readonly #reportDelayMs: number;
  #handlers: LegHandlers | undefined;
  #queue: Samples[] = [];
  readonly #heldUp: Samples[] = [];
  #speakingUntilMs = 0;
  #heldUntilMs = 0;
  #droppedUntilMs = 0;
  #reports = true;
  #stop: () => void = () => {};
  #isOver = false;

  constructor(clock: Clock, options: { reportPlayback: boolean; leadMs: number; reportDelayMs: number }) {
    const { reportPlayback, leadMs, reportDelayMs } = options;
    this.#clock = clock;
    this.#reportDelayMs = reportDelayMs;
    this.can = { reportPlayback, sendDigits: false, transfer: false, leadMs };
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#run();
  }

  play(frame: Samples): void {
    this.#queue.push(frame);
  }

  clear(): void {
    this.#queue = [];
    this.#report();
  }

  sendDigits(): void {}
  show(): void {}

  close(reason: string): void {
    this.closedWith ??= reason;
    this.#finish();
  }

  speak(ms: number): void {
    this.#speakingUntilMs = this.#clock.nowMs() + ms;
  }

  holdUp(ms: number): void {
    this.#heldUntilMs = this.#clock.nowMs() + ms;
  }

  drop(ms: number): void {
    this.#droppedUntilMs = this.#clock.nowMs() + ms;
  }

  stopReporting(): void {
    this.#reports = false;
  }

  press(digit: string): void {
    if (!this.#isOver) this.#handlers?.onDigit(digit);
  }

  /** The reason comes once, whatever happens to the line afterwards. */
  hangUp(reason: LegClosedReason): void {
    if (this.#isOver) return;
    this.#finish();
    this.#handlers?.onClosed(reason);
  }

  loseConnection(): void {
    if (this.#isOver) return;
    this.hasLostFrames = true;
    this.#queue = [];
    this.#stop();
    this.#handlers?.onLost();
  }

  reconnect(): void {
    if (this.#isOver) return;
    this.#run();
    this.#handlers?.onResumed();
  }

  #run(): void {
    this.#stop = this.#clock.every(FRAME_MS, () => this.#tick());
  }

  #finish(): void {
    this.#isOver = true;
    this.#stop();
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    const frame = new Int16Array(FRAME_SAMPLES).fill(nowMs < this.#speakingUntilMs ? LOUD : 0);
    if (nowMs < this.#heldUntilMs) this.#heldUp.push(frame);
    else if (nowMs >= this.#droppedUntilMs) this.#send([...this.#heldUp.splice(0), frame]);
    const played = this.#queue.shift();
    if (!played) return;
    this.heard.push({ atMs: nowMs, frame: played });
    this.#report();
  }

  #send(frames: readonly Samples[]): void {
    for (const frame of frames) if (!this.#isOver) this.#handlers?.onAudio(frame);
  }

  #report(): void {
    if (!this.can.reportPlayback || !this.#reports) return;
    const samples = this.heard.length * FRAME_SAMPLES;
    if (this.#reportDelayMs === 0) this.#handlers?.onPlayed(samples);
    else this.#clock.after(this.#reportDelayMs, () => this.#handlers?.onPlayed(samples));
  }
}
