/** G.711 as in ITU-T Recommendation G.711 (11/88), tables 1 and 2: eight bits a sample, mu-law and A-law. */
import type { Samples } from "./frame.ts";

/** Decodes mu-law bytes. Returns one 16-bit sample a byte. */
export function decodeMuLaw(bytes: Uint8Array): Samples {
  return decode(bytes, muLawToLinear);
}

/** Decodes A-law bytes. Returns one 16-bit sample a byte. */
export function decodeALaw(bytes: Uint8Array): Samples {
  return decode(bytes, aLawToLinear);
}

/** Encodes samples as mu-law, one byte a sample; the lowest two bits of each sample are below its resolution. */
export function encodeMuLaw(samples: Int16Array): Uint8Array<ArrayBuffer> {
  return encode(samples, linearToMuLaw, 2);
}

/** Encodes samples as A-law, one byte a sample; the lowest four bits of each sample are below its resolution. */
export function encodeALaw(samples: Int16Array): Uint8Array<ArrayBuffer> {
  return encode(samples, linearToALaw, 4);
}

const muLawToLinear = Int16Array.from({ length: 256 }, (_, byte) => expandMuLaw(byte));
const aLawToLinear = Int16Array.from({ length: 256 }, (_, byte) => expandALaw(byte));
const linearToMuLaw = Uint8Array.from({ length: 1 << 14 }, (_, index) => compressMuLaw(index - (1 << 13)));
const linearToALaw = Uint8Array.from({ length: 1 << 12 }, (_, index) => compressALaw(index - (1 << 11)));

function decode(bytes: Uint8Array, table: Int16Array): Samples {
  const samples = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) samples[i] = table[bytes[i] as number] as number;
  return samples;
}

/** `table` is indexed by the sample without its lowest `shift` bits, the most negative one first. */
function encode(samples: Int16Array, table: Uint8Array, shift: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(samples.length);
  const middle = table.length >> 1;
  for (let i = 0; i < samples.length; i++) bytes[i] = table[((samples[i] as number) >> shift) + middle] as number;
  return bytes;
}

function expandMuLaw(byte: number): number {
  const code = ~byte & 0xff;
  const exponent = (code >> 4) & 7;
  const magnitude = ((((code & 15) << 1) + 33) << exponent) - 33;
  return (code & 0x80 ? -magnitude : magnitude) * 4;
}

function expandALaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 15) << 1) + 1;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1);
  return (code & 0x80 ? magnitude : -magnitude) * 8;
}

/** `value` is 14-bit linear. A negative value is folded by its ones' complement, so both sides have the same steps. */
function compressMuLaw(value: number): number {
  const biased = Math.min((value < 0 ? ~value : value) + 33, 0x1fff);
  const exponent = 26 - Math.clz32(biased);
  const code = (exponent << 4) | ((biased >> (exponent + 1)) & 15);
  return ~(value < 0 ? code | 0x80 : code) & 0xff;
}

/** `value` is 12-bit linear. */
function compressALaw(value: number): number {
  const magnitude = value < 0 ? ~value : value;
  const exponent = Math.max(0, 28 - Math.clz32(magnitude));
  const mantissa = exponent === 0 ? magnitude : (magnitude >> (exponent - 1)) & 15;
  const code = (exponent << 4) | mantissa;
  return (value < 0 ? code : code | 0x80) ^ 0x55;
}
