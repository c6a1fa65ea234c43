/** Writing without spaces between words: Chinese and Japanese. */

const UNSPACED = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々〆";
/** Signs of such writing: full and half stops, brackets, its own space. */
const SIGNS = "\\u3000-\\u303F\\uFF00-\\uFF0F\\uFF1A-\\uFF20\\uFF3B-\\uFF40\\uFF5B-\\uFF65";
const UNIT = new RegExp(`[${UNSPACED}${SIGNS}]|[^\\s${UNSPACED}${SIGNS}]+`, "gu");
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}${SIGNS}]$`, "u");
const BEGINS_UNSPACED = new RegExp(`^[${UNSPACED}${SIGNS}]`, "u");
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u");

export function hasUnspaced(text: string): boolean {
  return HAS_UNSPACED.test(text);
}

/** What stands between two pieces of one text. */
export function gapBetween(first: string, second: string): "" | " " {
  return ENDS_UNSPACED.test(first) && BEGINS_UNSPACED.test(second) ? "" : " ";
}

/** How much of a text there is: words, or signs where words have no spaces between them. */
export function countUnits(text: string): number {
  return text.match(UNIT)?.length ?? 0;
}

/** The text before and behind its first `count` units. */
export function splitAfterUnits(text: string, count: number): readonly [string, string] {
  if (count <= 0) return ["", text.trim()];
  let seen = 0;
  for (const { 0: unit, index } of text.matchAll(UNIT)) {
    seen++;
    if (seen === count) return [text.slice(0, index + unit.length).trim(), text.slice(index + unit.length).trim()];
  }
  return [text.trim(), ""];
}
