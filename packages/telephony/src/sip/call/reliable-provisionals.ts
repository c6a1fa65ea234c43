import type { Clock } from "../../clock.ts";
import { randomBetween } from "../identifiers.ts";
import { T1_MS, TIMEOUT_MS } from "../transaction/timers.ts";

/** A provisional response that waits for its PRACK. */
type Pending = { readonly rseq: number; readonly cancel: () => void; readonly onAcked: () => void };

/** Sends 18x reliably, one at a time, and repeats each until its PRACK comes (RFC 3262 section 3). */
export class ReliableProvisionals {
  readonly #clock: Clock;
  readonly #onTimeout: () => void;
  readonly #waiting: ((rseq: number) => void)[] = [];
  #nextRseq = randomBetween(1, 2 ** 16);
  #pending: Pending | undefined;
  #isClosed = false;
  /** Overtaken by the answer: its PRACK may still come. */
  #overtaken: number | undefined;

  /** `onTimeout`: no PRACK in 32 s; the INVITE should be refused. */
  constructor(options: { clock: Clock; onTimeout: () => void }) {
    this.#clock = options.clock;
    this.#onTimeout = options.onTimeout;
  }

  /** An 18x has no PRACK yet. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** `send` puts the response out, the first time and at each repetition. At most 16 wait; further ones are dropped. */
  send(send: (rseq: number) => void, onAcked: () => void = () => {}): void {
    if (this.#isClosed || this.#waiting.length >= 16) return;
    const begin = (rseq: number) => {
      send(rseq);
      this.#pending = { rseq, cancel: this.#repeat(() => send(rseq)), onAcked };
    };
    if (this.#pending) this.#waiting.push(begin);
    else this.#begin(begin);
  }

  /** False when a PRACK is for nothing that waits (answer 481). */
  awaits(rseq: number): boolean {
    return this.#pending?.rseq === rseq || this.#overtaken === rseq;
  }

  acknowledge(rseq: number): void {
    if (this.#pending?.rseq !== rseq) return;
    const { cancel, onAcked } = this.#pending;
    cancel();
    this.#pending = undefined;
    onAcked();
    const next = this.#waiting.shift();
    if (next && !this.#isClosed) this.#begin(next);
  }

  close(): void {
    this.#isClosed = true;
    this.#overtaken = this.#pending?.rseq ?? this.#overtaken;
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#waiting.length = 0;
  }

  #begin(begin: (rseq: number) => void): void {
    const rseq = this.#nextRseq;
    this.#nextRseq += 1;
    begin(rseq);
  }

  /** Doubles without bound, unlike a request. */
  #repeat(send: () => void): () => void {
    let cancel = () => {};
    const arm = (delayMs: number) => {
      cancel = this.#clock.after(delayMs, () => {
        send();
        arm(delayMs * 2);
      });
    };
    arm(T1_MS);
    const cancelTimeout = this.#clock.after(TIMEOUT_MS, () => {
      this.close();
      this.#onTimeout();
    });
    return () => {
      cancel();
      cancelTimeout();
    };
  }
}

/** The RSeq, CSeq number and method of a RAck header. */
export function readRack(text: string | undefined): { rseq: number; cseq: number; method: string } | undefined {
  const match = /^(\d{1,10})\s+(\d{1,10})\s+(\S+)$/.exec(text ?? "");
  if (match?.[3] === undefined) return undefined;
  return { rseq: Number(match[1]), cseq: Number(match[2]), method: match[3] };
}
