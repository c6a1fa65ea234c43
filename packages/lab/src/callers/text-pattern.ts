/** A text that is looked for: words, whatever their case and punctuation, or a regular expression between slashes. */
export type TextPattern = { readonly source: string; readonly isIn: (text: string) => boolean };

/** @throws SyntaxError for a broken regular expression */
export function parsePattern(source: string): TextPattern {
  const [, expression, flags] = /^\/(.+)\/([a-z]*)$/s.exec(source) ?? [];
  if (expression !== undefined) {
    const regExp = new RegExp(expression, (flags ?? "").replace(/[gy]/g, "") || "i");
    return { source, isIn: (text) => regExp.test(text) };
  }
  const words = toPlainWords(source);
  return { source, isIn: (text) => ` ${toPlainWords(text)} `.includes(` ${words} `) };
}

/** Lower case, without punctuation, one space between words. */
function toPlainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’']/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
