/** What goes over the wire both ways: 16 kHz mono signed 16-bit in frames of 20 ms. */
export const WIRE_RATE_HZ = 16_000;
export const FRAME_SAMPLES = 320;

/** Samples at the wire's rate in `ms`. */
export function toSamples(ms: number): number {
  return Math.round((ms * WIRE_RATE_HZ) / 1000);
}
