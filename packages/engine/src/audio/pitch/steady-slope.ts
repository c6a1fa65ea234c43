/** Slope of `values` over `times`: the median of the slopes between all pairs (Theil and Sen), deaf to a few outliers. */
export function steadySlope(times: readonly number[], values: readonly number[]): number {
  const slopes: number[] = [];
  for (const [i, time] of times.entries())
    for (let j = i + 1; j < times.length; j++) {
      const run = (times[j] as number) - time;
      if (run > 0) slopes.push(((values[j] as number) - (values[i] as number)) / run);
    }
  slopes.sort((a, b) => a - b);
  return slopes.length === 0 ? 0 : (slopes[slopes.length >> 1] as number);
}
