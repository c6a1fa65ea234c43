/** Two far ends that hear each other: what one says the other is played, and neither hears an agent any more. */

import type { LegClosedReason } from "@earshot/engine";
import type { FarEnd } from "./transferable-leg.ts";

export class Relay {
  #ends: readonly [FarEnd, FarEnd];
  readonly #onOver: (reason: LegClosedReason) => void;
  #isOver = false;

  /** @param onOver one end has gone, and the other was hung up on; not called for `close` */
  constructor(ends: readonly [FarEnd, FarEnd], onOver: (reason: LegClosedReason) => void) {
    this.#ends = ends;
    this.#onOver = onOver;
    const [first, second] = ends;
    // What either of them had still to play was an agent's.
    this.#connect(first, second);
    this.#connect(second, first);
    for (const { leg } of ends) leg.clear();
  }

  /** Somebody else takes an end's place, and the other one hears them from now on. False when the two have hung up. */
  replace(old: "first" | "second", farEnd: FarEnd): boolean {
    if (this.#isOver) return false;
    const [first, second] = this.#ends;
    const [left, stays] = old === "first" ? [first, second] : [second, first];
    left.disconnect();
    left.leg.close("replaced");
    this.#ends = old === "first" ? [farEnd, stays] : [stays, farEnd];
    this.#connect(farEnd, stays);
    this.#connect(stays, farEnd);
    return true;
  }

  /** Hangs up on both. Idempotent. */
  close(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const { leg } of this.#ends) leg.close(reason);
  }

  #connect(end: FarEnd, other: FarEnd): void {
    end.connect({
      onAudio: (frame) => other.leg.play(frame),
      onDigit: (digit) => {
        if (other.leg.can.sendDigits) other.leg.sendDigits(digit);
      },
      onPlayed: () => {},
      onLost: () => {},
      onResumed: () => {},
      onClosed: (reason) => {
        this.close("the other side hung up");
        this.#onOver(reason);
      },
    });
  }
}
