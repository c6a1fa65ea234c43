import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestCorrelation } from "../testing/correlation.ts";
import { syntheticVoice } from "../testing/synthetic-voice.ts";
import { makeOpus, opusDuration } from "./opus.ts";

function encode(samples: Int16Array, parameters?: string, frameSamples = 320): Uint8Array[] {
  const codec = makeOpus(parameters);
  const packets: Uint8Array[] = [];
  for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
    const bytes = new Uint8Array(1500);
    packets.push(bytes.slice(0, codec.encode(samples.subarray(at, at + frameSamples), bytes, 0)));
  }
  return packets;
}

const VOICE = syntheticVoice(4, 16_000);

it("keeps speech, decoded straight to 16 kHz", () => {
  const codec = makeOpus();
  const heard = new Int16Array(VOICE.length);
  encode(VOICE).forEach((packet, index) => {
    expect(codec.durationOf(packet)).toBe(960);
    expect(codec.decode(packet, heard.subarray(index * 320))).toBe(320);
  });
  expect(bestCorrelation(heard, VOICE.subarray(0, 16_000), 0, 400).likeness).toBeGreaterThan(0.9);
});

it("packs 60 ms into one packet", () => {
  const [packet = new Uint8Array(0)] = encode(VOICE, undefined, 960);
  expect(opusDuration(packet)).toBe(2880);
  expect(makeOpus().decode(packet, new Int16Array(1920))).toBe(960);
});

describe("what the peer asks for", () => {
  const size = (packets: Uint8Array[]) => packets.reduce((sum, packet) => sum + packet.length, 0);

  it("is a bit rate to stay below", () => {
    expect(size(encode(VOICE, "maxaveragebitrate=8000"))).toBeLessThan(size(encode(VOICE)) * 0.6);
  });

  it("is silence that costs nothing", () => {
    const silence = new Int16Array(32_000);
    expect(size(encode(silence, "usedtx=1"))).toBeLessThan(size(encode(silence)));
  });
});

it.each([
  ["nothing", [], 0],
  ["2.5 ms", [16 << 3], 120],
  ["two frames of 10 ms", [(12 << 3) | 1, 0], 960],
  ["six frames of 20 ms", [(1 << 3) | 3, 6], 5760],
  ["seven frames of 20 ms", [(1 << 3) | 3, 7], 0],
  ["frames that aren't counted", [(1 << 3) | 3], 0],
])("knows how long %s lasts", (_, bytes, duration) => {
  expect(opusDuration(Uint8Array.from(bytes))).toBe(duration);
});

it("meets any payload with samples or none, and goes on afterwards", () => {
  const codec = makeOpus();
  const into = new Int16Array(1920);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (payload) => {
      expect(codec.decode(payload, into)).toBeLessThanOrEqual(1920);
    }),
    { numRuns: 1000 },
  );
  const [packet = new Uint8Array(0)] = encode(VOICE);
  expect(codec.decode(packet, into)).toBe(320);
});
