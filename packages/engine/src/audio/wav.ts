/** WAV files in memory: RIFF/WAVE as in Microsoft's "Multimedia Data Standards Update" of 1994 and its extensible form. */
import { ENGINE_RATE_HZ, type Samples } from "./frame.ts";
import { Resampler } from "./resample.ts";
import { WavError } from "./wav-error.ts";
import { decodeWavData, parseWavFormat, type WavEncoding, type WavFormat } from "./wav-format.ts";
import { WAV_HEADER_BYTES, wavHeader, writeSamples } from "./wav-header.ts";

export type Wav = {
  /** Interleaved where there are several channels. */
  readonly samples: Samples;
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly durationMs: number;
  /** How the samples were written in the file. */
  readonly encoding: WavEncoding;
};

const MAX_BYTES = 2 ** 31;

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits, float, mu-law or A-law, any number of channels, 1000 to 384000 Hz. A file
 * that was cut off or whose sizes were never filled in is read as far as it goes.
 * @throws WavError whose message says what is wrong and what to do
 */
export function parseWav(bytes: Uint8Array): Wav {
  if (bytes.byteLength > MAX_BYTES) {
    throw new WavError("wav_too_large", "The WAV file is larger than 2 GiB. Cut it into smaller files.");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkIsWave(view);
  const { format, data } = findChunks(view);
  const samples = decodeWavData(data, format);
  if (samples.length === 0) throw empty();
  const { channels, sampleRateHz, encoding } = format;
  return { samples, channels, sampleRateHz, durationMs: (samples.length * 1000) / channels / sampleRateHz, encoding };
}

/** Writes 16-bit PCM; `samples` is interleaved where `channels` (default 1) is more. */
export function encodeWav(audio: {
  samples: Int16Array;
  sampleRateHz: number;
  channels?: number;
}): Uint8Array<ArrayBuffer> {
  const { samples, sampleRateHz, channels = 1 } = audio;
  const bytes = new Uint8Array(WAV_HEADER_BYTES + samples.length * 2);
  bytes.set(wavHeader({ sampleRateHz, channels, dataBytes: samples.length * 2 }));
  writeSamples(bytes, WAV_HEADER_BYTES, samples);
  return bytes;
}

/** The mean of all channels; the very samples where there is one. */
export function toMono({ samples, channels }: Pick<Wav, "samples" | "channels">): Samples {
  if (channels === 1) return samples;
  const mono = new Int16Array(samples.length / channels);
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[i * channels + channel] as number;
    mono[i] = Math.round(sum / channels);
  }
  return mono;
}

/** One channel at the engine's 16 kHz. */
export function toEngineRate(wav: Pick<Wav, "samples" | "channels" | "sampleRateHz">): Samples {
  const mono = toMono(wav);
  if (wav.sampleRateHz === ENGINE_RATE_HZ) return mono;
  const resampler = new Resampler(wav.sampleRateHz, ENGINE_RATE_HZ);
  const body = resampler.push(mono);
  const tail = resampler.flush();
  const samples = new Int16Array(body.length + tail.length);
  samples.set(body);
  samples.set(tail, body.length);
  return samples;
}

function checkIsWave(view: DataView): void {
  if (view.byteLength === 0) throw new WavError("wav_empty", "The file is empty (0 bytes). Record or export it again.");
  const isWave = view.byteLength >= 12 && tagAt(view, 0) === "RIFF" && tagAt(view, 8) === "WAVE";
  if (isWave) return;
  throw new WavError("wav_not_a_wav", `${describeStranger(view)} Convert it, e.g. with: ffmpeg -i FILE out.wav`);
}

function describeStranger(view: DataView): string {
  const tag = view.byteLength >= 4 ? tagAt(view, 0) : "";
  const firstTwo = view.byteLength >= 2 ? view.getUint16(0) : 0;
  if (tag.startsWith("ID3") || firstTwo >>> 5 === 0x7ff) return "The file is not a WAV but looks like an MP3.";
  if (tag === "OggS") return "The file is not a WAV but an Ogg file.";
  if (tag === "fLaC") return "The file is not a WAV but a FLAC file.";
  if (tag === "RF64" || tag === "RIFX") return `The file is a WAV of the kind ${tag}, which can't be read.`;
  return "The file is not a WAV: it doesn't begin with RIFF and WAVE.";
}

function findChunks(view: DataView): { format: WavFormat; data: DataView } {
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const tag = tagAt(view, at);
    const size = view.getUint32(at + 4, true);
    const body = new DataView(view.buffer, view.byteOffset + at + 8, Math.min(size, view.byteLength - at - 8));
    if (tag === "fmt ") format = parseWavFormat(body);
    if (tag === "data") {
      if (format === undefined) break;
      return { format, data: wholeSamples(isUnfilled(view, at, size) ? restOf(view, at + 8) : body, format) };
    }
    at += 8 + size + (size % 2);
  }
  if (format !== undefined) throw empty();
  throw new WavError("wav_bad_header", "The WAV file has no format chunk before its samples. Export the file again.");
}

/** A recorder that streams may leave 0 for a size it can't know yet; 0 before nothing but whole chunks is an honest 0. */
function isUnfilled(view: DataView, at: number, size: number): boolean {
  if (size !== 0) return false;
  let next = at + 8;
  while (next + 8 <= view.byteLength && /^[\x20-\x7e]{4}$/.test(tagAt(view, next))) {
    const length = view.getUint32(next + 4, true);
    next += 8 + length + (length % 2);
  }
  return next < view.byteLength || next > view.byteLength + 1;
}

function restOf(view: DataView, at: number): DataView {
  return new DataView(view.buffer, view.byteOffset + at, view.byteLength - at);
}

/** Leaves out a last sample of which some channel or byte is missing. */
function wholeSamples(data: DataView, { channels, bytesPerSample }: WavFormat): DataView {
  const unit = channels * bytesPerSample;
  return new DataView(data.buffer, data.byteOffset, data.byteLength - (data.byteLength % unit));
}

function empty(): WavError {
  return new WavError("wav_empty", "The WAV file holds no samples. Record or export it again.");
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
