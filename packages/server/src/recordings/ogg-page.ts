/** Pages of an Ogg stream: RFC 3533 section 6. */

const HEADER_BYTES = 27;
const MAX_SEGMENTS = 255;
const POLYNOMIAL = 0x04c11db7;

export type OggPage = {
  readonly serial: number;
  /** Counts from 0. */
  readonly number: number;
  /** Samples at 48 kHz that are complete with this page. */
  readonly granule: number;
  readonly isFirst?: boolean;
  readonly isLast?: boolean;
  /** Whole packets; together at most 255 times 255 bytes. */
  readonly packets: readonly Uint8Array[];
};

export function writeOggPage(page: OggPage): Uint8Array<ArrayBuffer> {
  const lacing = page.packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  if (lacing.length > MAX_SEGMENTS) throw new RangeError(`an Ogg page holds 255 segments, not ${lacing.length}`);
  const length = page.packets.reduce((sum, packet) => sum + packet.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + lacing.length + length);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from("OggS"));
  bytes[5] = (page.isFirst ? 2 : 0) | (page.isLast ? 4 : 0);
  view.setBigInt64(6, BigInt(page.granule), true);
  view.setUint32(14, page.serial, true);
  view.setUint32(18, page.number, true);
  bytes[26] = lacing.length;
  bytes.set(lacing, HEADER_BYTES);
  let at = HEADER_BYTES + lacing.length;
  for (const packet of page.packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

/** The pages of a file up to the first that is cut off or damaged, and where they end. */
export function readOggPages(file: Uint8Array): { readonly pages: readonly OggPage[]; readonly endsAt: number } {
  // Slices of a Buffer would share its memory.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const pages: OggPage[] = [];
  let endsAt = 0;
  for (let next = readPage(bytes, 0); next; next = readPage(bytes, endsAt)) {
    pages.push(next.page);
    endsAt = next.endsAt;
  }
  return { pages, endsAt };
}

function readPage(bytes: Uint8Array, at: number): { page: OggPage; endsAt: number } | undefined {
  if (bytes.length < at + HEADER_BYTES || Buffer.from(bytes.subarray(at, at + 4)).toString("latin1") !== "OggS")
    return undefined;
  const segments = bytes[at + 26] ?? 0;
  const lacing = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + segments);
  const bodyAt = at + HEADER_BYTES + segments;
  const endsAt = bodyAt + lacing.reduce((sum, length) => sum + length, 0);
  if (lacing.length < segments || endsAt > bytes.length) return undefined;
  const whole = bytes.slice(at, endsAt);
  const view = new DataView(whole.buffer);
  const expected = view.getUint32(22, true);
  view.setUint32(22, 0, true);
  if (checksum(whole) !== expected) return undefined;
  const flags = whole[5] ?? 0;
  return {
    endsAt,
    page: {
      serial: view.getUint32(14, true),
      number: view.getUint32(18, true),
      granule: Number(view.getBigInt64(6, true)),
      isFirst: (flags & 2) !== 0,
      isLast: (flags & 4) !== 0,
      packets: toPackets(lacing, bytes.subarray(bodyAt, endsAt)),
    },
  };
}

function toPackets(lacing: Uint8Array, body: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  for (const length of lacing) {
    end += length;
    if (length === 255) continue;
    packets.push(body.slice(start, end));
    start = end;
  }
  return packets;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value >>> 0;
});

/** The page's CRC-32, with its own field as zero. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ (TABLE[((sum >>> 24) ^ byte) & 0xff] as number)) >>> 0;
  return sum;
}
