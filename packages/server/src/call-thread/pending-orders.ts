/** Orders that the call thread has not answered yet. As many as there are requests under way. */
export class PendingOrders {
  readonly #pending = new Map<number, (isObeyed: boolean) => void>();
  #orderId = 0;

  /** `send` gets the id under which the answer comes. */
  ask(send: (orderId: number) => void): Promise<boolean> {
    const orderId = ++this.#orderId;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#pending.set(orderId, resolve);
    send(orderId);
    return promise;
  }

  settle(orderId: number, isObeyed: boolean): void {
    this.#pending.get(orderId)?.(isObeyed);
    this.#pending.delete(orderId);
  }

  /** The thread is gone, and its calls with it. */
  abandon(): void {
    for (const resolve of this.#pending.values()) resolve(false);
    this.#pending.clear();
  }
}
