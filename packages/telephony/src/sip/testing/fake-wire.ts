import type { Clock } from "../../clock.ts";
import { parseMessage } from "../message/parse-message.ts";
import type { SipMessage } from "../message/sip-message.ts";
import {
  NetworkError,
  type NetworkListener,
  type SipNetwork,
  type Target,
  type TransportProtocol,
} from "../transport/network.ts";

/** What went over the wire, in order. */
export type WireEntry = {
  readonly from: string;
  readonly to: string;
  readonly atMs: number;
  readonly message: SipMessage;
};

/** A network in memory: hosts by address, all on port 5060, with loss and doubling as a test says. */
export class FakeWire {
  readonly log: WireEntry[] = [];
  /** True: this datagram never arrives. Not asked for TCP and TLS. */
  loses: (entry: WireEntry) => boolean = () => false;
  /** How often a datagram arrives. */
  copies: (entry: WireEntry) => number = () => 1;
  readonly #clock: Clock;
  readonly #hosts = new Map<string, NetworkListener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The sockets of one host. */
  host(address: string, protocols: readonly TransportProtocol[] = ["udp", "tcp"]): SipNetwork {
    return {
      start: (listener) => {
        this.#hosts.set(address, listener);
        return Promise.resolve();
      },
      localAddress: (protocol) => (protocols.includes(protocol) ? { host: address, port: 5060 } : undefined),
      send: (bytes, target) => this.#send(address, bytes, target),
      keepAlive: () => {},
      close: () => {
        this.#hosts.delete(address);
        return Promise.resolve();
      },
    };
  }

  /** Puts bytes before a host as they are. */
  inject(from: string, to: string, bytes: Uint8Array): void {
    this.#hosts.get(to)?.onMessage(bytes, { protocol: "udp", address: from, port: 5060 });
  }

  /** `METHOD` or `STATUS METHOD` of each message, e.g. for a golden list. */
  summary(from?: string): string[] {
    return this.log.filter((entry) => from === undefined || entry.from === from).map(({ message }) => nameOf(message));
  }

  #send(from: string, bytes: Uint8Array, target: Target): Promise<string | undefined> {
    const result = parseMessage(bytes);
    if (!result.ok) return Promise.reject(result.error);
    const { protocol, address } = target;
    const entry = { from, to: address, atMs: this.#clock.nowMs(), message: result.message };
    this.log.push(entry);
    if (protocol !== "udp" && !this.#hosts.has(address)) {
      return Promise.reject(new NetworkError("cannot_connect", `Nobody is at ${address}`));
    }
    const flow: { flowId?: string } = protocol === "udp" ? {} : { flowId: `${from}-${address}` };
    if (protocol === "udp" && this.loses(entry)) return Promise.resolve(undefined);
    const copies = protocol === "udp" ? this.copies(entry) : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#clock.after(5 + copy, () => {
        this.#hosts.get(address)?.onMessage(bytes, { protocol, address: from, port: 5060, ...flow });
      });
    }
    return Promise.resolve(flow.flowId);
  }
}

export function nameOf(message: SipMessage): string {
  if (message.kind === "request") return message.method;
  return `${message.status} ${message.headers.get("cseq")?.split(" ")[1] ?? ""}`;
}
