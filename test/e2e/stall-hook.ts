/** Loaded before the server: stands its main thread still for 40 and 100 ms in turn, several times a second. */
import { isMainThread } from "node:worker_threads";

const STALLS_MS = [40, 100];
const EVERY_MS = 250;

if (isMainThread) {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  let count = 0;
  setInterval(() => Atomics.wait(nobody, 0, 0, STALLS_MS[count++ % STALLS_MS.length]), EVERY_MS).unref();
}
