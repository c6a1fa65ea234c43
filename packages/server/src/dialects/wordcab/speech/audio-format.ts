/** The formats that Wordcab's speech comes in. */
import { ENGINE_RATE_HZ, encodeMuLaw, encodeWav, Resampler, type Samples } from "@earshot/engine";
import { AppError } from "../../../app-error.ts";
import { UNSUPPORTED_FORMAT } from "../errors.ts";
import { encodeOpus } from "./encode-opus.ts";
import type { SpeechRequest } from "./speech-shape.ts";

export type AudioFormat = {
  readonly contentType: string;
  /** @param pieces at the engine's rate */
  readonly encode: (pieces: AsyncIterable<Samples>) => AsyncIterable<Uint8Array<ArrayBuffer>>;
};

const MU_LAW_RATE_HZ = 8000;
const UNKNOWN_SIZE = 0xffff_ffff;

/**
 * Without a format: WAV, because MP3, which is Wordcab's own default, can't be made.
 * @throws AppError `invalid_request` for MP3
 */
export function toAudioFormat({ response_format: format, sample_rate: given }: SpeechRequest): AudioFormat {
  const rateHz = given ?? ENGINE_RATE_HZ;
  switch (format ?? "wav") {
    case "wav":
      return {
        contentType: "audio/wav",
        async *encode(pieces) {
          yield openWavHeader(rateHz);
          for await (const piece of resample(pieces, rateHz)) yield toBytes(piece);
        },
      };
    case "pcm16":
      return {
        contentType: `audio/pcm;rate=${rateHz};channels=1`,
        async *encode(pieces) {
          for await (const piece of resample(pieces, rateHz)) yield toBytes(piece);
        },
      };
    case "ulaw":
      return {
        contentType: "audio/basic",
        async *encode(pieces) {
          for await (const piece of resample(pieces, MU_LAW_RATE_HZ)) yield encodeMuLaw(piece);
        },
      };
    case "opus":
      return { contentType: "audio/ogg; codecs=opus", encode: encodeOpus };
    case "mp3":
      throw unsupported("MP3 can't be made here: take wav, pcm16, ulaw or opus, or leave response_format out for WAV");
  }
}

/** A whole file: what a stream could not know is filled in. */
export function sealWav(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  view.setUint32(4, file.length - 8, true);
  view.setUint32(40, file.length - 44, true);
  return file;
}

function openWavHeader(sampleRateHz: number): Uint8Array<ArrayBuffer> {
  const header = encodeWav({ samples: new Int16Array(0), sampleRateHz });
  const view = new DataView(header.buffer);
  view.setUint32(4, UNKNOWN_SIZE, true);
  view.setUint32(40, UNKNOWN_SIZE, true);
  return header;
}

async function* resample(pieces: AsyncIterable<Samples>, rateHz: number): AsyncGenerator<Samples> {
  const resampler = new Resampler(ENGINE_RATE_HZ, rateHz);
  for await (const piece of pieces) yield resampler.push(piece);
  yield resampler.flush();
}

/** Little-endian, as every machine is that we run on. */
function toBytes(samples: Samples): Uint8Array<ArrayBuffer> {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

function unsupported(message: string): AppError {
  const errors = [{ path: "response_format", message, code: UNSUPPORTED_FORMAT }];
  return new AppError("invalid_request", `response_format: ${message}`, { details: { errors } });
}
