/** RTP's header as in RFC 3550 section 5.1. */

export const RTP_HEADER_BYTES = 12;

/** One packet, as a view that a reader fills in again and again; `payloadStart` and `payloadEnd` count from its first byte. */
export type RtpPacket = {
  payloadType: number;
  hasMarker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadStart: number;
  payloadEnd: number;
};

export function emptyRtpPacket(): RtpPacket {
  return {
    payloadType: 0,
    hasMarker: false,
    sequence: 0,
    timestamp: 0,
    ssrc: 0,
    payloadStart: RTP_HEADER_BYTES,
    payloadEnd: RTP_HEADER_BYTES,
  };
}

/** Where the payload begins, behind contributors and header extension; undefined for bytes that are no RTP packet. */
export function rtpHeaderLength(bytes: Uint8Array): number | undefined {
  const first = bytes[0];
  if (first === undefined || bytes.length < RTP_HEADER_BYTES || first >> 6 !== 2) return undefined;
  const fixed = RTP_HEADER_BYTES + 4 * (first & 15);
  if ((first & 0x10) === 0) return fixed <= bytes.length ? fixed : undefined;
  if (fixed + 4 > bytes.length) return undefined;
  const length = fixed + 4 + 4 * readUint16(bytes, fixed + 2);
  return length <= bytes.length ? length : undefined;
}

/** Reads the packet into `packet`. Returns false, with nothing read, for bytes that are no RTP packet. */
export function readRtp(bytes: Uint8Array, packet: RtpPacket): boolean {
  const start = rtpHeaderLength(bytes);
  if (start === undefined) return false;
  const padding = ((bytes[0] as number) & 0x20) === 0 ? 0 : (bytes.at(-1) as number);
  const end = bytes.length - padding;
  if (end < start || (padding === 0 && ((bytes[0] as number) & 0x20) !== 0)) return false;
  const second = bytes[1] as number;
  packet.payloadType = second & 0x7f;
  packet.hasMarker = second >= 0x80;
  packet.sequence = readUint16(bytes, 2);
  packet.timestamp = readUint32(bytes, 4);
  packet.ssrc = readUint32(bytes, 8);
  packet.payloadStart = start;
  packet.payloadEnd = end;
  return true;
}

/** Writes the header's twelve bytes to the front of `into`. */
export function writeRtpHeader(
  into: Uint8Array,
  header: Pick<RtpPacket, "payloadType" | "hasMarker" | "sequence" | "timestamp" | "ssrc">,
): void {
  into[0] = 0x80;
  into[1] = header.payloadType | (header.hasMarker ? 0x80 : 0);
  writeUint16(into, 2, header.sequence);
  writeUint32(into, 4, header.timestamp);
  writeUint32(into, 8, header.ssrc);
}

export function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return ((readUint16(bytes, at) << 16) | readUint16(bytes, at + 2)) >>> 0;
}

export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  writeUint16(bytes, at, value >>> 16);
  writeUint16(bytes, at + 2, value & 0xffff);
}
