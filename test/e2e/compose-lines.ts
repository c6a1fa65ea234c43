import { type Samples, toSamples } from "@earshot/engine";

/** One thing said at a set time. */
export type Line = { readonly atMs: number; readonly samples: Samples };

/**
 * What a microphone hears of somebody who speaks at set times, and silence between. 16 kHz mono. Throws when one line
 * would run into the next.
 */
export function composeLines(lines: readonly Line[], { tailMs }: { tailMs: number }): Samples {
  const end = lines.reduce((last, { atMs, samples }) => Math.max(last, toSamples(atMs) + samples.length), 0);
  const track = new Int16Array(end + toSamples(tailMs));
  let free = 0;
  for (const { atMs, samples } of lines) {
    const start = toSamples(atMs);
    if (start < free) throw new Error(`the line at ${atMs} ms begins before the one before it has ended`);
    track.set(samples, start);
    free = start + samples.length;
  }
  return track;
}
