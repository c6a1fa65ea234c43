/** What a recogniser that listens for ends of turns says itself. */

import type { Clue, Evidence } from "./strategy.ts";

/** Sure of it, it outweighs what the words alone say. */
const WEIGHT = 3.5;

export function recogniserClue({ recogniser }: Evidence): Clue | undefined {
  if (recogniser === undefined) return undefined;
  const weight = (2 * recogniser - 1) * WEIGHT;
  return { why: weight < 0 ? "the recogniser expects more" : "the recogniser heard the end", weight };
}
