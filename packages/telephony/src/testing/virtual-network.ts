import type { Endpoint, MediaTransport, TransportHandlers } from "../media/media-transport.ts";
import { Impairer, type Impairment } from "./impairment.ts";
import type { ManualClock } from "./manual-clock.ts";

type Receive = (bytes: Uint8Array, from: Endpoint) => void;

/** A network in memory, on a manual clock, that loses, delays, reorders and doubles packets as its seed has it. */
export class VirtualNetwork {
  readonly #clock: ManualClock;
  readonly #impairer: Impairer;
  readonly #ports = new Map<string, Receive>();
  /** May be changed at any time. */
  impairment: Impairment;
  /** Off, `sent` stays empty: for calls that last. */
  keepsSent = true;
  /** All that was sent, whether it arrived or not. */
  readonly sent: { readonly bytes: Uint8Array; readonly to: Endpoint; readonly from: Endpoint }[] = [];

  constructor(clock: ManualClock, impairment: Impairment = {}, seed = 1) {
    this.#clock = clock;
    this.impairment = impairment;
    this.#impairer = new Impairer(seed);
  }

  /** `seenAs`: the address others see, as behind a NAT. */
  transport(address: string, rtpPort: number, seenAs: Endpoint = { address, port: rtpPort }): MediaTransport {
    const rtp = { address: seenAs.address, port: seenAs.port };
    const rtcp = { address: seenAs.address, port: seenAs.port + 1 };
    return {
      rtpPort,
      rtcpPort: rtpPort + 1,
      open: ({ onRtp, onRtcp }: TransportHandlers) => {
        this.#ports.set(key(rtp), onRtp);
        this.#ports.set(key(rtcp), onRtcp);
      },
      sendRtp: (bytes, to) => this.send(bytes, rtp, to),
      sendRtcp: (bytes, to) => this.send(bytes, rtcp, to),
      close: () => {
        this.#ports.delete(key(rtp));
        this.#ports.delete(key(rtcp));
      },
    };
  }

  send(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    const copy = bytes.slice();
    const target = key(to);
    if (this.keepsSent) this.sent.push({ bytes: copy, from, to: { ...to } });
    for (const delayMs of this.#impairer.delaysMs({ delayMs: 20, ...this.impairment }))
      this.#clock.after(delayMs, () => this.#ports.get(target)?.(copy.slice(), from));
  }
}

function key({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
