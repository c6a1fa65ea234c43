/** G.711 as in ITU-T Recommendation G.711 (11/88), by tables. */
import type { AudioCodec } from "./audio-codec.ts";

const MAX_BYTES = 960;
const MU_LAW_BIAS = 33;

const muLawDecoding = Int16Array.from({ length: 256 }, (_, byte) => expandMuLaw(byte));
const aLawDecoding = Int16Array.from({ length: 256 }, (_, byte) => expandALaw(byte));
/** Indexed by a sample's upper 14 and 12 bits: what is below is lost either way. */
const muLawEncoding = Uint8Array.from({ length: 1 << 14 }, (_, index) => compressMuLaw((index << 18) >> 18));
const aLawEncoding = Uint8Array.from({ length: 1 << 12 }, (_, index) => compressALaw((index << 20) >> 20));

export function makePcmu(): AudioCodec {
  return makeG711("PCMU", muLawDecoding, muLawEncoding, 2);
}

export function makePcma(): AudioCodec {
  return makeG711("PCMA", aLawDecoding, aLawEncoding, 4);
}

function makeG711(name: "PCMU" | "PCMA", decoding: Int16Array, encoding: Uint8Array, shift: number): AudioCodec {
  const mask = encoding.length - 1;
  return {
    name,
    clockRateHz: 8000,
    sampleRateHz: 8000,
    durationOf: ({ length }) => (length > MAX_BYTES ? 0 : length),
    decode(payload, into) {
      const { length } = payload;
      if (length > MAX_BYTES) return 0;
      for (let i = 0; i < length; i++) into[i] = decoding[payload[i] as number] as number;
      return length;
    },
    encode(samples, into, at) {
      const { length } = samples;
      for (let i = 0; i < length; i++) into[at + i] = encoding[((samples[i] as number) >> shift) & mask] as number;
      return length;
    },
    close() {},
  };
}

function expandMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const magnitude = (((code & 15) * 2 + MU_LAW_BIAS) << ((code >> 4) & 7)) - MU_LAW_BIAS;
  return 4 * (code >= 0x80 ? -magnitude : magnitude);
}

/** `value` has 14 bits. */
function compressMuLaw(value: number): number {
  const magnitude = Math.min((value < 0 ? ~value : value) + MU_LAW_BIAS, 0x1fff);
  const segment = 26 - Math.clz32(magnitude);
  const code = (segment << 4) | ((magnitude >> (segment + 1)) & 15);
  return ~(value < 0 ? code | 0x80 : code) & 0xff;
}

function expandALaw(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = (code & 15) * 2 + 1;
  const magnitude = segment === 0 ? step : (step + 32) << (segment - 1);
  return 8 * (code >= 0x80 ? magnitude : -magnitude);
}

/** `value` has 12 bits. */
function compressALaw(value: number): number {
  const magnitude = value < 0 ? ~value : value;
  const segment = Math.max(0, 28 - Math.clz32(magnitude));
  const step = segment === 0 ? magnitude : (magnitude >> (segment - 1)) & 15;
  return ((segment << 4) | step | (value < 0 ? 0 : 0x80)) ^ 0x55;
}
