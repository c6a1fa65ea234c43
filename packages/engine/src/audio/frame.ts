/** What audio is inside the engine: 16 kHz mono signed 16-bit, cut into frames of 20 ms. */

/** The one rate of the engine's inside. Legs and models convert at their own edge. */
export const ENGINE_RATE_HZ = 16_000;
/** Length of a frame; everything on the audio path is paced by it. */
export const FRAME_MS = 20;
/** Samples in a frame at the engine's rate. */
export const FRAME_SAMPLES = (ENGINE_RATE_HZ * FRAME_MS) / 1000;

/** Mono signed 16-bit samples. The receiver owns the array and may keep or transfer it. */
export type Samples = Int16Array<ArrayBuffer>;

export function joinSamples(parts: readonly Samples[]): Samples {
  const joined = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Duration of `count` samples at the engine's rate. */
export function toMs(count: number): number {
  return (count * 1000) / ENGINE_RATE_HZ;
}

/** Samples in `ms` at the engine's rate, rounded down. */
export function toSamples(ms: number): number {
  return Math.floor((ms * ENGINE_RATE_HZ) / 1000);
}
