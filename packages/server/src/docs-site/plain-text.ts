import type { Token } from "marked";

/** The words of a token, without marks and links. */
export function plainText(token: Token): string {
  if ("tokens" in token && token.tokens !== undefined && token.tokens.length > 0)
    return token.tokens.map(plainText).join("").replace(/\s+/g, " ");
  return decodeEntities("text" in token ? String(token.text) : token.raw);
}

function decodeEntities(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}
