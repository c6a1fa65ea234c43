import { parseMessage } from "../message/parse-message.ts";
import { serializeMessage } from "../message/serialize-message.ts";
import { makeResponse, type ResponseOptions, type SipMessage, type SipRequest } from "../message/sip-message.ts";
import type { SipNetwork } from "../transport/network.ts";

/** A far end that does nothing by itself: a test says what it sends. */
export class RawPeer {
  readonly received: SipMessage[] = [];
  readonly #network: SipNetwork;
  readonly #toward: string;

  private constructor(network: SipNetwork, toward: string) {
    this.#network = network;
    this.#toward = toward;
  }

  static async join(network: SipNetwork, toward: string): Promise<RawPeer> {
    const peer = new RawPeer(network, toward);
    await network.start({
      onMessage: (bytes) => {
        const result = parseMessage(bytes);
        if (result.ok) peer.received.push(result.message);
      },
    });
    return peer;
  }

  /** Requests of a method, in order. */
  requests(method: string): SipRequest[] {
    return this.received.flatMap((message) =>
      message.kind === "request" && message.method === method ? [message] : [],
    );
  }

  /** The newest request of a method. */
  request(method: string): SipRequest {
    const found = this.requests(method).at(-1);
    if (!found) throw new Error(`No ${method} came`);
    return found;
  }

  /** Answers a request, as the branch with this tag. */
  answer(request: SipRequest, options: ResponseOptions & { tag?: string }): void {
    const contact = { contact: "<sip:raw@192.0.2.2>" };
    const { tag, headers, ...rest } = options;
    this.send(makeResponse(request, { toTag: tag ?? "raw", headers: { ...contact, ...headers }, ...rest }));
  }

  send(message: SipMessage): void {
    const target = { protocol: "udp", address: this.#toward, port: 5060 } as const;
    this.#network.send(serializeMessage(message), target).catch(() => {});
  }
}
