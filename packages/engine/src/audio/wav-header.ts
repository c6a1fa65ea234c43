export const WAV_HEADER_BYTES = 44;
/** What a size field says while the length is unknown, or beyond what it can hold. */
const UNKNOWN_SIZE = 0xffff_ffff;

/**
 * The 44 bytes before 16-bit PCM in a WAV file. `dataBytes` counts what follows; leave it out while it is unknown (players
 * then read to the end of the file), as is done for more than 4 GiB too.
 */
export function wavHeader(shape: {
  sampleRateHz: number;
  channels: number;
  dataBytes?: number;
}): Uint8Array<ArrayBuffer> {
  const { sampleRateHz, channels, dataBytes = UNKNOWN_SIZE } = shape;
  const isKnown = dataBytes <= UNKNOWN_SIZE - WAV_HEADER_BYTES;
  const bytes = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(ascii("RIFF"), 0);
  view.setUint32(4, isKnown ? dataBytes + (dataBytes % 2) + WAV_HEADER_BYTES - 8 : UNKNOWN_SIZE, true);
  bytes.set(ascii("WAVEfmt "), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  bytes.set(ascii("data"), 36);
  view.setUint32(40, isKnown ? dataBytes : UNKNOWN_SIZE, true);
  return bytes;
}

/** Writes `samples` as little-endian bytes into `bytes` from `offset` on. */
export function writeSamples(bytes: Uint8Array, offset: number, samples: Int16Array): void {
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] as number;
    bytes[offset + 2 * i] = sample;
    bytes[offset + 2 * i + 1] = sample >> 8;
  }
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
