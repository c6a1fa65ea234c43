/** The best normalised correlation of `part` with any place of `whole` from `from` to `to`: 1 for the same shape. */
export function bestCorrelation(
  whole: Int16Array,
  part: Int16Array,
  from = 0,
  to = whole.length - part.length,
): { likeness: number; at: number } {
  let best = { likeness: -1, at: 0 };
  const last = Math.min(to, whole.length - part.length);
  for (let at = Math.max(0, from); at <= last; at += 2) best = better(best, whole, part, at, 4);
  const around = best.at;
  best = { likeness: -1, at: around };
  for (let at = Math.max(0, around - 2); at <= Math.min(last, around + 2); at++)
    best = better(best, whole, part, at, 1);
  return best;
}

/** The share of windows of `reference` that are heard in `heard` at a likeness above `least`, late by 0 to `lateMs`. */
export function shareHeard(
  reference: Int16Array,
  heard: Int16Array,
  { rateHz, least, lateMs }: { rateHz: number; least: number; lateMs: number },
): number {
  const window = rateHz / 10;
  let loud = 0;
  let found = 0;
  for (let at = 0; at + window <= reference.length; at += window) {
    const part = reference.subarray(at, at + window);
    if (rms(part) < 500) continue;
    loud++;
    if (bestCorrelation(heard, part, at, at + (lateMs * rateHz) / 1000).likeness > least) found++;
  }
  return found / loud;
}

export function rms(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}

function better(
  best: { likeness: number; at: number },
  whole: Int16Array,
  part: Int16Array,
  at: number,
  step: number,
): { likeness: number; at: number } {
  let product = 0;
  let one = 0;
  let other = 0;
  for (let i = 0; i < part.length; i += step) {
    const a = part[i] as number;
    const b = whole[at + i] as number;
    product += a * b;
    one += a * a;
    other += b * b;
  }
  const likeness = one > 0 && other > 0 ? product / Math.sqrt(one * other) : 0;
  return likeness > best.likeness ? { likeness, at } : best;
}
