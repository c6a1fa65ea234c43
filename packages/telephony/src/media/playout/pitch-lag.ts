/**
 * How far back `template` samples that end at `end` are most like what they are now: the voice's period, or any lag that
 * fits best. Searched at every other sample first, then around the best one.
 */
export function findLag(
  samples: Int16Array,
  end: number,
  { template, least, most }: { template: number; least: number; most: number },
): { lag: number; likeness: number } {
  let best = { lag: most, likeness: -1 };
  const start = end - template;
  const longest = Math.min(most, start);
  for (let lag = least; lag <= longest; lag += 2) {
    const likeness = correlate(samples, start, lag, template, 2);
    if (likeness > best.likeness) best = { lag, likeness };
  }
  for (let lag = Math.max(least, best.lag - 1); lag <= Math.min(longest, best.lag + 1); lag++) {
    const likeness = correlate(samples, start, lag, template, 1);
    if (likeness > best.likeness) best = { lag, likeness };
  }
  return best;
}

/** Normalised: 1 for the same shape, 0 for none or silence. */
function correlate(samples: Int16Array, start: number, lag: number, count: number, step: number): number {
  let product = 0;
  let now = 0;
  let before = 0;
  for (let i = start; i < start + count; i += step) {
    const a = samples[i] as number;
    const b = samples[i - lag] as number;
    product += a * b;
    now += a * a;
    before += b * b;
  }
  return now === 0 || before === 0 ? 0 : product / Math.sqrt(now * before);
}
