/** Tells a session's own samples from those mixed in between, on a far end's count of what it has played. */

type Run = { readonly isOwn: boolean; samples: number };

/** A far end that never reports must not make this grow: the oldest runs are given up. */
const MAX_RUNS = 64;

export class PlayedRuns {
  readonly #sent: Run[] = [];
  /** Sent before a `clear` that the far end has not answered yet. */
  readonly #cut: Run[] = [];
  #played = 0;
  #own = 0;

  /** Own samples that have been played. */
  get own(): number {
    return this.#own;
  }

  sent(samples: number, isOwn: boolean): void {
    const last = this.#sent.at(-1);
    if (last?.isOwn === isOwn) last.samples += samples;
    else this.#sent.push({ isOwn, samples });
    if (this.#sent.length > MAX_RUNS) this.#sent.shift();
  }

  /** What has not been played is being dropped: the next report says how far it came. */
  cut(): void {
    this.#cut.push(...this.#sent.splice(0));
    if (this.#cut.length > MAX_RUNS) this.#cut.splice(0, this.#cut.length - MAX_RUNS);
  }

  /** The far end has played `total` samples since the call began. */
  played(total: number): void {
    const fresh = Math.max(0, total - this.#played);
    this.#played += fresh;
    const rest = this.#take(this.#cut, fresh);
    this.#cut.length = 0;
    this.#take(this.#sent, rest);
  }

  /** Takes `count` samples off the front. Returns how many there were not. */
  #take(runs: Run[], count: number): number {
    let rest = count;
    for (let run = runs[0]; run && rest > 0; run = runs[0]) {
      const taken = Math.min(rest, run.samples);
      if (run.isOwn) this.#own += taken;
      rest -= taken;
      run.samples -= taken;
      if (run.samples === 0) runs.shift();
    }
    return rest;
  }
}
