/** How many of the words that were meant were heard, in order, 0 to 1. Case and punctuation don't count. */
export function wordsHeard(meant: string, heard: string): number {
  const [left, right] = [toWords(meant), toWords(heard)];
  let row = new Array<number>(right.length + 1).fill(0);
  for (const word of left) {
    const next = [0];
    for (const [index, other] of right.entries())
      next.push(word === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(left.length, 1);
}

function toWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9']+/g) ?? [];
}
