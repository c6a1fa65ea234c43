import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { PgliteThreadData, PgliteThreadReply, PgliteThreadRequest } from "./pglite-thread.ts";

/** V8 would otherwise keep 100 MB for young objects. The database itself lives outside the heap. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

type Waiting = { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void };

/** The main thread's end of one thread that runs the embedded database. */
export class PgliteWorker {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: Error | undefined;
  #isClosing = false;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /**
   * Opens, or creates, the database in `directory`. Takes some 0.3 s, about 4 s the first time. WebAssembly that other
   * threads compile meanwhile is not optimised either: start models that are made of it before or afterwards.
   * @throws Error when the directory holds no readable database.
   */
  static async open(directory: string): Promise<PgliteWorker> {
    const workerData: PgliteThreadData = { directory };
    const restoreTierUp = stopTierUp();
    try {
      const opening = new PgliteWorker(
        new Worker(new URL("./pglite-thread.ts", import.meta.url), { workerData, resourceLimits: RESOURCE_LIMITS }),
      );
      await opening.#opened();
      return opening;
    } finally {
      restoreTierUp();
    }
  }

  /** False once the thread has ended. */
  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  /** Sends whole protocol messages and gives the answer's bytes. Answers come in the order of the questions. */
  exchange(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      const request: PgliteThreadRequest = { type: "messages", bytes };
      this.#worker.postMessage(request, [bytes.buffer]);
    });
  }

  /** Writes a checkpoint and ends the thread. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#failure === undefined) {
      const closed = new Promise<void>((resolve) => {
        this.#worker.on("message", (reply: PgliteThreadReply) => {
          if (reply.type === "closed" || reply.type === "failed") resolve();
        });
        this.#worker.once("exit", () => resolve());
      });
      const request: PgliteThreadRequest = { type: "close" };
      this.#worker.postMessage(request);
      await closed;
    }
    this.#fail(new Error("the embedded database is closed"));
    await this.#worker.terminate();
  }

  /** Ends the thread as a crash would: what was committed is in the log, which is read at the next opening. */
  async abandon(): Promise<void> {
    this.#isClosing = true;
    this.#fail(new Error("the embedded database is being opened anew"));
    await this.#worker.terminate();
  }

  async #opened(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#worker.on("error", (error) => {
        this.#fail(error);
        reject(error);
      });
      this.#worker.on("exit", () => {
        this.#fail(new Error("the thread of the embedded database ended"));
        reject(new Error("the thread of the embedded database ended while it was starting"));
      });
      this.#worker.on("message", (reply: PgliteThreadReply) => {
        if (reply.type === "open") resolve();
        if (reply.type === "failed" && this.#waiting.length === 0) reject(new Error(reply.message));
        this.#settle(reply);
      });
    }).catch(async (error: unknown) => {
      await this.#worker.terminate();
      throw error;
    });
  }

  #settle(reply: PgliteThreadReply): void {
    if (reply.type === "messages") this.#waiting.shift()?.resolve(reply.bytes);
    if (reply.type === "failed") this.#waiting.shift()?.reject(new Error(reply.message));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

let modulesWithoutTierUp = 0;

/**
 * Optimising Postgres takes 500 MB of memory for some seconds and makes statements of this size no faster. V8 decides
 * about it when it compiles a module, so the flags are back as they were once the database is open.
 */
function stopTierUp(): () => void {
  modulesWithoutTierUp++;
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  return () => {
    modulesWithoutTierUp--;
    if (modulesWithoutTierUp > 0) return;
    setFlagsFromString("--wasm-tier-up");
    setFlagsFromString("--wasm-dynamic-tiering");
  };
}
