/** Between a carrier's sound and the engine's: 20 ms here are 20 ms there. */

import {
  decodeALaw,
  decodeMuLaw,
  ENGINE_RATE_HZ,
  encodeALaw,
  encodeMuLaw,
  FRAME_MS,
  Resampler,
  type Samples,
} from "@earshot/engine";
import type { StreamFormat } from "./stream-codec.ts";

/** Turns payloads of any length into samples at the engine's rate. */
export function makeDecoder({ encoding, sampleRateHz }: StreamFormat): (payload: Uint8Array) => Samples {
  const resample = makeSteadyResampler(sampleRateHz, ENGINE_RATE_HZ);
  return (payload) => resample(decode(encoding, payload));
}

/** Turns frames of 20 ms into payloads of 20 ms. */
export function makeEncoder({ encoding, sampleRateHz }: StreamFormat): (frame: Samples) => Uint8Array<ArrayBuffer> {
  const resample = makeSteadyResampler(ENGINE_RATE_HZ, sampleRateHz);
  return (frame) => encode(encoding, resample(frame));
}

/**
 * The filter's delay is paid at once, in silence: every 20 ms that go in come out as 20 ms, and nobody waits for the
 * rest of a frame.
 */
function makeSteadyResampler(fromHz: number, toHz: number): (samples: Samples) => Samples {
  if (fromHz === toHz) return (samples) => samples;
  const resampler = new Resampler(fromHz, toHz);
  resampler.push(new Int16Array((fromHz * FRAME_MS) / 1000));
  return (samples) => resampler.push(samples);
}

function decode(encoding: StreamFormat["encoding"], payload: Uint8Array): Samples {
  switch (encoding) {
    case "mu-law":
      return decodeMuLaw(payload);
    case "a-law":
      return decodeALaw(payload);
    case "linear":
      return toSamples(payload);
  }
}

function encode(encoding: StreamFormat["encoding"], samples: Samples): Uint8Array<ArrayBuffer> {
  switch (encoding) {
    case "mu-law":
      return encodeMuLaw(samples);
    case "a-law":
      return encodeALaw(samples);
    case "linear":
      return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  }
}

/** A copy; an odd last byte is dropped. */
function toSamples(payload: Uint8Array): Samples {
  const samples = new Int16Array(payload.length >> 1);
  new Uint8Array(samples.buffer).set(payload.subarray(0, samples.byteLength));
  return samples;
}
