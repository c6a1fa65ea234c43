import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { bestCorrelation } from "../testing/correlation.ts";
import { syntheticVoice } from "../testing/synthetic-voice.ts";
import { makeG722 } from "./g722.ts";

/** Speech, and a second of full-scale noise that drives every table to its end. */
function signal(): Int16Array {
  const samples = syntheticVoice(12, 16_000);
  for (let i = 0; i < 16_000; i++) samples[96_000 + i] = ((i * 7919) % 65_536) - 32_768;
  return samples;
}

function encode(samples: Int16Array): Uint8Array {
  const codec = makeG722();
  const bytes = new Uint8Array(samples.length / 2);
  for (let at = 0; at < samples.length; at += 320) codec.encode(samples.subarray(at, at + 320), bytes, at / 2);
  return bytes;
}

function decode(bytes: Uint8Array): Int16Array {
  const codec = makeG722();
  const samples = new Int16Array(2 * bytes.length);
  for (let at = 0; at < bytes.length; at += 160) codec.decode(bytes.subarray(at, at + 160), samples.subarray(2 * at));
  return samples;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

it("encodes and decodes to the very bytes that ffmpeg's G.722 makes of the same signal", () => {
  const bytes = encode(signal());
  expect(sha256(bytes)).toBe("24659d794c10b7f4f76a4ab9b2fb8f0409fa6170ba6e5815bc176589d7c1f062");
  expect(sha256(new Uint8Array(decode(bytes).buffer))).toBe(
    "25db5f48985a7ae324352ab86749275562d17d411592b8ead7f102ed21480303",
  );
});

it("keeps speech, late by the filter's 22 samples", () => {
  const voice = syntheticVoice(3, 16_000);
  const found = bestCorrelation(decode(encode(voice)), voice.subarray(16_000, 24_000), 16_000, 16_100);
  expect(found.at).toBe(16_022);
  expect(found.likeness).toBeGreaterThan(0.999);
});

it("takes payloads up to 120 ms", () => {
  const codec = makeG722();
  expect(codec.durationOf(new Uint8Array(160))).toBe(160);
  expect(codec.durationOf(new Uint8Array(961))).toBe(0);
  expect(codec.decode(new Uint8Array(961), new Int16Array(4000))).toBe(0);
});
