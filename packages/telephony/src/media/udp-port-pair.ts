/**
 * The one place where datagrams touch the network. Node has no way to set DSCP on a socket (no IP_TOS in `node:dgram`,
 * through 24): mark the RTP port range as EF where packets leave the machine, for example
 * `nft add rule inet mangle output udp sport 20000-29999 ip dscp set ef`.
 */
import { createSocket, type Socket } from "node:dgram";
import type { LookupOptions } from "node:dns";
import { isIPv6 } from "node:net";
import type { Endpoint, MediaTransport, TransportHandlers } from "./media-transport.ts";
import { PortError, type PortRange } from "./port-range.ts";

const MAX_TRIES = 200;

/**
 * Opens the next free pair of the range on `address`; ports that another process has are skipped.
 * @throws PortError when none is free
 */
export async function openPortPair(range: PortRange, address: string): Promise<MediaTransport> {
  for (let tried = 0; tried < Math.min(MAX_TRIES, range.size); tried++) {
    const port = range.take();
    const sockets = await bindBoth(port, address);
    if (sockets !== "taken") return new UdpPortPair(port, sockets, () => range.giveBack(port));
    range.giveBack(port);
  }
  throw new PortError("no_free_port", `Other processes have the RTP ports on ${address}: choose another range.`);
}

async function bindBoth(port: number, address: string): Promise<readonly [Socket, Socket] | "taken"> {
  const rtp = await bind(port, address);
  if (rtp === "taken") return "taken";
  const rtcp = await bind(port + 1, address).catch((error: unknown) => {
    rtp.close();
    throw error;
  });
  if (rtcp !== "taken") return [rtp, rtcp];
  rtp.close();
  return "taken";
}

function bind(port: number, address: string): Promise<Socket | "taken"> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", lookup });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve("taken");
      else reject(error);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners("error");
      // ICMP's "port unreachable" and full buffers: the packet is lost, the call goes on.
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

/** Only addresses are ever sent to: no name is looked up, and no turn of the loop is waited for. */
function lookup(
  address: string,
  _: LookupOptions,
  found: (error: Error | null, address: string, family: number) => void,
): void {
  found(null, address, isIPv6(address) ? 6 : 4);
}

class UdpPortPair implements MediaTransport {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #giveBack: () => void;
  #isClosed = false;

  constructor(port: number, [rtp, rtcp]: readonly [Socket, Socket], giveBack: () => void) {
    this.rtpPort = port;
    this.rtcpPort = port + 1;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#giveBack = giveBack;
  }

  open({ onRtp, onRtcp }: TransportHandlers): void {
    this.#rtp.on("message", onRtp);
    this.#rtcp.on("message", onRtcp);
  }

  sendRtp(bytes: Uint8Array, to: Endpoint): void {
    if (!this.#isClosed) this.#rtp.send(bytes, to.port, to.address);
  }

  sendRtcp(bytes: Uint8Array, to: Endpoint): void {
    if (!this.#isClosed) this.#rtcp.send(bytes, to.port, to.address);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A send still under way ends first.
    this.#rtp.removeAllListeners("message").close();
    this.#rtcp.removeAllListeners("message").close(this.#giveBack);
  }
}
