/** One thing that was expected of a call, and what was observed. */
export type Check = {
  readonly name: string;
  readonly hasPassed: boolean;
  readonly wanted: string;
  readonly observed: string;
  /** Where in the call, ms since its begin. */
  readonly atMs?: number;
};

/** A check; times are left out where there is none. */
export function toCheck(
  name: string,
  hasPassed: boolean,
  { wanted, observed, atMs }: { wanted: string; observed: string; atMs?: number | undefined },
): Check {
  return { name, hasPassed, wanted, observed, ...(atMs === undefined ? {} : { atMs: Math.round(atMs) }) };
}
