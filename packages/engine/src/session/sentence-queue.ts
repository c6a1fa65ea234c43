/** Sentences on their way from the model to the voice. As long as one reply at most. */
export class SentenceQueue implements AsyncIterable<string> {
  readonly #waiting: string[] = [];
  #isEnded = false;
  #wake: (() => void) | undefined;

  push(sentence: string): void {
    this.#waiting.push(sentence);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
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
