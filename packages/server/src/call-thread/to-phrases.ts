const OPENING =
  /^(?:if|when|once|as soon as)?\s*(?:(?:the|a) (?:caller|customer|user|client|patient|guest)|they|somebody|someone)?\s*(?:wants?|would like|wishes|asks?|needs?|is interested|calls?|mentions?|says?)?\s*(?:to|for|about|in|that)?\s*/i;
const BEFORE_NOUN = /^.*\b(?:an?|the|about|for|of|their|some)\s+/;
const MIN_CHARACTERS = 5;

/**
 * What a caller may say of what a description tells: "The caller wants to book an appointment" gives "book an
 * appointment" and "appointment". For the built-in language model, which knows no paraphrase.
 */
export function toPhrases(description: string): string[] {
  const [first = ""] = description.split(/[.;,(]/);
  const rest = first.replace(OPENING, "").trim().toLowerCase();
  return [...new Set([rest, rest.replace(BEFORE_NOUN, "")])].filter((phrase) => phrase.length >= MIN_CHARACTERS);
}
