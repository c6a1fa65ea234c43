/** Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009): what several searches found, in one order. */

/** Of the paper: how little it matters to be first of one list. */
const K = 60;

export type Ranked = { readonly id: string; readonly score: number };

/** @param lists ids, best first */
export function fuseRanks(lists: readonly (readonly string[])[], limit: number): Ranked[] {
  const scores = new Map<string, number>();
  for (const list of lists)
    for (const [rank, id] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (K + rank + 1));
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
}
