/** Errors of a transcript against what was said. */
export type WordErrors = {
  /** Words substituted, inserted or left out, at the least. */
  readonly errors: number;
  /** Words that were said. */
  readonly words: number;
};

/** Counts the words that recognition got wrong, numbers and contractions being read alike however they are written. */
export function wordErrors(reference: string, hypothesis: string): WordErrors {
  const said = normaliseWords(reference);
  return { errors: editDistance(said, normaliseWords(hypothesis)), words: said.length };
}

/** Share of words that are wrong; may exceed 1. 0 when nothing was said and nothing was heard. */
export function wordErrorRate(reference: string, hypothesis: string): number {
  const { errors, words } = wordErrors(reference, hypothesis);
  return words === 0 ? errors : errors / words;
}

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/[’`]/g, "'"],
  [/\$(\d+(?:\.\d+)?)/g, "$1 dollars"],
  [/(\d+)\s?%/g, "$1 percent"],
  [/\b(\d{1,2}):00\b/g, "$1 o'clock"],
  [/\b(\d{1,2}):(\d\d)\b/g, "$1 $2"],
  [/\bcan't\b|\bcan not\b/g, "cannot"],
  [/\bwon't\b/g, "will not"],
  [/\blet's\b/g, "let us"],
  [/n't\b/g, " not"],
  [/'re\b/g, " are"],
  [/'ve\b/g, " have"],
  [/'ll\b/g, " will"],
  [/'d\b/g, " would"],
  [/\bi'm\b/g, "i am"],
  [/\b(it|that|there|what|he|she|who|where|here)'s\b/g, "$1 is"],
  [/\bgood bye\b/g, "goodbye"],
  [/\bokay\b/g, "ok"],
  [/\bmister\b/g, "mr"],
];

/** Lower-case words without punctuation; digits are spelled out. */
export function normaliseWords(text: string): readonly string[] {
  let plain = text.toLowerCase();
  for (const [pattern, replacement] of SPELLINGS) plain = plain.replace(pattern, replacement);
  return plain
    .replace(/(\d+)(?:st|nd|rd|th)\b/g, (_, digits: string) => ` ${toOrdinal(digits)} `)
    .replace(/\d+/g, (digits) => ` ${spellNumber(digits)} `)
    .replace(/[^a-z' ]/g, " ")
    .split(/\s+/)
    .map((word) => word.replace(/^'+|'+$/g, ""))
    .filter((word) => word !== "");
}

const SMALL = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/** Numbers up to 999 as a number, longer ones and those that begin with 0 digit by digit, as callers say them. */
function spellNumber(digits: string): string {
  if (digits.length > 3 || (digits.length > 1 && digits.startsWith("0"))) {
    return [...digits].map((digit) => SMALL[Number(digit)]).join(" ");
  }
  const value = Number(digits);
  if (value < 20) return SMALL[value] ?? "";
  const rest = value % (value < 100 ? 10 : 100);
  const head = value < 100 ? TENS[Math.floor(value / 10)] : `${SMALL[Math.floor(value / 100)]} hundred`;
  return rest === 0 ? `${head}` : `${head} ${spellNumber(String(rest))}`;
}

const IRREGULAR: Readonly<Record<string, string>> = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};

function toOrdinal(digits: string): string {
  const words = spellNumber(digits).split(" ");
  const last = words.pop() ?? "";
  return [...words, IRREGULAR[last] ?? `${last.replace(/y$/, "ie")}th`].join(" ");
}

/** Levenshtein's distance over words. */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let above = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [row, word] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const substituted = (above[column] ?? 0) + (word === other ? 0 : 1);
      current.push(Math.min(substituted, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
