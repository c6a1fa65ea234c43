/** Takes away what is made for eyes: Markdown, HTML, emoji. The words stay, in order. */

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

const RULES: readonly (readonly [RegExp, string])[] = [
  // Blocks: fences, rules and table borders, then what begins a line.
  [/^[ \t]*(?:`{3,}|~{3,})[\w+-]*[ \t]*$/gm, ""],
  [/`{3,}\w*/g, ""],
  [/^[ \t]*(?:[-*_=][ \t]*){3,}$/gm, ""],
  [/^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$/gm, ""],
  [/^[ \t]*#{1,6}[ \t]+/gm, ""],
  [/^[ \t]*(?:>[ \t]?)+/gm, ""],
  [/^[ \t]*[-*+•‣▪◦][ \t]+(?:\[[ xX]\][ \t]+)?/gm, ""],
  // Notes, then links and images: their words.
  [/\[\^?\d{1,3}\]|【[^【】]{0,40}】/g, ""],
  [/!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, "$1"],
  [/!?\[([^[\]]+)\]\[[^[\]]*\]/g, "$1"],
  [/<(https?:\/\/[^<>\s]+|[^<>\s@]+@[^<>\s]+)>/g, "$1"],
  // HTML.
  [/<br\s*\/?>/gi, " "],
  [/<!--[^<>]*-->/g, ""],
  [/<\/?[a-z][a-z0-9:-]*(?:\s[^<>]{0,300})?\/?>/gi, ""],
  // Emphasis, in pairs or left over from a cut.
  [/(\*\*|__|~~)(?=\S)/g, ""],
  [/(?<=\S)(\*\*|__|~~)/g, ""],
  [/(?<![\p{L}\p{N}*])\*(?=[^\s*])/gu, ""],
  [/(?<=[^\s*])\*(?![\p{L}\p{N}*])/gu, ""],
  [/(?<![\p{L}\p{N}_])_(?=[^\s_])/gu, ""],
  [/(?<=[^\s_])_(?![\p{L}\p{N}_])/gu, ""],
  [/`+/g, ""],
  [/\\([\\`*_{}[\]()#+\-.!|>~])/g, "$1"],
  // Signs for eyes only.
  [/[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\u{E0020}-\u{E007F}]|[\u{FE0E}\u{FE0F}]|\u{20E3}|\u{200D}/gu, ""],
  [/(?![\d#*©®™↔→⇒])\p{Extended_Pictographic}/gu, ""],
  [/[©®™\u200B-\u200F\u2028-\u202E\u2060-\u2064\uFEFF\uFFFC\uFFFD]/g, ""],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken away.
  [/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g, ""],
];

/** What one removal uncovers the next one sees; more rounds than this only nonsense needs. */
const MAX_ROUNDS = 6;

export function removeMarkup(text: string): string {
  let before = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const after = once(before);
    if (after === before) return after;
    before = after;
  }
  return before;
}

function once(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return readTables(clean)
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? "'")
    .replace(/\s+/g, " ")
    .trim();
}

/** A row of a table is read as a list of its cells. */
function readTables(text: string): string {
  return text.replace(/^[ \t]*\|(.*)\|[ \t]*$/gm, (_, row: string) =>
    row
      .split("|")
      .map((cell) => cell.trim())
      .filter((cell) => cell !== "")
      .join(", "),
  );
}
