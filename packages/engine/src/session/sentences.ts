/** Cuts a stream of text into pieces that can be spoken on their own, each as early as its end is certain. */

/** Longer text without an end is cut at a comma or a space, so that speech starts. */
const MAX_PIECE_CHARS = 240;

/** A mark is an end with white space behind it: "3.5", "example.com" and a stream cut inside "..." are not. */
const END =
  /[.!?…؟۔।]+["'”’»)\]*_~`]*(?=\s)|[。！？｡]+[」』”’）)\]*_]*(?=[^」』”’）)\]*_。！？｡])|[!?]+(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])|\n/gu;

/** Titles and the like: a name or more of the same sentence follows. */
const ABBREVIATION =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|dra|prof|rev|st|mt|vs|approx|incl|e\.g|i\.e|z\. ?b|d\. ?h|u\.a|ca|bzw|ggf|inkl|zzgl|hr|sr|sra|srta|ud|uds|avda|p\. ?ej|p\. ?ex|sig|dott|avv|ing|ad es|p\.es|dhr|mevr|bijv|d\.w\.z|m|mme|mlle|[a-z])\.$/i;
/** At the end of a sentence or inside of one: what follows tells. */
const MAYBE_LAST =
  /(?:^|[\s\d(])(?:a\.\s?m|p\.\s?m|etc|ecc|enz|usw|inc|ltd|co|corp|jr|ave|blvd|rd|apt|ext|mio|mrd)\.$/i;
/** An abbreviation in front of a number only. */
const BEFORE_NUMBER = /(?:^|[\s(])(?:no|nos|nr|núm|fig|pp?|tel|art)\.$/i;
/** "1." begins a line of a list. */
const LIST_NUMBER = /^\s*\d{1,3}\.$/;
/** "am 3." may go on with a month. */
const ORDINAL = /(?:^|\s)\d{1,2}\.$/;
const ORDINAL_LANGUAGES = /^(?:de|da|nb|nn|no|fi|cs|sk|hu|pl|sl|hr|sr|bs|et|lv|tr|is)\b/i;

export class SentenceSplitter {
  readonly #hasOrdinals: boolean;
  #rest = "";

  /** @param language BCP 47; where a number with a full stop is an ordinal, it ends no sentence */
  constructor(language = "") {
    this.#hasOrdinals = ORDINAL_LANGUAGES.test(language);
  }

  /** Returns the sentences that are complete now. */
  push(text: string): string[] {
    this.#rest += text;
    const sentences: string[] = [];
    for (let end = this.#findEnd(); end > 0; end = this.#findEnd()) {
      const sentence = this.#rest.slice(0, end).trim();
      this.#rest = this.#rest.slice(end);
      if (sentence !== "") sentences.push(sentence);
    }
    return sentences;
  }

  /** What is left, if it looks like a whole sentence: nothing else will come soon. */
  flushComplete(): string[] {
    return /[.!?…。！？]["'”’»)\]]*\s*$/u.test(this.#rest) ? this.flush() : [];
  }

  /** What is left when the stream has ended. */
  flush(): string[] {
    const last = this.#rest.trim();
    this.#rest = "";
    return last === "" ? [] : [last];
  }

  #findEnd(): number {
    for (const match of this.#rest.matchAll(END)) {
      const end = match.index + match[0].length;
      const isEnd = this.#isEnd(this.#rest.slice(0, end).trimEnd(), this.#rest.slice(end));
      if (isEnd === "unknown") break;
      if (isEnd) return end;
    }
    if (this.#rest.length <= MAX_PIECE_CHARS) return 0;
    const head = this.#rest.slice(0, MAX_PIECE_CHARS);
    const comma = Math.max(
      head.lastIndexOf(", "),
      head.lastIndexOf("; "),
      head.lastIndexOf(": "),
      head.search(/[，；：][^，；：]*$/),
    );
    return (comma > 0 ? comma : Math.max(head.lastIndexOf(" "), MAX_PIECE_CHARS - 1)) + 1;
  }

  /** "unknown" until the next word has begun. */
  #isEnd(before: string, after: string): boolean | "unknown" {
    if (/^\s*\n/.test(after) || !before.endsWith(".")) return true;
    if (LIST_NUMBER.test(before) || ABBREVIATION.test(before)) return false;
    const next = after.trimStart();
    if (MAYBE_LAST.test(before))
      return next === "" ? "unknown" : /^["'“‘«(*_]*\p{Lu}/u.test(next) && !DAY_OR_MONTH.test(next);
    if (BEFORE_NUMBER.test(before)) return next === "" ? "unknown" : !/^\d/.test(next);
    if (this.#hasOrdinals && ORDINAL.test(before)) return next === "" ? "unknown" : !/^\p{L}/u.test(next);
    return true;
  }
}

/** "at 5 p.m. Monday". */
const DAY_OR_MONTH =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|^(?:January|February|March|April|May|June|July|August|September|October|November|December|Eastern|Pacific|Central|Mountain|E[SD]T|P[SD]T|C[SD]T|M[SD]T|GMT|UTC|CET)\b/;
