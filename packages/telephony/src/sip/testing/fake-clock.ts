import type { Clock } from "../../clock.ts";

/** Time that moves only when a test says so. Jobs run in the order of their time, then of their making. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #jobs = new Set<Job>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const job: Job = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#jobs.add(job);
    return () => {
      this.#jobs.delete(job);
    };
  }

  /** Timers that are armed. */
  get pending(): number {
    return this.#jobs.size;
  }

  /** Moves time on, running what is due; between two jobs all promises that can settle do. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#earliest(); next && next.atMs <= endMs; next = this.#earliest()) {
      this.#nowMs = next.atMs;
      this.#jobs.delete(next);
      next.run();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #earliest(): Job | undefined {
    let first: Job | undefined;
    for (const job of this.#jobs)
      if (!first || job.atMs < first.atMs || (job.atMs === first.atMs && job.order < first.order)) first = job;
    return first;
  }
}

type Job = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** Lets every promise that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
