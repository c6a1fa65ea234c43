/** RTCP as in RFC 3550 section 6: what a call of two needs of it. */
import { readUint16, readUint32, writeUint16, writeUint32 } from "./rtp-packet.ts";

export type ReportBlock = {
  /** Whose packets are reported on. */
  readonly ssrc: number;
  /** Share of packets lost since the last report, 0 to 1. */
  readonly fractionLost: number;
  /** Since the beginning; duplicates make it negative. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In units of the RTP clock. */
  readonly jitter: number;
  /** The middle 32 bits of the last sender report's NTP time; 0 when none has come. */
  readonly lastSenderReport: number;
  /** Since that report, in units of 1/65536 s. */
  readonly delaySinceLast: number;
};

export type SenderInfo = {
  /** Seconds and their 2^-32 parts, from any start. */
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
};

export type RtcpPacket =
  | {
      readonly kind: "sender-report";
      readonly ssrc: number;
      readonly sender: SenderInfo;
      readonly blocks: ReportBlock[];
    }
  | { readonly kind: "receiver-report"; readonly ssrc: number; readonly blocks: ReportBlock[] }
  | { readonly kind: "bye"; readonly ssrcs: number[] }
  | { readonly kind: "other"; readonly packetType: number };

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const BYE = 203;
const BLOCK_BYTES = 24;
const SENDER_BYTES = 28;
const MAX_PACKETS = 32;

/** Reads a compound packet. Undefined for bytes that aren't one; what is cut short ends it. */
export function readRtcp(bytes: Uint8Array): RtcpPacket[] | undefined {
  const packets: RtcpPacket[] = [];
  for (let at = 0; at + 4 <= bytes.length && packets.length < MAX_PACKETS; ) {
    const first = bytes[at] as number;
    const end = at + 4 + 4 * readUint16(bytes, at + 2);
    const packetType = bytes[at + 1] as number;
    if (first >> 6 !== 2 || packetType < 192 || packetType > 223 || end > bytes.length) break;
    const packet = readPacket(bytes.subarray(at, end), packetType, first & 31);
    if (packet === undefined) break;
    packets.push(packet);
    at = end;
  }
  return packets.length === 0 ? undefined : packets;
}

/** Writes a compound packet: a report (a sender's where `sender` is given), our name, and a goodbye where wanted. */
export function writeRtcp(report: {
  readonly ssrc: number;
  readonly cname: string;
  readonly sender?: SenderInfo | undefined;
  readonly block?: ReportBlock | undefined;
  readonly isBye?: boolean;
}): Uint8Array {
  const { ssrc, sender, block, isBye = false } = report;
  const name = new TextEncoder().encode(report.cname).subarray(0, 255);
  const reportBytes = (sender ? SENDER_BYTES : 8) + (block ? BLOCK_BYTES : 0);
  // The item's header, its text, and at least one zero up to a multiple of four.
  const nameBytes = 8 + 4 * Math.floor((2 + name.length) / 4 + 1);
  const bytes = new Uint8Array(reportBytes + nameBytes + (isBye ? 8 : 0));
  writeHeader(bytes, 0, {
    count: block ? 1 : 0,
    packetType: sender ? SENDER_REPORT : RECEIVER_REPORT,
    length: reportBytes,
  });
  writeUint32(bytes, 4, ssrc);
  if (sender) writeSender(bytes, sender);
  if (block) writeBlock(bytes, sender ? SENDER_BYTES : 8, block);
  writeHeader(bytes, reportBytes, { count: 1, packetType: DESCRIPTION, length: nameBytes });
  writeUint32(bytes, reportBytes + 4, ssrc);
  bytes.set([1, name.length, ...name], reportBytes + 8);
  if (!isBye) return bytes;
  const at = reportBytes + nameBytes;
  writeHeader(bytes, at, { count: 1, packetType: BYE, length: 8 });
  writeUint32(bytes, at + 4, ssrc);
  return bytes;
}

/** Where RTP and RTCP share a port, the second byte tells them apart (RFC 5761 section 4). */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return type >= 192 && type <= 223;
}

function readPacket(bytes: Uint8Array, packetType: number, count: number): RtcpPacket | undefined {
  if (packetType === BYE) {
    const ssrcs = Array.from({ length: Math.min(count, (bytes.length - 4) >> 2) }, (_, i) =>
      readUint32(bytes, 4 + 4 * i),
    );
    return { kind: "bye", ssrcs };
  }
  if (packetType !== SENDER_REPORT && packetType !== RECEIVER_REPORT) return { kind: "other", packetType };
  const isSender = packetType === SENDER_REPORT;
  const start = isSender ? SENDER_BYTES : 8;
  if (bytes.length < start + count * BLOCK_BYTES) return undefined;
  const ssrc = readUint32(bytes, 4);
  const blocks = Array.from({ length: count }, (_, index) => readBlock(bytes, start + index * BLOCK_BYTES));
  if (!isSender) return { kind: "receiver-report", ssrc, blocks };
  const [ntpSeconds, ntpFraction, rtpTimestamp, packets, octets] = [8, 12, 16, 20, 24].map((at) =>
    readUint32(bytes, at),
  ) as [number, number, number, number, number];
  return { kind: "sender-report", ssrc, sender: { ntpSeconds, ntpFraction, rtpTimestamp, packets, octets }, blocks };
}

function readBlock(bytes: Uint8Array, at: number): ReportBlock {
  const lost = readUint32(bytes, at + 4);
  return {
    ssrc: readUint32(bytes, at),
    fractionLost: (lost >>> 24) / 256,
    cumulativeLost: (lost << 8) >> 8,
    highestSequence: readUint32(bytes, at + 8),
    jitter: readUint32(bytes, at + 12),
    lastSenderReport: readUint32(bytes, at + 16),
    delaySinceLast: readUint32(bytes, at + 20),
  };
}

function writeHeader(
  bytes: Uint8Array,
  at: number,
  { count, packetType, length }: { count: number; packetType: number; length: number },
): void {
  bytes[at] = 0x80 | count;
  bytes[at + 1] = packetType;
  writeUint16(bytes, at + 2, length / 4 - 1);
}

function writeSender(bytes: Uint8Array, sender: SenderInfo): void {
  writeUint32(bytes, 8, sender.ntpSeconds);
  writeUint32(bytes, 12, sender.ntpFraction);
  writeUint32(bytes, 16, sender.rtpTimestamp);
  writeUint32(bytes, 20, sender.packets);
  writeUint32(bytes, 24, sender.octets);
}

function writeBlock(bytes: Uint8Array, at: number, block: ReportBlock): void {
  const lost = Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost)) & 0xff_ffff;
  writeUint32(bytes, at, block.ssrc);
  writeUint32(bytes, at + 4, ((Math.min(255, Math.floor(block.fractionLost * 256)) << 24) | lost) >>> 0);
  writeUint32(bytes, at + 8, block.highestSequence);
  writeUint32(bytes, at + 12, block.jitter);
  writeUint32(bytes, at + 16, block.lastSenderReport);
  writeUint32(bytes, at + 20, block.delaySinceLast);
}
