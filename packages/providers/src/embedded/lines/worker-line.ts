import type { MessagePort, Transferable } from "node:worker_threads";

/**
 * One thread's line to a speech worker. The port behind it is replaced when the worker has been restarted; between the
 * two the line is down, and what is sent is lost.
 */
export class WorkerLine {
  readonly #onMessage: ((message: unknown) => void)[] = [];
  readonly #onDown: ((reason: string) => void)[] = [];
  #port: MessagePort | undefined;
  #problem = "the speech worker stopped";
  #isClosed = false;

  constructor(port: MessagePort) {
    this.connect(port);
  }

  get isUp(): boolean {
    return this.#port !== undefined;
  }

  /** Why the line is down. */
  get problem(): string {
    return this.#problem;
  }

  /** `onDown` is called once each time the worker is lost, and when the line is closed. */
  listen(handlers: { onMessage: (message: unknown) => void; onDown: (reason: string) => void }): void {
    this.#onMessage.push(handlers.onMessage);
    this.#onDown.push(handlers.onDown);
  }

  /** Takes the line to a new worker. */
  connect(port: MessagePort): void {
    if (this.#isClosed) {
      port.close();
      return;
    }
    if (this.#port !== undefined) this.#goDown(this.#port, "the speech worker was replaced");
    this.#port = port;
    port.on("message", (message: unknown) => {
      for (const handle of this.#onMessage) handle(message);
    });
    port.on("close", () => this.#goDown(port, "the speech worker stopped"));
    port.unref();
  }

  /** Says why no worker will come any more. */
  abandon(reason: string): void {
    this.#problem = reason;
    if (this.#port !== undefined) this.#goDown(this.#port, reason);
  }

  /** Returns false when the line is down. */
  post(message: unknown, transfer: readonly Transferable[] = []): boolean {
    if (this.#port === undefined) return false;
    this.#port.postMessage(message, transfer);
    return true;
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.abandon("the speech connection is closed");
  }

  #goDown(port: MessagePort, reason: string): void {
    if (this.#port !== port) return;
    this.#port = undefined;
    this.#problem = this.#isClosed ? this.#problem : reason;
    port.close();
    for (const handle of this.#onDown) handle(reason);
  }
}
