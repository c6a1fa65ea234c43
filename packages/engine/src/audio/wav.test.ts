import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeALaw, encodeMuLaw } from "./g711.ts";
import { encodeWav, parseWav, toEngineRate, toMono } from "./wav.ts";
import { WavError } from "./wav-error.ts";

const someSamples = Int16Array.of(0, 1, -1, 12_345, -12_345, 32_767, -32_768, 256);

describe("reading", () => {
  it("gets back what was written, whatever the channels and the rate", () => {
    const channels = fc.integer({ min: 1, max: 8 });
    const rate = fc.integer({ min: 1000, max: 384_000 });
    const sample = fc.integer({ min: -32_768, max: 32_767 });
    fc.assert(
      fc.property(channels, rate, fc.array(sample, { minLength: 8, maxLength: 400 }), (count, sampleRateHz, values) => {
        const samples = Int16Array.from(values.slice(0, values.length - (values.length % count)));
        const wav = parseWav(encodeWav({ samples, sampleRateHz, channels: count }));
        expect(wav.samples).toEqual(samples);
        expect(wav).toMatchObject({ channels: count, sampleRateHz, encoding: "pcm" });
        expect(wav.durationMs).toBeCloseTo((samples.length * 1000) / count / sampleRateHz, 6);
      }),
    );
  });

  it.each([
    [
      "8-bit PCM",
      { tag: 1, bits: 8 },
      bytesOf(someSamples, 1, (view, at, s) => view.setUint8(at, (s >> 8) + 128)),
      128,
    ],
    ["16-bit PCM", { tag: 1, bits: 16 }, bytesOf(someSamples, 2, (view, at, s) => view.setInt16(at, s, true)), 0],
    ["24-bit PCM", { tag: 1, bits: 24 }, bytesOf(someSamples, 3, set24), 0],
    ["32-bit PCM", { tag: 1, bits: 32 }, bytesOf(someSamples, 4, (view, at, s) => view.setInt32(at, s << 16, true)), 0],
    ["float", { tag: 3, bits: 32 }, bytesOf(someSamples, 4, (view, at, s) => view.setFloat32(at, s / 32_768, true)), 0],
    [
      "double",
      { tag: 3, bits: 64 },
      bytesOf(someSamples, 8, (view, at, s) => view.setFloat64(at, s / 32_768, true)),
      0,
    ],
    ["A-law", { tag: 6, bits: 8 }, encodeALaw(someSamples), 512],
    ["mu-law", { tag: 7, bits: 8 }, encodeMuLaw(someSamples), 644],
    ["extensible PCM", { tag: 0xfffe, bits: 24 }, bytesOf(someSamples, 3, set24), 0],
  ])("understands %s", (_name, format, data, tolerance) => {
    const { samples } = parseWav(file({ ...format, data }));
    const errors = [...someSamples].map((sample, index) => Math.abs(sample - (samples[index] ?? Number.NaN)));
    expect(Math.max(...errors) <= tolerance + (format.bits === 8 ? 255 : 0)).toBe(true);
  });

  it("saturates floats beyond full scale and takes what is no number for silence", () => {
    const data = new Uint8Array(Float32Array.of(2, -2, Number.NaN, Number.POSITIVE_INFINITY).buffer);
    expect([...parseWav(file({ tag: 3, bits: 32, data })).samples]).toEqual([32_767, -32_768, 0, 32_767]);
  });

  it("passes over other chunks, odd ones too", () => {
    const data = Uint8Array.of(1, 0, 2, 0);
    const before = chunk("LIST", Uint8Array.of(1, 2, 3));
    expect([...parseWav(file({ tag: 1, bits: 16, data, before })).samples]).toEqual([1, 2]);
  });

  it("takes what is there of a file that was cut off", () => {
    const whole = encodeWav({ samples: Int16Array.of(1, 2, 3, 4), sampleRateHz: 8000, channels: 2 });
    expect([...parseWav(whole.subarray(0, whole.length - 1)).samples]).toEqual([1, 2]);
  });

  it.each([0, 0xffff_ffff])("reads to the end where a streaming recorder wrote the size %i", (size) => {
    const bytes = encodeWav({ samples: Int16Array.of(5, 6, 7, 8), sampleRateHz: 16_000 });
    new DataView(bytes.buffer).setUint32(40, size, true);
    expect([...parseWav(bytes).samples]).toEqual([5, 6, 7, 8]);
  });
});

describe("refusing", () => {
  const pcm = { tag: 1, bits: 16, data: Uint8Array.of(1, 0) };

  it.each([
    ["wav_empty", new Uint8Array(0), "0 bytes"],
    ["wav_empty", file({ ...pcm, data: new Uint8Array(0) }), "no samples"],
    ["wav_empty", file({ ...pcm, data: new Uint8Array(0), after: chunk("LIST", Uint8Array.of(1, 2)) }), "no samples"],
    ["wav_not_a_wav", Uint8Array.from("hello, world", (letter) => letter.charCodeAt(0)), "RIFF"],
    ["wav_not_a_wav", Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0), "MP3"],
    ["wav_not_a_wav", Uint8Array.of(1), "RIFF"],
    ["wav_bad_header", file({ ...pcm, channels: 0 }), "0 channels"],
    ["wav_bad_header", file({ ...pcm, rateHz: 0 }), "0 Hz"],
    ["wav_unsupported_format", file({ ...pcm, tag: 17 }), "IMA ADPCM"],
    ["wav_unsupported_format", file({ ...pcm, tag: 0x1234 }), "0x1234"],
    ["wav_unsupported_format", file({ ...pcm, bits: 64 }), "64 bits"],
  ])("says %s and why", (code, bytes, words) => {
    expect(refusalOf(bytes)).toMatchObject({ code });
    expect(refusalOf(bytes).message).toContain(words);
  });

  it("says when a file is beyond 2 GiB", () => {
    const huge = Object.defineProperty(new Uint8Array(44), "byteLength", { value: 2 ** 31 + 1 });
    expect(refusalOf(huge)).toMatchObject({ code: "wav_too_large" });
  });

  it("never fails otherwise, whatever the bytes", () => {
    const whole = file({
      tag: 0xfffe,
      bits: 24,
      data: new Uint8Array(24),
      channels: 2,
      before: chunk("fact", new Uint8Array(4)),
    });
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
    const damaged = fc.tuple(damage, fc.nat(whole.length)).map(([places, length]) => {
      const bytes = whole.slice();
      for (const [place, value] of places) bytes[place] = value;
      return bytes.slice(0, length);
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        try {
          expect(parseWav(bytes).samples.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(WavError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it("mixes channels down to their mean", () => {
  expect([...toMono({ samples: Int16Array.of(100, 300, -5, 5), channels: 2 })]).toEqual([200, 0]);
});

it.each([8000, 11_025, 44_100, 96_000, 44_057])("brings %i Hz stereo to one channel of 16 kHz", (sampleRateHz) => {
  const samples = Int16Array.from(
    { length: sampleRateHz * 2 },
    (_, i) => 8000 * Math.sin((i >> 1) * (2764.6 / sampleRateHz)),
  );
  const mono = toEngineRate({ samples, channels: 2, sampleRateHz });
  expect(mono).toHaveLength(16_000);
  const crossings = mono.filter((sample, i) => i > 0 && (mono[i - 1] ?? 0) < 0 && sample >= 0).length;
  expect(crossings).toBeGreaterThan(437);
  expect(crossings).toBeLessThan(442);
});

function refusalOf(bytes: Uint8Array): WavError {
  try {
    parseWav(bytes);
  } catch (error) {
    if (error instanceof WavError) return error;
    throw error;
  }
  throw new Error("The file was accepted.");
}

function file(parts: {
  tag: number;
  bits: number;
  data: Uint8Array;
  channels?: number;
  rateHz?: number;
  before?: Uint8Array;
  after?: Uint8Array;
}): Uint8Array {
  const { tag, bits, data, channels = 1, rateHz = 8000, before = new Uint8Array(0), after = new Uint8Array(0) } = parts;
  const format = new DataView(new ArrayBuffer(tag === 0xfffe ? 40 : 16));
  format.setUint16(0, tag, true);
  format.setUint16(2, channels, true);
  format.setUint32(4, rateHz, true);
  format.setUint16(14, bits, true);
  if (tag === 0xfffe) format.setUint16(24, 1, true);
  const head = Uint8Array.from("RIFF\0\0\0\0WAVE", (letter) => letter.charCodeAt(0));
  return join(head, before, chunk("fmt ", new Uint8Array(format.buffer)), chunk("data", data), after);
}

function chunk(tag: string, body: Uint8Array): Uint8Array {
  const size = new Uint8Array(Uint32Array.of(body.length).buffer);
  const name = Uint8Array.from(tag, (letter) => letter.charCodeAt(0));
  return join(name, size, body, new Uint8Array(body.length % 2));
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function bytesOf(samples: Int16Array, width: number, write: (view: DataView, at: number, sample: number) => void) {
  const view = new DataView(new ArrayBuffer(samples.length * width));
  for (const [index, sample] of samples.entries()) write(view, index * width, sample);
  return new Uint8Array(view.buffer);
}

function set24(view: DataView, at: number, sample: number): void {
  view.setUint8(at, 0);
  view.setInt16(at + 1, sample, true);
}
