import { type Claim, claimEach, type Rule } from "../claims.ts";
import type { SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, sayDigits } from "../numerals.ts";

/** More of a path is not worth hearing. */
const MAX_PATH_PARTS = 3;
const ENDINGS =
  "com|org|net|edu|gov|info|biz|dev|app|io|ai|co|me|tv|xyz|shop|store|online|site|tech|health|care|cloud|blog|eu|us|uk|ca|au|de|at|ch|fr|es|it|pt|nl|be|br|mx|ie|nz|se|no|dk|fi|pl|in|jp";
const SAID_ENDINGS = /^(?:com|org|net|info|biz|dev|app|shop|store|online|site|tech|health|care|cloud|blog|gov|xyz)$/;

const EMAIL = new RegExp(`${NOT_AFTER_WORD}(?:mailto:)?([\\w.+-]{1,64})@([\\w-]+(?:\\.[\\w-]+)+)`, "gu");
const URL_WITH_SCHEME =
  /\b(?:https?|ftp|wss?):\/\/(?:www\.)?([\w-]+(?:\.[\w-]+)*)(?::\d+)?((?:\/[^\s?#]*)?)(?:[?#]\S*)?/giu;
const BARE = new RegExp(
  `${NOT_AFTER_WORD}(?:www\\.)?((?:[a-z0-9-]+\\.)+(?:${ENDINGS}))((?:/[^\\s?#]*)?)(?:[?#]\\S*)?(?![\\p{L}\\p{N}@])`,
  "gu",
);

/** "earshot dot dev slash docs", "info at earshot dot dev". */
export const addresses: Rule = (text, language) => [
  ...claimEach(text, EMAIL, ([, local = "", domain = ""]) => {
    const { words } = language;
    return `${spellOut(local, language)} ${words.at} ${sayDomain(domain, language)}`;
  }),
  ...[URL_WITH_SCHEME, BARE].flatMap((pattern) => claimUrls(text, pattern, language)),
];

/** Without the full stop or the bracket that ends the sentence around it. */
function claimUrls(text: string, pattern: RegExp, language: SpokenLanguage): Claim[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [whole, host = "", path = ""] = match;
    const tail = /[.,;:!?)\]"']*$/.exec(whole)?.[0] ?? "";
    const parts = path
      .replace(/[.,;:!?)\]"']*$/, "")
      .split("/")
      .filter((part) => part !== "")
      .slice(0, MAX_PATH_PARTS)
      .map((part) => ` ${language.words.slash} ${spellOut(part, language)}`);
    const spoken = sayDomain(host, language) + parts.join("");
    return { start: match.index, end: match.index + whole.length - tail.length, spoken };
  });
}

function sayDomain(domain: string, language: SpokenLanguage): string {
  const labels = domain.split(".");
  const isKnown = (label: string) => SAID_ENDINGS.test(label.toLowerCase()) || label.length > 3;
  return labels
    .map((label, index) =>
      index === labels.length - 1 && index > 0 && !isKnown(label)
        ? Array.from(label.toUpperCase()).join(" ")
        : spellOut(label, language),
    )
    .join(` ${language.words.dot} `);
}

/** Words stay words, signs are named, digits are read one by one. */
function spellOut(text: string, language: SpokenLanguage): string {
  const { dot, dash, underscore, plus, equals, percent, and, at } = language.words;
  const signs: Readonly<Record<string, string>> = {
    ".": dot,
    "-": dash,
    _: underscore,
    "+": plus,
    "=": equals,
    "%": percent,
    "&": and,
    "@": at,
  };
  const parts = text.match(/\d+|\p{L}+|[^\p{L}\d]/gu) ?? [];
  return parts
    .map((part) => (/^\d/.test(part) ? sayDigits(part, language) : (signs[part] ?? (/^\p{L}/u.test(part) ? part : ""))))
    .filter((part) => part !== "")
    .join(" ");
}
