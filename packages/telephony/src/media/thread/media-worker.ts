/** The thread that moves all calls' audio, so that no other work of the process makes it late. */
import { parentPort, workerData } from "node:worker_threads";
import { PortRange } from "../port-range.ts";
import { SystemClock } from "../system-clock.ts";
import { openPortPair } from "../udp-port-pair.ts";
import { MediaDesk, type MediaDeskOptions } from "./media-desk.ts";
import type { MediaThreadData, ToMediaThread } from "./media-messages.ts";

if (parentPort === null) throw new Error("This module runs as a worker thread.");
const port = parentPort;
const { ports, bindAddress, browserAddresses, browserSources } = workerData as MediaThreadData;
const clock = new SystemClock();
const range = new PortRange(clock, ports);
const desk = new MediaDesk({
  clock,
  openTransport: () => openPortPair(range, bindAddress),
  ...(browserAddresses === undefined ? {} : { openPeer: await makeOpenPeer(browserAddresses) }),
  post: (message, transfer) => port.postMessage(message, transfer),
  defer: setImmediate,
});
port.on("message", (message: ToMediaThread) => void desk.handle(message));

/** The library is large, and nothing but browsers needs it. */
async function makeOpenPeer(addresses: readonly string[]): Promise<NonNullable<MediaDeskOptions["openPeer"]>> {
  const { openPeer } = await import("../web-rtc/open-peer.ts");
  const isAllowed = (address: string) => browserSources?.includes(address.replace(/^::ffff:/, "")) ?? true;
  return (offer) => openPeer(offer, { clock, addresses, isAllowed, openPorts: () => openPortPair(range, bindAddress) });
}
