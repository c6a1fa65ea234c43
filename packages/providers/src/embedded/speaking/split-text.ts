/** Longest piece that is synthesised at once, in characters: a few seconds of speech. */
const MAX_PIECE = 200;
/** A first piece of about this length is spoken while the rest is synthesised. */
const MIN_CLAUSE = 60;

/** Cuts text into pieces to be spoken one after the other: sentences, long ones at a comma, else between words. */
export function splitText(text: string): readonly string[] {
  const sentences =
    text
      .replace(/\s+/g, " ")
      .trim()
      .match(/.+?(?:[.!?]+["')\]]*(?=\s|$)|$)/g) ?? [];
  return sentences
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "")
    .flatMap(splitSentence);
}

function splitSentence(sentence: string): readonly string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > MAX_PIECE) {
    const at = findCut(rest);
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest === "" ? pieces : [...pieces, rest];
}

function findCut(text: string): number {
  const start = text.slice(0, MAX_PIECE);
  const comma = Math.max(start.lastIndexOf(", "), start.lastIndexOf("; "), start.lastIndexOf(": "));
  if (comma >= MIN_CLAUSE) return comma + 1;
  const space = start.lastIndexOf(" ");
  return space > 0 ? space : MAX_PIECE;
}

const SPELLED: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u2013": "-",
  "\u2014": ", ",
  "\u2026": "...",
  "\u00a0": " ",
  "\u20ac": " euros ",
  "\u00a3": " pounds ",
  "\u00b0": " degrees ",
  "\u00df": "ss",
  "\u00e6": "ae",
  "\u00f8": "o",
};

/** Spells text in ASCII, which is all that Flite reads: accents fall off, signs become words, the rest is left out. */
export function toAscii(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, (sign) => SPELLED[sign.toLowerCase()] ?? sign)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]/g, " ");
}

/** False for text without a letter or digit: there is nothing to say. */
export function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
