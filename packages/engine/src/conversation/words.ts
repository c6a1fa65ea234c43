/** What words tell about a turn. English for now: other languages fall back to voice activity alone. */

const DANGLING = new Set(
  (
    "a an the my your his her our their this that these those to of for with from in on at by into about as and or but " +
    "so because if when while although unless until since than then i we they he she are was were am be been do does did " +
    "have has had can could will would shall should may might must very really just uh um er erm like want need " +
    "know tell let who which where some no"
  ).split(" "),
);
/** Words of the list above that often end a sentence; with a full stop behind them they are believed. */
const ENDS_WHEN_PUNCTUATED = new Set(
  "that this those these are was were am do does did can could will would in on".split(" "),
);

const BACKCHANNELS = new Set([
  "mm",
  "mhm",
  "mm hmm",
  "mmhmm",
  "hm",
  "hmm",
  "uh huh",
  "uhhuh",
  "aha",
  "ah",
  "oh",
  "yeah",
  "yep",
  "yes",
  "right",
  "okay",
  "ok",
  "sure",
  "i see",
  "got it",
  "yeah yeah",
  "okay okay",
  "oh okay",
]);

/** Joins two pieces of speech by one space. */
export function joinWords(first: string, second: string): string {
  const tail = second.trim();
  if (first === "") return tail;
  return tail === "" ? first : `${first} ${tail}`;
}

/** Whether a speaker who stops here has probably more to say. */
export function soundsUnfinished(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "") return false;
  if (/(?:[,;:–-]|\.\.\.|…)$/.test(trimmed)) return true;
  const isPunctuated = /[.?!]["')]?$/.test(trimmed);
  const last = plainWords(trimmed).at(-1) ?? "";
  if (!DANGLING.has(last)) return false;
  return !(isPunctuated && ENDS_WHEN_PUNCTUATED.has(last)) && !trimmed.endsWith("?");
}

/** Whether the listener only signals that they follow, without wanting the floor. */
export function isBackchannel(text: string): boolean {
  return BACKCHANNELS.has(plainWords(text).join(" "));
}

export function countWords(text: string): number {
  return plainWords(text).length;
}

function plainWords(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}' ]/gu, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
}
