import type { Samples } from "@earshot/engine";
import { Decoder } from "@evan/opus";
import { describe, expect, test } from "vitest";
import { encodeOpus } from "./encode-opus.ts";

/** Ogg pages read independently of what wrote them. */
function readPages(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const pages: { flags: number; granule: number; sequence: number; packets: Uint8Array[] }[] = [];
  for (let at = 0; at < file.length; ) {
    expect(String.fromCharCode(...file.slice(at, at + 4))).toBe("OggS");
    const count = view.getUint8(at + 26);
    const sizes = [...file.slice(at + 27, at + 27 + count)];
    const packets: Uint8Array[] = [];
    let offset = at + 27 + count;
    let length = 0;
    for (const size of sizes) {
      length += size;
      if (size === 255) continue;
      packets.push(file.slice(offset, offset + length));
      offset += length;
      length = 0;
    }
    const page = file.slice(at, offset);
    const crc = new DataView(page.buffer).getUint32(22, true);
    page.fill(0, 22, 26);
    expect(crcOf(page)).toBe(crc);
    pages.push({
      flags: view.getUint8(at + 5),
      granule: Number(view.getBigUint64(at + 6, true)),
      sequence: view.getUint32(at + 18, true),
      packets,
    });
    at = offset;
  }
  return pages;
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 24n;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000n ? ((crc << 1n) ^ 0x104c11db7n) & 0xffffffffn : crc << 1n;
  }
  return Number(crc);
}

const tone = (samples: number): Samples =>
  Int16Array.from({ length: samples }, (_, at) => 10_000 * Math.sin((2 * Math.PI * 440 * at) / 16_000));

async function encode(pieces: readonly Samples[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeOpus(
    (async function* () {
      yield* pieces;
    })(),
  ))
    parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
}

describe("Ogg Opus", () => {
  test("has its two heads, pages in order, and plays as long as what was said", async () => {
    const samples = 16_000 * 3 + 123;
    const pages = readPages(await encode([tone(7), tone(samples - 7)]));
    expect(new TextDecoder().decode(pages[0]?.packets[0]?.slice(0, 8))).toBe("OpusHead");
    expect(new TextDecoder().decode(pages[1]?.packets[0]?.slice(0, 8))).toBe("OpusTags");
    expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
    expect(pages.map(({ flags }) => flags)).toEqual([2, 0, 0, 0, 4]);
    const head = pages[0]?.packets[0] ?? new Uint8Array(19);
    const preSkip = new DataView(head.buffer, head.byteOffset).getUint16(10, true);
    expect((pages.at(-1)?.granule ?? 0) - preSkip).toBe(samples * 3);
  });

  test("sounds like what was said", async () => {
    const pages = readPages(await encode([tone(16_000)]));
    const decoder = new Decoder({ channels: 1, sample_rate: 16_000 });
    const decoded = pages
      .slice(2)
      .flatMap(({ packets }) => packets)
      .flatMap((packet) => [...new Int16Array(Uint8Array.from(decoder.decode(packet)).buffer)]);
    const loudness = Math.sqrt(decoded.slice(4000, 12_000).reduce((sum, value) => sum + value * value, 0) / 8000);
    expect(loudness).toBeGreaterThan(6000);
    expect(loudness).toBeLessThan(8000);
  });

  test("of nothing is still a stream that ends", async () => {
    const pages = readPages(await encode([]));
    expect(pages.at(-1)?.flags).toBe(4);
  });
});
