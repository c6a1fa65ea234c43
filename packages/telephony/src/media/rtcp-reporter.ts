import { middleOfNtp, type Reception, roundTripMs, toNtp } from "../rtp/reception.ts";
import { type ReportBlock, readRtcp, type SenderInfo, writeRtcp } from "../rtp/rtcp-packet.ts";
import type { RtpSender } from "./rtp-sender.ts";

/** What two ends tell each other about the call (RFC 3550 section 6). Makes reports and keeps the latest of the peer's. */
export class RtcpReporter {
  readonly #cname: string;
  #lastSenderReport = 0;
  #lastSenderReportMs = 0;
  #roundTripMs: number | undefined;
  #onUs: ReportBlock | undefined;
  #packetsBefore = 0;

  /** `cname`: a name for this end, the same for the whole call; should not tell who or where it is. */
  constructor(cname: string) {
    this.#cname = cname;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** The peer's latest report on what we sent. */
  get onUs(): ReportBlock | undefined {
    return this.#onUs;
  }

  /** A compound packet; a sender's report when something was sent since the last one. */
  write(sender: RtpSender, reception: Reception, nowMs: number, isBye = false): Uint8Array {
    const hasSent = sender.packets > this.#packetsBefore;
    this.#packetsBefore = sender.packets;
    const sinceMs = this.#lastSenderReport === 0 ? 0 : nowMs - this.#lastSenderReportMs;
    const info: SenderInfo = {
      ...toNtp(nowMs),
      rtpTimestamp: sender.timestamp,
      packets: sender.packets >>> 0,
      octets: sender.octets >>> 0,
    };
    return writeRtcp({
      ssrc: sender.ssrc,
      cname: this.#cname,
      sender: hasSent ? info : undefined,
      block: reception.report(this.#lastSenderReport, sinceMs),
      isBye,
    });
  }

  /** Takes a compound packet; returns false for bytes that are none. */
  read(bytes: Uint8Array, ours: number, nowMs: number): boolean {
    const packets = readRtcp(bytes);
    for (const packet of packets ?? []) {
      if (packet.kind !== "sender-report" && packet.kind !== "receiver-report") continue;
      if (packet.kind === "sender-report") {
        this.#lastSenderReport = middleOfNtp(packet.sender);
        this.#lastSenderReportMs = nowMs;
      }
      const onUs = packet.blocks.find(({ ssrc }) => ssrc === ours);
      if (onUs === undefined) continue;
      this.#onUs = onUs;
      this.#roundTripMs = roundTripMs(onUs, nowMs) ?? this.#roundTripMs;
    }
    return packets !== undefined;
  }
}
