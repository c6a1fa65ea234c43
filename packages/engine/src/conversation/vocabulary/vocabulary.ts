/** The words by which a language shows who wants the floor. All in small letters, without punctuation. */
export type Vocabulary = {
  /** After these a sentence goes on. */
  readonly dangling: ReadonlySet<string>;
  /** Of those, words (and pairs of words, where only the pair does) that also end sentences: with a full stop behind them they are believed. */
  readonly mayEnd: ReadonlySet<string>;
  /** Of those, words that end nothing at all, not even a question. */
  readonly neverEnds: ReadonlySet<string>;
  /** "um": the speaker is looking for words and keeps the floor. */
  readonly hesitations: ReadonlySet<string>;
  /** Whole phrases that say "I follow", without wanting the floor. */
  readonly backchannels: ReadonlySet<string>;
  /** Beginnings of what a caller says to stop the agent. */
  readonly commands: readonly string[];
  /** Phrases that complete a turn, whatever is missing in front of them. */
  readonly closings: readonly string[];
  /** "one moment": the caller is away for a while, and comes back. */
  readonly holds: readonly string[];
  /** What is said instead of what was asked for: "I don't have it". */
  readonly negations: ReadonlySet<string>;
  readonly digits: ReadonlyMap<string, number>;
  readonly months: ReadonlySet<string>;
  /** Words that say which day, without a month. */
  readonly days: ReadonlySet<string>;
  /** How an e-mail address is spoken: "at" and "dot". */
  readonly at: ReadonlySet<string>;
  readonly dot: ReadonlySet<string>;
  /** Names for streets, after which an address may be complete. */
  readonly streets: RegExp;
  /** What a question of the agent asks for. */
  readonly asks: Readonly<Record<Dictation, RegExp>>;
  /** What the agent says to show that it follows. */
  readonly continuers: readonly string[];
  /** Parts of an answering machine's greeting. */
  readonly machines: readonly RegExp[];
  /** Parts of what a call screener says. */
  readonly screeners: readonly RegExp[];
  /** Of a screener that has been answered: somebody is being fetched. */
  readonly connecting: readonly RegExp[];
  /** What only somebody says who has picked up the phone and wants an answer. */
  readonly people: readonly RegExp[];
};

/** Things that people say in pieces, with pauses in between. */
export type Dictation = "email" | "spelling" | "phone" | "number" | "address" | "date";

export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

export function phrases(text: string): string[] {
  return text
    .split(",")
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== "");
}

/** "zero oh, one, two …": the n-th entry's words mean the digit n. */
export function digitWords(text: string): ReadonlyMap<string, number> {
  const digits = new Map<string, number>();
  for (const [digit, names] of phrases(text).entries()) for (const name of names.split(" ")) digits.set(name, digit);
  return digits;
}
