/** How the samples of a WAV file are written: its "fmt " chunk, and the decoding of what follows. */
import type { Samples } from "./frame.ts";
import { decodeALaw, decodeMuLaw } from "./g711.ts";
import { WavError } from "./wav-error.ts";

export type WavEncoding = "pcm" | "float" | "mu-law" | "a-law";

export type WavFormat = {
  readonly encoding: WavEncoding;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Of one sample in the file. */
  readonly bytesPerSample: number;
};

const EXTENSIBLE = 0xfffe;
const ENCODINGS: Readonly<Record<number, WavEncoding>> = { 1: "pcm", 3: "float", 6: "a-law", 7: "mu-law" };
const WIDTHS: Readonly<Record<WavEncoding, readonly number[]>> = {
  pcm: [1, 2, 3, 4],
  float: [4, 8],
  "mu-law": [1],
  "a-law": [1],
};
const OTHER_FORMATS: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG",
  85: "MP3",
};

/** Reads the body of a "fmt " chunk. @throws WavError */
export function parseWavFormat(body: DataView): WavFormat {
  if (body.byteLength < 16) throw badHeader(`its format chunk has ${body.byteLength} bytes instead of 16 or more`);
  const outerTag = body.getUint16(0, true);
  const tag = outerTag === EXTENSIBLE && body.byteLength >= 26 ? body.getUint16(24, true) : outerTag;
  const channels = body.getUint16(2, true);
  const sampleRateHz = body.getUint32(4, true);
  const bytesPerSample = Math.ceil(body.getUint16(14, true) / 8);
  const encoding = ENCODINGS[tag];
  if (encoding === undefined) throw unsupported(OTHER_FORMATS[tag] ?? `of the unknown format 0x${tag.toString(16)}`);
  if (channels === 0) throw badHeader("it says that there are 0 channels");
  if (sampleRateHz < 1000 || sampleRateHz > 384_000) throw badHeader(`it says that the rate is ${sampleRateHz} Hz`);
  if (!WIDTHS[encoding].includes(bytesPerSample)) throw unsupported(`${encoding} of ${bytesPerSample * 8} bits`);
  return { encoding, channels, sampleRateHz, bytesPerSample };
}

/** Decodes whole samples to 16 bits: rounded where the file has more, saturating where it is louder. */
export function decodeWavData(data: DataView, { encoding, bytesPerSample }: WavFormat): Samples {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (encoding === "mu-law") return decodeMuLaw(bytes);
  if (encoding === "a-law") return decodeALaw(bytes);
  const samples = new Int16Array(Math.floor(data.byteLength / bytesPerSample));
  const read = encoding === "float" ? floatReader(data, bytesPerSample) : integerReader(data, bytesPerSample);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.max(-32_768, Math.min(32_767, Math.round(read(i * bytesPerSample))));
  }
  return samples;
}

function floatReader(data: DataView, bytesPerSample: number): (at: number) => number {
  if (bytesPerSample === 4) return (at) => data.getFloat32(at, true) * 32_768;
  return (at) => data.getFloat64(at, true) * 32_768;
}

function integerReader(data: DataView, bytesPerSample: number): (at: number) => number {
  if (bytesPerSample === 1) return (at) => (data.getUint8(at) - 128) * 256;
  if (bytesPerSample === 2) return (at) => data.getInt16(at, true);
  if (bytesPerSample === 3) return (at) => data.getInt16(at + 1, true) + data.getUint8(at) / 256;
  return (at) => data.getInt32(at, true) / 65_536;
}

function badHeader(trouble: string): WavError {
  return new WavError("wav_bad_header", `The WAV file's header is broken: ${trouble}. Export the file again.`);
}

function unsupported(what: string): WavError {
  const fix = "Convert it to 16-bit PCM, e.g. with: ffmpeg -i in.wav -c:a pcm_s16le out.wav";
  return new WavError("wav_unsupported_format", `The WAV file is ${what}, which can't be read. ${fix}`);
}
