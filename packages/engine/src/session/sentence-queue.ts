import type { SpokenPiece } from "../speakable/speakable.ts";

/** Sentences on their way from the model to the voice. As long as one reply at most. */
export class SentenceQueue implements AsyncIterable<readonly SpokenPiece[]> {
  readonly #waiting: (readonly SpokenPiece[])[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  push(sentence: readonly SpokenPiece[]): void {
    this.#waiting.push(sentence);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly SpokenPiece[]> {
    for (;;) {
      const sentence = this.#waiting.shift();
      if (sentence !== undefined) yield sentence;
      else if (this.#isEnded) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
