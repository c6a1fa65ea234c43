/** Mean power of a frame, full scale 1. */
export function framePower(frame: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < frame.length; i++) {
    const sample = frame[i] as number;
    sum += sample * sample;
  }
  return sum / frame.length / (32_768 * 32_768);
}
