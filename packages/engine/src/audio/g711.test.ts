import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./g711.ts";

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const everySample = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);

describe("mu-law", () => {
  it("decodes the values of table 2a and 2b of the recommendation", () => {
    const bytes = Uint8Array.of(0x80, 0x8f, 0x9f, 0xaf, 0xbf, 0xcf, 0xdf, 0xef, 0xfe, 0xff, 0x00, 0x7e, 0x7f);
    const table = [8031, 4191, 2079, 1023, 495, 231, 99, 33, 2, 0, -8031, -2, 0];
    expect([...decodeMuLaw(bytes)].map((value) => value / 4 + 0)).toEqual(table);
  });

  it("gives every byte back after decoding, but for the second zero", () => {
    const expected = everyByte.map((byte) => (byte === 0x7f ? 0xff : byte));
    expect(encodeMuLaw(decodeMuLaw(everyByte))).toEqual(expected);
  });

  it("stays within half a step of the segment, over the whole range", () => {
    const decoded = decodeMuLaw(encodeMuLaw(everySample));
    expect(worst(everySample, decoded, (magnitude) => 4 + (magnitude + 132) / 32)).toBeLessThanOrEqual(0);
  });
});

describe("A-law", () => {
  it("decodes the values of table 1a and 1b of the recommendation", () => {
    const bytes = Uint8Array.of(0xaa, 0xa5, 0xb5, 0x85, 0x95, 0xe5, 0xf5, 0xd5, 0x55, 0x2a);
    const table = [4032, 2112, 1056, 528, 264, 132, 66, 1, -1, -4032];
    expect([...decodeALaw(bytes)].map((value) => value / 8)).toEqual(table);
  });

  it("gives every byte back after decoding", () => {
    expect(encodeALaw(decodeALaw(everyByte))).toEqual(everyByte);
  });

  it("stays within half a step of the segment, over the whole range", () => {
    const decoded = decodeALaw(encodeALaw(everySample));
    expect(worst(everySample, decoded, (magnitude) => 16 + magnitude / 32)).toBeLessThanOrEqual(0);
  });
});

it("codes both sides of zero in the same steps", () => {
  const mirrored = everySample.map((sample) => ~sample);
  expect(encodeMuLaw(mirrored)).toEqual(encodeMuLaw(everySample).map((byte) => byte ^ 0x80));
  expect(encodeALaw(mirrored)).toEqual(encodeALaw(everySample).map((byte) => byte ^ 0x80));
});

it("never turns a louder sample into a quieter one", () => {
  fc.assert(
    fc.property(fc.integer({ min: -32_768, max: 32_766 }), (sample) => {
      const pair = Int16Array.of(sample, sample + 1);
      for (const [low = 0, high = 0] of [decodeMuLaw(encodeMuLaw(pair)), decodeALaw(encodeALaw(pair))]) {
        expect(low).toBeLessThanOrEqual(high);
      }
    }),
  );
});

/** How far the worst sample is over what `allowed` grants; the top segment also clips, by at most one step. */
function worst(original: Int16Array, decoded: Int16Array, allowed: (magnitude: number) => number): number {
  let over = Number.NEGATIVE_INFINITY;
  original.forEach((sample, index) => {
    const error = Math.abs(sample - (decoded[index] ?? 0));
    over = Math.max(over, error - allowed(Math.abs(sample)));
  });
  return over;
}
