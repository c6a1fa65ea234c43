/** Cuts a stream of text into pieces that can be spoken on their own, each as early as its end is certain. */

/** Longer text without an end is cut at a comma or a space, so that speech starts. */
const MAX_PIECE_CHARS = 240;
const ABBREVIATION = /(?:^|\s)(?:mr|mrs|ms|dr|st|no|vs|etc|e\.g|i\.e|a\.m|p\.m|inc|ltd|[a-z])\.$/i;

export class SentenceSplitter {
  #rest = "";

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

  /** What is left when the stream has ended. */
  flush(): string[] {
    const last = this.#rest.trim();
    this.#rest = "";
    return last === "" ? [] : [last];
  }

  #findEnd(): number {
    // A mark is an end only with white space behind it: "3.5", "example.com" and a stream cut inside "..." are not.
    for (const match of this.#rest.matchAll(/[.!?…]+["')\]]*(?=\s)|\n/g)) {
      const end = match.index + match[0].length;
      if (!ABBREVIATION.test(this.#rest.slice(0, end).trimEnd())) return end;
    }
    if (this.#rest.length <= MAX_PIECE_CHARS) return 0;
    const head = this.#rest.slice(0, MAX_PIECE_CHARS);
    const comma = Math.max(head.lastIndexOf(", "), head.lastIndexOf("; "), head.lastIndexOf(": "));
    return (comma > 0 ? comma : Math.max(head.lastIndexOf(" "), MAX_PIECE_CHARS - 1)) + 1;
  }
}
