import type { Clock } from "../../clock.ts";
import { T1_MS, T2_MS, TIMEOUT_MS } from "../transaction/timers.ts";

/** Repeats a 2xx to an INVITE until its ACK comes, on any transport (RFC 3261 section 13.3.1.4). */
export class AnswerRepeat {
  #cancelRepeat: () => void;
  readonly #cancelTimeout: () => void;

  /** `onTimeout`: no ACK in 32 s. */
  constructor(options: { clock: Clock; send: () => void; onTimeout: () => void }) {
    const { clock, send, onTimeout } = options;
    const repeatIn = (delayMs: number): (() => void) =>
      clock.after(delayMs, () => {
        send();
        this.#cancelRepeat = repeatIn(Math.min(delayMs * 2, T2_MS));
      });
    this.#cancelRepeat = repeatIn(T1_MS);
    this.#cancelTimeout = clock.after(TIMEOUT_MS, () => {
      this.stop();
      onTimeout();
    });
  }

  stop(): void {
    this.#cancelRepeat();
    this.#cancelTimeout();
  }
}
