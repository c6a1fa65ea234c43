import type { Clock } from "../session/clock.ts";

/** Time that moves only when a test says so. Jobs run in the order of their time, then of their making. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #jobs: Job[] = [];
  #order = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run });
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ atMs: this.#nowMs + periodMs, order: this.#order++, run, periodMs });
  }

  working(): () => void {
    return () => {};
  }

  /** Periodic jobs that nobody has cancelled. */
  get repeating(): number {
    return this.#jobs.filter((job) => job.periodMs !== undefined).length;
  }

  /** Time passes and nothing runs, as while a process is held up: what was due runs late, periodic jobs once. */
  stall(ms: number): void {
    this.#nowMs += ms;
    for (const job of this.#jobs) {
      if (job.periodMs === undefined) continue;
      const missed = Math.floor((this.#nowMs - job.atMs) / job.periodMs);
      if (missed > 0) job.atMs += missed * job.periodMs;
    }
  }

  /** Moves time on, running what is due; between two jobs all promises that can settle do. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settle();
      const next = this.#earliest();
      if (!next || next.atMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (next.periodMs === undefined) this.#jobs = this.#jobs.filter((job) => job !== next);
      else {
        next.atMs += next.periodMs;
        next.order = this.#order++;
      }
      next.run();
    }
    this.#nowMs = endMs;
    await settle();
  }

  #add(job: Job): () => void {
    this.#jobs.push(job);
    return () => {
      this.#jobs = this.#jobs.filter((other) => other !== job);
    };
  }

  #earliest(): Job | undefined {
    let first: Job | undefined;
    for (const job of this.#jobs)
      if (!first || job.atMs < first.atMs || (job.atMs === first.atMs && job.order < first.order)) first = job;
    return first;
  }
}

type Job = { atMs: number; order: number; readonly run: () => void; readonly periodMs?: number };

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
