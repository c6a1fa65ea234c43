import { type Claim, claimEach, perLanguage, type Rule } from "../claims.ts";
import { NOT_AFTER_WORD } from "../numerals.ts";

const patterns = perLanguage(({ abbreviations }) => {
  const written = Object.keys(abbreviations)
    .toSorted((a, b) => b.length - a.length)
    .map((short) => {
      const source = short.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/ /g, "[\\s\\u00a0]");
      return /[\p{L}\p{N}]$/u.test(short) ? `${source}(?![\\p{L}\\p{N}])` : source;
    });
  return new RegExp(`${NOT_AFTER_WORD}(?:${written.join("|")})`, "gu");
});

/** "Doctor Smith" but "Main Drive", "Saint Paul" but "Main Street", "number five" but "No. I don't." */
const ENGLISH: readonly (readonly [RegExp, string])[] = [
  [/(?<![\p{L}\p{N}])Dr\.?(?=\s+\p{Lu})(?<!\p{Lu}\p{Ll}+\sDr\.?)/gu, "Doctor"],
  [/(?<=\p{Lu}\p{L}+\s)Dr\.?(?![\p{L}])(?!\s+\p{Lu}\p{Ll}+\s\p{Lu})/gu, "Drive"],
  [/(?<![\p{L}\p{N}])Dr\.(?!\p{L})/gu, "Doctor"],
  [/(?<=(?:\p{Lu}\p{L}+|\d(?:st|nd|rd|th))\s)St\.?(?![\p{L}])(?!\s+\p{Lu}\p{Ll}+['’]s)/gu, "Street"],
  [/(?<![\p{L}\p{N}])St\.(?=\s\p{Lu})/gu, "Saint"],
  [/(?<![\p{L}\p{N}])[Nn]os?\.(?=\s?\d)/gu, "number"],
  [/(?<![\p{L}\p{N}])[Ff]ig\.(?=\s?\d)/gu, "figure"],
  [/(?<![\p{L}\p{N}])[Pp]p?\.(?=\s?\d)/gu, "page"],
];

export const abbreviations: Rule = (text, language) => {
  const isEnglish = language.locale.startsWith("en");
  const special = isEnglish ? ENGLISH.flatMap(([pattern, word]) => claimEach(text, pattern, () => word)) : [];
  const listed = claimEach(text, patterns(language), ([short]) => language.abbreviations[short.replace(/\s/g, " ")]);
  return [...special, ...listed].map((claim) => keepFullStop(claim, text));
};

/** The full stop of an abbreviation that is the last word ends the sentence too. */
function keepFullStop(claim: Claim, text: string): Claim {
  const isLast = claim.end === text.trimEnd().length && text[claim.end - 1] === ".";
  return isLast ? { ...claim, spoken: `${claim.spoken}.` } : claim;
}
