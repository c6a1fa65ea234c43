/** Ends a streamed text at the first of some sequences, wherever the pieces are cut. */
export class StopSequences {
  readonly #sequences: readonly string[];
  /** The end of what came that may yet become a sequence; shorter than the longest of them. */
  #held = "";
  #hasStopped = false;

  constructor(sequences: readonly string[]) {
    this.#sequences = sequences;
  }

  /** A sequence was met: nothing more comes. */
  get hasStopped(): boolean {
    return this.#hasStopped;
  }

  /** What may be shown of the text so far. */
  push(text: string): string {
    if (this.#hasStopped) return "";
    const all = this.#held + text;
    const found = this.#sequences.map((sequence) => all.indexOf(sequence)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.#hasStopped = true;
      this.#held = "";
      return all.slice(0, Math.min(...found));
    }
    const keep = Math.max(0, ...this.#sequences.map((sequence) => overlap(all, sequence)));
    this.#held = all.slice(all.length - keep);
    return all.slice(0, all.length - keep);
  }

  /** What was held back, once no more text comes. */
  flush(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}

/** How much of the end of `text` is a beginning of `sequence`. */
function overlap(text: string, sequence: string): number {
  for (let length = Math.min(text.length, sequence.length - 1); length > 0; length--)
    if (text.endsWith(sequence.slice(0, length))) return length;
  return 0;
}
