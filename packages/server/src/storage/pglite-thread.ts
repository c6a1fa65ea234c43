/** Runs the embedded database in a worker thread, so that neither queries nor its first start stall the main thread. */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

export type PgliteThreadData = { readonly directory: string };
/** One or more whole protocol messages, ending in a Sync, a Query or the like; one reply each, in order. */
export type PgliteThreadRequest =
  | { readonly type: "messages"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "close" };
export type PgliteThreadReply =
  | { readonly type: "open" }
  | { readonly type: "messages"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "closed" };

/** Small buffers: the operating system caches the files anyway, and 128 MB of them would stay resident. */
const MEMORY_SETTINGS = ["shared_buffers=8MB", "wal_buffers=512kB", "max_connections=4", "max_wal_size=64MB"];

const port = parentPort;
if (port === null) throw new Error("pglite-thread.ts must be started as a worker thread");
const { directory } = workerData as PgliteThreadData;

let queue: Promise<void> = Promise.resolve();

try {
  const database = await PGlite.create({
    dataDir: directory,
    startParams: [...PGlite.defaultStartParams, ...MEMORY_SETTINGS.flatMap((setting) => ["-c", setting])],
  });
  port.on("message", (request: PgliteThreadRequest) => {
    queue = queue.then(() => answer(database, request)).catch(fail);
  });
  reply({ type: "open" });
} catch (error) {
  fail(error);
}

async function answer(database: PGlite, request: PgliteThreadRequest): Promise<void> {
  if (request.type === "close") {
    await database.close();
    reply({ type: "closed" });
    return;
  }
  const bytes = await database.execProtocolRaw(request.bytes, { syncToFs: false });
  reply({ type: "messages", bytes: bytes.slice() });
}

function fail(error: unknown): void {
  reply({ type: "failed", message: error instanceof Error ? error.message : String(error) });
}

function reply(message: PgliteThreadReply): void {
  port?.postMessage(message, message.type === "messages" ? [message.bytes.buffer] : []);
}
