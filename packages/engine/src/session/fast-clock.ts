import type { Clock } from "./clock.ts";

/**
 * Call time that runs ahead of real time: it jumps from timer to timer, keeps to real time while models are working
 * (their delay stays in the figures), and stands still while it is held (nothing to go on with has arrived).
 */
export class FastClock implements Clock {
  readonly #real: Clock;
  #nowMs = 0;
  #anchorMs: number;
  #working = 0;
  #held = 0;
  #jobs: Job[] = [];
  #nextOrder = 0;
  #cancelTurn: (() => void) | undefined;

  constructor(real: Clock) {
    this.#real = real;
    this.#anchorMs = real.nowMs();
  }

  nowMs(): number {
    if (this.#working === 0 || this.#held > 0) return this.#nowMs;
    return Math.min(
      this.#nowMs + this.#real.nowMs() - this.#anchorMs,
      this.#earliest()?.atMs ?? Number.POSITIVE_INFINITY,
    );
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ atMs: this.nowMs() + Math.max(0, delayMs), run });
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ atMs: this.nowMs() + periodMs, run, periodMs });
  }

  working(): () => void {
    this.#settle();
    this.#working++;
    this.#plan();
    return once(() => {
      this.#settle();
      this.#working--;
      this.#plan();
    });
  }

  /** Stops time until the returned function is called. */
  hold(): () => void {
    this.#settle();
    this.#held++;
    this.#plan();
    return once(() => {
      this.#settle();
      this.#held--;
      this.#plan();
    });
  }

  #add(options: { atMs: number; run: () => void; periodMs?: number }): () => void {
    const job: Job = { ...options, order: this.#nextOrder++ };
    this.#jobs.push(job);
    this.#plan();
    return () => {
      this.#jobs = this.#jobs.filter((other) => other !== job);
    };
  }

  /** Fixes what has passed by the present way of counting, before that way changes. */
  #settle(): void {
    this.#nowMs = this.nowMs();
    this.#anchorMs = this.#real.nowMs();
  }

  #plan(): void {
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
    const next = this.#earliest();
    if (!next || this.#held > 0) return;
    const delayMs = this.#working > 0 ? next.atMs - this.nowMs() : 0;
    this.#cancelTurn = this.#real.after(delayMs, () => this.#turn());
  }

  #turn(): void {
    const next = this.#earliest();
    if (!next) return;
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    this.#anchorMs = this.#real.nowMs();
    if (next.periodMs === undefined) this.#jobs = this.#jobs.filter((job) => job !== next);
    else {
      next.atMs += next.periodMs;
      next.order = this.#nextOrder++;
    }
    next.run();
    this.#plan();
  }

  #earliest(): Job | undefined {
    let first: Job | undefined;
    for (const job of this.#jobs) {
      if (!first || job.atMs < first.atMs || (job.atMs === first.atMs && job.order < first.order)) first = job;
    }
    return first;
  }
}

type Job = { atMs: number; order: number; readonly run: () => void; readonly periodMs?: number };

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
