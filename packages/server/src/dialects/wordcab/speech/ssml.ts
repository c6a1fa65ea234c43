/** Speech Synthesis Markup Language as far as our voices understand it: its words. */

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function isSsml(text: string): boolean {
  return /^\s*<speak[\s>]/.test(text);
}

/** The text of a document: substitutes as they are to be said, paragraphs and pauses as the ends of sentences. */
export function toSpokenText(ssml: string): string {
  return ssml
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/<sub\s[^>]*?alias\s*=\s*"([^"<]*)"[^>]*>[^<]*<\/sub\s*>/g, "$1")
    .replaceAll(/<\/(?:p|s)\s*>|<break[^>]*>/g, "\n")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,4});/gi, toCharacter)
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .map((line) => (/[.!?,;:…]$/.test(line) ? line : `${line}.`))
    .join(" ");
}

function toCharacter(whole: string, name: string): string {
  if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isCharacter = code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "";
}
