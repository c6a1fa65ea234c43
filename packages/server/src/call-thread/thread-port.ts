import { type MessagePort, parentPort } from "node:worker_threads";

/** The line to the thread that started this one. */
export function threadPort(): MessagePort {
  if (!parentPort) throw new Error("call-worker.ts runs as a worker thread only");
  return parentPort;
}
