/** What a service calls back with, as the stream that the session reads. Bounded by what one request yields. */
export class CallbackStream<Item> implements AsyncIterator<Item>, AsyncIterable<Item> {
  readonly #items: Item[] = [];
  readonly #stop: () => void;
  #isEnded = false;
  #waiting: ((result: IteratorResult<Item>) => void) | undefined;

  /** `start` is given what takes an item and what ends the stream, and returns what stops the service. */
  constructor(signal: AbortSignal, start: (push: (item: Item) => void, end: () => void) => () => void) {
    const stop = start(
      (item) => this.#push(item),
      () => this.#end(),
    );
    this.#stop = () => {
      stop();
      this.#end();
    };
    signal.addEventListener("abort", this.#stop, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item>> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<Item>> {
    this.#stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  #push(item: Item): void {
    if (this.#isEnded) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting({ done: false, value: item });
    else this.#items.push(item);
  }

  #end(): void {
    this.#isEnded = true;
    this.#waiting?.({ done: true, value: undefined });
    this.#waiting = undefined;
  }
}
