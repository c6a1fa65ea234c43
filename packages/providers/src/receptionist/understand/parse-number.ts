const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    zero: 0,
    oh: 0,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    eleven: 11,
    twelve: 12,
    thirteen: 13,
    fourteen: 14,
    fifteen: 15,
    sixteen: 16,
    seventeen: 17,
    eighteen: 18,
    nineteen: 19,
  }),
);
const TENS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    twenty: 20,
    thirty: 30,
    forty: 40,
    fifty: 50,
    sixty: 60,
    seventy: 70,
    eighty: 80,
    ninety: 90,
  }),
);
const SCALES: ReadonlyMap<string, number> = new Map(
  Object.entries({ hundred: 100, thousand: 1000, million: 1_000_000 }),
);
const PHRASES: readonly (readonly [RegExp, number])[] = [
  [/\b(?:a|one) dozen\b/, 12],
  [/\ba couple\b/, 2],
  [/\bjust me\b/, 1],
  [/\b(?:none|nobody|no one)\b/, 0],
  [/\bhalf\b/, 0.5],
];

/** The first number in normalised words: "25", "twenty-five", "two hundred and ten", "three point five". */
export function parseNumber(words: string): number | undefined {
  const digits = /-?\d+(?:\.\d+)?/.exec(words);
  if (digits !== null) return Number(digits[0]);
  const spoken = parseNumberWords(words);
  return spoken ?? PHRASES.find(([phrase]) => phrase.test(words))?.[1];
}

function parseNumberWords(text: string): number | undefined {
  const words = text.replaceAll("-", " ").split(" ");
  const start = words.findIndex((word) => UNITS.has(word) || TENS.has(word));
  if (start === -1) return undefined;
  let total = 0;
  let group = 0;
  let at = start;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const scale = SCALES.get(word);
    if (UNITS.has(word) || TENS.has(word)) group += UNITS.get(word) ?? TENS.get(word) ?? 0;
    else if (scale === 100) group = Math.max(group, 1) * 100;
    else if (scale !== undefined) {
      total += Math.max(group, 1) * scale;
      group = 0;
    } else if (word !== "and") break;
  }
  return words[at] === "point" ? total + group + parseFraction(words.slice(at + 1)) : total + group;
}

function parseFraction(words: readonly string[]): number {
  const digits = words.map((word) => UNITS.get(word)).filter((digit) => digit !== undefined && digit < 10);
  return digits.length === 0 ? 0 : Number(`0.${digits.join("")}`);
}

/** Digits said one by one, with "double" and "triple", letters' O for zero: "five five five, oh one". */
export function parseDigits(words: string): string {
  let digits = "";
  let times = 1;
  for (const word of words.replace(/[-.():]/g, " ").split(" ")) {
    if (word === "double" || word === "triple") {
      times = word === "double" ? 2 : 3;
      continue;
    }
    const found = toDigits(word);
    if (found === undefined) continue;
    digits += found.repeat(times);
    times = 1;
  }
  return digits;
}

function toDigits(word: string): string | undefined {
  if (/^\+?\d+$/.test(word)) return word;
  if (word === "plus") return "+";
  if (word === "o") return "0";
  const unit = UNITS.get(word) ?? TENS.get(word);
  return unit === undefined ? undefined : String(unit);
}
