/** Live news within this node. Nothing durable lives only here: a subscriber that falls behind reads the database. */

export type Subscription<Message> = AsyncIterable<News<Message>> & {
  /** Ends the iteration. Idempotent. */
  close(): void;
};

/** `missed` stands where messages were dropped because the subscriber was too slow. */
export type News<Message> = { readonly type: "message"; readonly message: Message } | { readonly type: "missed" };

/** Messages that wait for one subscriber; when full, they are all dropped and it is told so once. */
const DEFAULT_QUEUE_LENGTH = 1000;

export class TopicBus<Message> {
  readonly #subscribers = new Map<string, Set<Queue<Message>>>();
  readonly #queueLength: number;

  /** @param options `queueLength`: messages that wait for one subscriber, 1000 by default */
  constructor(options: { readonly queueLength?: number } = {}) {
    this.#queueLength = options.queueLength ?? DEFAULT_QUEUE_LENGTH;
  }

  /** Never waits and never fails; without subscribers the message is gone. */
  publish(topic: string, message: Message): void {
    for (const queue of this.#subscribers.get(topic) ?? []) queue.add(message);
  }

  /** Hears what is published from now on. */
  subscribe(topic: string): Subscription<Message> {
    const queue = new Queue<Message>(this.#queueLength, () => {
      const others = this.#subscribers.get(topic);
      others?.delete(queue);
      if (others?.size === 0) this.#subscribers.delete(topic);
    });
    const queues = this.#subscribers.get(topic) ?? new Set();
    this.#subscribers.set(topic, queues.add(queue));
    return queue;
  }

  /** Ends every subscription. */
  close(): void {
    for (const queues of [...this.#subscribers.values()]) for (const queue of [...queues]) queue.close();
  }
}

class Queue<Message> implements Subscription<Message> {
  readonly #limit: number;
  readonly #onClose: () => void;
  #waiting: News<Message>[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(limit: number, onClose: () => void) {
    this.#limit = limit;
    this.#onClose = onClose;
  }

  add(message: Message): void {
    if (this.#isClosed) return;
    if (this.#waiting.length >= this.#limit) this.#waiting = [{ type: "missed" }];
    this.#waiting.push({ type: "message", message });
    this.#wake?.();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<News<Message>> {
    try {
      while (true) {
        const next = this.#waiting.shift();
        if (next !== undefined) yield next;
        else if (this.#isClosed) return;
        else await this.#more();
      }
    } finally {
      this.close();
    }
  }

  async #more(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
