/** The main thread's ends of what it shares with the call thread, by number. */

export type ThreadLine<Order> = {
  send(order: Order): void;
  /** Nothing is told any more. */
  close(): void;
};

export class ThreadLines<Order, Report> {
  readonly #post: (id: number, order: Order) => boolean;
  readonly #whenLost: Report;
  readonly #listeners = new Map<number, (report: Report) => void>();
  #id = 0;

  /** @param post false while there is no thread; `whenLost`: what an end is told when the thread is gone */
  constructor(post: (id: number, order: Order) => boolean, whenLost: Report) {
    this.#post = post;
    this.#whenLost = whenLost;
  }

  /** @param first is sent at once. `onReport` may be called at once */
  open(onReport: (report: Report) => void, first?: Order): ThreadLine<Order> {
    const id = ++this.#id;
    this.#listeners.set(id, onReport);
    if (first !== undefined && !this.#post(id, first)) this.#lose(id);
    return {
      send: (order) => void this.#post(id, order),
      close: () => void this.#listeners.delete(id),
    };
  }

  receive(id: number, report: Report): void {
    this.#listeners.get(id)?.(report);
  }

  /** The thread is gone, with all that was on it. */
  loseAll(): void {
    for (const id of this.#listeners.keys()) this.#lose(id);
  }

  #lose(id: number): void {
    const onReport = this.#listeners.get(id);
    this.#listeners.delete(id);
    onReport?.(this.#whenLost);
  }
}
