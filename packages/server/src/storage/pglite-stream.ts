import { Duplex } from "node:stream";
import type { PgliteServer } from "./pglite-server.ts";

const SYNC = 0x53;
const QUERY = 0x51;
const FLUSH = 0x48;
const TERMINATE = 0x58;

/**
 * A socket's stand-in through which node-postgres talks to the embedded database in the frontend/backend protocol
 * (PostgreSQL manual, chapter "Frontend/Backend Protocol"), so that one driver serves both databases.
 */
export class PgliteStream extends Duplex {
  readonly #server: PgliteServer;
  #unsent: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #hasStarted = false;

  constructor(server: PgliteServer) {
    super();
    this.#server = server;
  }

  /** Called by node-postgres as on a socket. */
  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  #send(chunk: Buffer, done: (error?: Error | null) => void): void {
    this.#unsent = this.#unsent.length === 0 ? chunk : Buffer.concat([this.#unsent, chunk]);
    if (!this.#hasStarted) {
      this.#start(done);
      return;
    }
    const { end, isTerminated } = findBatchEnd(this.#unsent);
    const batch = this.#unsent.subarray(0, end);
    this.#unsent = this.#unsent.subarray(end);
    if (isTerminated) this.push(null);
    if (batch.length === 0) {
      done();
      return;
    }
    this.#server.exchange(new Uint8Array(batch)).then(
      ({ answer, isLast }) => {
        if (!this.readableEnded && answer.length > 0) this.push(answer);
        if (!this.readableEnded && isLast) this.push(null);
        done();
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /**
   * Answers the startup packet itself: the one session of the embedded database is open already. What the connection
   * before left in it (a transaction, named statements) goes, as it would with a session of its own.
   */
  #start(done: (error?: Error | null) => void): void {
    if (this.#unsent.length < 4 || this.#unsent.length < this.#unsent.readUInt32BE(0)) {
      done();
      return;
    }
    this.#unsent = this.#unsent.subarray(this.#unsent.readUInt32BE(0));
    this.#hasStarted = true;
    this.#server.exchange(new Uint8Array(FRESH_SESSION)).then(
      () => {
        this.push(STARTUP_ANSWER);
        done();
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

/** Where the last message ends that asks for an answer; what follows waits for more. */
function findBatchEnd(bytes: Buffer): { end: number; isTerminated: boolean } {
  let end = 0;
  let at = 0;
  while (at + 5 <= bytes.length) {
    const next = at + 1 + bytes.readUInt32BE(at + 1);
    if (next > bytes.length) break;
    const kind = bytes[at];
    if (kind === TERMINATE) return { end, isTerminated: true };
    if (kind === SYNC || kind === QUERY || kind === FLUSH) end = next;
    at = next;
  }
  return { end, isTerminated: false };
}

function message(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 0, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const parameter = (name: string, value: string) => message("S", Buffer.from(`${name}\0${value}\0`));

const query = (sql: string) => message("Q", Buffer.from(`${sql}\0`));

const FRESH_SESSION = Buffer.concat([query("rollback"), query("discard all")]);

const STARTUP_ANSWER = Buffer.concat([
  message("R", Buffer.alloc(4)),
  parameter("client_encoding", "UTF8"),
  parameter("DateStyle", "ISO, MDY"),
  parameter("integer_datetimes", "on"),
  parameter("standard_conforming_strings", "on"),
  message("K", Buffer.alloc(8)),
  message("Z", Buffer.from("I")),
]);
