/** The thread that moves all calls' audio, so that no other work of the process makes it late. */
import { parentPort, workerData } from "node:worker_threads";
import { PortRange } from "../port-range.ts";
import { SystemClock } from "../system-clock.ts";
import { openPortPair } from "../udp-port-pair.ts";
import { MediaDesk } from "./media-desk.ts";
import type { MediaThreadData, ToMediaThread } from "./media-messages.ts";

if (parentPort === null) throw new Error("This module runs as a worker thread.");
const port = parentPort;
const { ports, bindAddress } = workerData as MediaThreadData;
const clock = new SystemClock();
const range = new PortRange(clock, ports);
const desk = new MediaDesk({
  clock,
  openTransport: () => openPortPair(range, bindAddress),
  post: (message, transfer) => port.postMessage(message, transfer),
  defer: setImmediate,
});
port.on("message", (message: ToMediaThread) => void desk.handle(message));
