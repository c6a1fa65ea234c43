/** Opus in Ogg: pages as in RFC 3533, headers as in RFC 7845. */

const VENDOR = "Earshot";
/** Granule positions count samples at this rate, whatever the encoder was given. */
const GRANULE_RATE_HZ = 48_000;
const SEGMENT_BYTES = 255;
const MAX_SEGMENTS = 255;
const CRC = crcTable();

const FIRST_PAGE = 2;
const LAST_PAGE = 4;

export type OpusPacket = {
  readonly bytes: Uint8Array;
  /** At 48 kHz. */
  readonly samples: number;
};

/** Writes one stream. Packets are gathered into pages; `end` must be called. */
export class OggOpusWriter {
  readonly #serial: number;
  readonly #preSkip: number;
  #sequence = 0;
  #granule = 0;

  /** @param options `preSkip`: samples at 48 kHz that the encoder looks ahead */
  constructor({ serial, preSkip }: { readonly serial: number; readonly preSkip: number }) {
    this.#serial = serial;
    this.#preSkip = preSkip;
  }

  /** The two pages before any sound. */
  head(inputRateHz: number): Uint8Array<ArrayBuffer> {
    const id = new Uint8Array(19);
    const view = new DataView(id.buffer);
    id.set(ascii("OpusHead"));
    view.setUint8(8, 1);
    view.setUint8(9, 1);
    view.setUint16(10, this.#preSkip, true);
    view.setUint32(12, inputRateHz, true);
    const tags = new Uint8Array(8 + 4 + VENDOR.length + 4);
    tags.set(ascii("OpusTags"));
    new DataView(tags.buffer).setUint32(8, VENDOR.length, true);
    tags.set(ascii(VENDOR), 12);
    return concat([this.#page([id], FIRST_PAGE, 0), this.#page([tags], 0, 0)]);
  }

  /** A page of packets: at most as many as fit into 255 segments. */
  packets(packets: readonly OpusPacket[]): Uint8Array<ArrayBuffer> {
    for (const { samples } of packets) this.#granule += samples;
    return this.#page(
      packets.map(({ bytes }) => bytes),
      0,
      this.#granule,
    );
  }

  /** @param samples length of what was encoded, at 48 kHz: what the last packet has beyond it is not played */
  end(packets: readonly OpusPacket[], samples: number): Uint8Array<ArrayBuffer> {
    return this.#page(
      packets.map(({ bytes }) => bytes),
      LAST_PAGE,
      this.#preSkip + samples,
    );
  }

  #page(packets: readonly Uint8Array[], flags: number, granule: number): Uint8Array<ArrayBuffer> {
    const segments = packets.flatMap(({ length }) => [
      ...Array.from({ length: Math.floor(length / SEGMENT_BYTES) }, () => SEGMENT_BYTES),
      length % SEGMENT_BYTES,
    ]);
    if (segments.length > MAX_SEGMENTS) throw new RangeError("an Ogg page has at most 255 segments");
    const header = new Uint8Array(27 + segments.length);
    const view = new DataView(header.buffer);
    header.set(ascii("OggS"));
    view.setUint8(5, flags);
    view.setBigUint64(6, BigInt(granule), true);
    view.setUint32(14, this.#serial, true);
    view.setUint32(18, this.#sequence++, true);
    view.setUint8(26, segments.length);
    header.set(segments, 27);
    const page = concat([header, ...packets]);
    new DataView(page.buffer).setUint32(22, checksum(page), true);
    return page;
  }
}

/** Samples at `rateHz` in samples at 48 kHz. */
export function toGranules(samples: number, rateHz: number): number {
  return Math.round((samples * GRANULE_RATE_HZ) / rateHz);
}

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return crc;
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index << 24;
    for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
    return value >>> 0;
  });
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
