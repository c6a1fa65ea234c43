import { DIGITS, type TelephoneEvent } from "./telephone-event.ts";

const FRAME_MS = 20;
const END_PACKETS = 3;
const MAX_WAITING = 256;

export type DigitTiming = {
  /** 40 to 5000. Default 160, which every exchange recognises. */
  readonly toneMs?: number;
  /** Silence after each digit, 40 to 5000. Default 80. */
  readonly pauseMs?: number;
};

export type DigitPacket = TelephoneEvent & {
  /** The first packet of a digit. */
  readonly hasMarker: boolean;
  /** How long ago, in units of the RTP clock, the digit began: its timestamp is that much older than now. */
  readonly age: number;
};

/** What a frame's time is used for. */
export type DigitStep = { readonly kind: "idle" | "pause" } | { readonly kind: "packet"; readonly packet: DigitPacket };

type Job = { readonly code: number; readonly toneFrames: number; readonly pauseFrames: number };

/** Sends digits as RFC 4733 has it: a packet each frame, durations counting up, and the end told three times. */
export class DigitSender {
  readonly #perFrame: number;
  readonly #jobs: Job[] = [];
  #frame = 0;

  constructor(clockRateHz: number) {
    this.#perFrame = (clockRateHz * FRAME_MS) / 1000;
  }

  /**
   * Queues digits of 0-9 * # A-D.
   * @throws RangeError for another character, a time out of range, or more than 256 digits waiting
   */
  add(digits: string, { toneMs = 160, pauseMs = 80 }: DigitTiming = {}): void {
    for (const [name, value] of Object.entries({ toneMs, pauseMs })) {
      if (!(value >= 40 && value <= 5000)) throw new RangeError(`${name} is ${value}: give 40 to 5000 ms.`);
    }
    const codes = [...digits.toUpperCase()].map((digit) => DIGITS.indexOf(digit));
    const wrong = codes.indexOf(-1);
    if (wrong >= 0) throw new RangeError(`"${[...digits][wrong]}" is no digit: give 0-9, *, # or A-D.`);
    if (this.#jobs.length + codes.length > MAX_WAITING)
      throw new RangeError(`More than ${MAX_WAITING} digits are waiting to be sent.`);
    const [toneFrames, pauseFrames] = [toneMs, pauseMs].map((ms) => Math.ceil(ms / FRAME_MS)) as [number, number];
    this.#jobs.push(...codes.map((code) => ({ code, toneFrames, pauseFrames })));
  }

  get isIdle(): boolean {
    return this.#jobs.length === 0;
  }

  /** Drops the digits that have not begun; one that has begun is ended as it should be. */
  clear(): void {
    this.#jobs.splice(this.#frame > 0 ? 1 : 0);
  }

  /** What to send for the next frame. */
  next(): DigitStep {
    const job = this.#jobs[0];
    if (job === undefined) return { kind: "idle" };
    const frame = this.#frame++;
    const lastPacket = job.toneFrames + END_PACKETS - 1;
    if (frame < lastPacket) {
      const isEnd = frame >= job.toneFrames - 1;
      const duration = Math.min(frame + 1, job.toneFrames) * this.#perFrame;
      const packet = { code: job.code, isEnd, duration, hasMarker: frame === 0, age: frame * this.#perFrame };
      return { kind: "packet", packet };
    }
    if (frame >= job.toneFrames + Math.max(END_PACKETS, job.pauseFrames) - 1) {
      this.#jobs.shift();
      this.#frame = 0;
    }
    return { kind: "pause" };
  }
}
