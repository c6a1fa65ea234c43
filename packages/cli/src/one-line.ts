const MAX_CHARACTERS = 60;

/** The beginning of a text, as fits into a table. */
export function oneLine(text: string): string {
  const characters = [...text.trim().replace(/\s+/g, " ")];
  if (characters.length <= MAX_CHARACTERS) return characters.join("");
  return `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}
