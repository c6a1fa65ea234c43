/** Mean power of a frame, full scale 1. */
export function framePower(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return sum / frame.length / (32_768 * 32_768);
}
