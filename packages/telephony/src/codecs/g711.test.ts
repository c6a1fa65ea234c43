import { expect, it } from "vitest";
import { makePcma, makePcmu } from "./g711.ts";

const CODES = Uint8Array.from({ length: 256 }, (_, code) => code);

function decodeAll(codec: ReturnType<typeof makePcmu>): Int16Array {
  const samples = new Int16Array(256);
  codec.decode(CODES, samples);
  return samples;
}

it.each([makePcmu, makePcma])("brings every code back that stands for a sample of its own (%o)", (make) => {
  const codec = make();
  const samples = decodeAll(codec);
  const codes = new Uint8Array(256);
  codec.encode(samples, codes, 0);
  const again = new Int16Array(256);
  codec.decode(codes, again);
  expect(again).toEqual(samples);
  // Mu-law has two zeros.
  expect(new Set(codes).size).toBe(codec.name === "PCMU" ? 255 : 256);
});

it("has the values of the Recommendation's tables", () => {
  const muLaw = decodeAll(makePcmu());
  const aLaw = decodeAll(makePcma());
  expect([muLaw[0x80], muLaw[0x00], muLaw[0xff], muLaw[0xf0]]).toEqual([32_124, -32_124, 0, 120]);
  expect([aLaw[0xaa], aLaw[0x2a], aLaw[0xd5], aLaw[0x55]]).toEqual([32_256, -32_256, 8, -8]);
});

it.each([makePcmu, makePcma])("encodes each sample as the nearest code but for one step (%o)", (make) => {
  const codec = make();
  const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
  const codes = new Uint8Array(65_536);
  codec.encode(samples, codes, 0);
  const heard = decodeAll(codec);
  let last = -40_000;
  for (let i = 0; i < samples.length; i++) {
    const value = heard[codes[i] as number] as number;
    expect(value >= last).toBe(true);
    expect(Math.abs(value - (samples[i] as number)) <= 8 + Math.abs(samples[i] as number) / 30).toBe(true);
    last = value;
  }
});

it("refuses payloads longer than 120 ms", () => {
  expect(makePcmu().durationOf(new Uint8Array(961))).toBe(0);
  expect(makePcmu().decode(new Uint8Array(961), new Int16Array(2000))).toBe(0);
});
