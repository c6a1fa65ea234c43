import type { Samples } from "@earshot/engine";

type Waiting = { readonly samples: Samples } | { readonly mark: string };

/** A queue at a carrier: it is played at the pace of time, and marks come back when all before them has been. */
export class FarPlayback {
  readonly played: Samples[] = [];
  #waiting: Waiting[] = [];
  readonly #passed: string[] = [];

  add(samples: Samples): void {
    this.#waiting.push({ samples });
  }

  mark(mark: string): void {
    if (this.#waiting.length === 0) this.#passed.push(mark);
    else this.#waiting.push({ mark });
  }

  /** @returns the marks that were waited for */
  clear(): string[] {
    const marks = this.#waiting.flatMap((each) => ("mark" in each ? [each.mark] : []));
    this.#waiting = [];
    return marks;
  }

  /** 20 ms. @returns the marks that were passed */
  tick(): string[] {
    const next = this.#waiting.shift();
    if (next && "samples" in next) this.played.push(next.samples);
    while (this.#waiting[0] && "mark" in this.#waiting[0]) {
      const [mark] = this.#waiting.splice(0, 1);
      if (mark && "mark" in mark) this.#passed.push(mark.mark);
    }
    return this.#passed.splice(0);
  }

  get waitingMs(): number {
    return this.#waiting.filter((each) => "samples" in each).length * 20;
  }
}
