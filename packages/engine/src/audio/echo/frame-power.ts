/** Mean power of a frame, full scale 1. */
export function framePower(frame: Int16Array): number {
  // Four sums side by side: one would wait for its own last addition. A frame's length is a multiple of four.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < frame.length; i += 4) {
    a += (frame[i] as number) ** 2;
    b += (frame[i + 1] as number) ** 2;
    c += (frame[i + 2] as number) ** 2;
    d += (frame[i + 3] as number) ** 2;
  }
  return (a + b + c + d) / frame.length / (32_768 * 32_768);
}
