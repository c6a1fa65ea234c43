import { PgliteWorker } from "./pglite-worker.ts";

const ERROR_RESPONSE = 0x45;
/** The field of an ErrorResponse that names its severity in English. */
const PANIC = "VPANIC\0";

/**
 * The embedded database, which is opened anew when its thread died or when it can't go on: a server of its own would
 * restart itself after a panic, e.g. because its log didn't fit on a full disk.
 */
export class PgliteServer {
  readonly #directory: string;
  #worker: PgliteWorker;
  #opening: Promise<PgliteWorker> | undefined;
  #isClosed = false;

  private constructor(directory: string, worker: PgliteWorker) {
    this.#directory = directory;
    this.#worker = worker;
  }

  /**
   * Opens, or creates, the database in `directory`. Takes some 0.3 s, about 4 s the first time.
   * @throws Error when the directory holds no readable database.
   */
  static async open(directory: string): Promise<PgliteServer> {
    return new PgliteServer(directory, await PgliteWorker.open(directory));
  }

  /**
   * Sends whole protocol messages and gives the answer's bytes. Answers come in the order of the questions.
   * `isLast`: the session ended with it, and what was prepared in it is gone, as after any panic of a server.
   */
  async exchange(bytes: Uint8Array<ArrayBuffer>): Promise<{ answer: Uint8Array; isLast: boolean }> {
    const worker = this.#worker.isAlive || this.#isClosed ? this.#worker : await this.#reopen();
    const answer = await worker.exchange(bytes);
    const isLast = hasPanicked(answer);
    if (isLast) await worker.abandon();
    return { answer, isLast };
  }

  /** Writes a checkpoint and ends the thread. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    await this.#worker.close();
  }

  #reopen(): Promise<PgliteWorker> {
    this.#opening ??= PgliteWorker.open(this.#directory)
      .then((worker) => {
        this.#worker = worker;
        return worker;
      })
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }
}

function hasPanicked(answer: Uint8Array): boolean {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  for (let at = 0; at + 5 <= bytes.length; ) {
    const next = at + 1 + bytes.readUInt32BE(at + 1);
    if (bytes[at] === ERROR_RESPONSE && bytes.subarray(at, next).includes(PANIC)) return true;
    at = next;
  }
  return false;
}
