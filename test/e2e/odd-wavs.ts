import type { Samples } from "@earshot/engine";

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;

/** The same sound on both sides. */
export function encodeStereoWav(samples: Samples, rateHz: number): Uint8Array {
  const data = Buffer.alloc(samples.length * 4);
  for (const [index, sample] of samples.entries()) {
    data.writeInt16LE(sample, index * 4);
    data.writeInt16LE(sample, index * 4 + 2);
  }
  return wav(data, { format: FORMAT_PCM, channels: 2, rateHz, bits: 16 });
}

/** 32-bit floats from -1 to 1. */
export function encodeFloatWav(samples: Samples, rateHz: number): Uint8Array {
  const data = Buffer.alloc(samples.length * 4);
  for (const [index, sample] of samples.entries()) data.writeFloatLE(sample / 32_768, index * 4);
  return wav(data, { format: FORMAT_FLOAT, channels: 1, rateHz, bits: 32 });
}

/** White noise at about -30 dBFS, the same each time. */
export function makeNoise(count: number): Samples {
  let state = 1;
  return Int16Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state / 2_147_483_648 - 0.5) * 3600;
  });
}

function wav(data: Buffer, kind: { format: number; channels: number; rateHz: number; bits: number }): Uint8Array {
  const head = Buffer.alloc(44);
  const frameBytes = (kind.channels * kind.bits) / 8;
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(kind.format, 20);
  head.writeUInt16LE(kind.channels, 22);
  head.writeUInt32LE(kind.rateHz, 24);
  head.writeUInt32LE(kind.rateHz * frameBytes, 28);
  head.writeUInt16LE(frameBytes, 32);
  head.writeUInt16LE(kind.bits, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
