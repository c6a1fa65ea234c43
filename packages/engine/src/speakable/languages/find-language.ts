import { dutch } from "./dutch.ts";
import { english } from "./english.ts";
import { french } from "./french.ts";
import { german } from "./german.ts";
import { italian } from "./italian.ts";
import { portuguese } from "./portuguese.ts";
import { spanish } from "./spanish.ts";
import type { SpokenLanguage } from "./spoken-language.ts";

const MAKERS: Readonly<Record<string, (locale: string) => SpokenLanguage>> = {
  de: german,
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  nl: dutch,
  pt: portuguese,
};

const made = new Map<string, SpokenLanguage | undefined>();
/** Tags come from settings: what is remembered of them stays small. */
const MAX_REMEMBERED = 200;

/** The rules of a BCP 47 tag; undefined when numbers are left to the voice. */
export function findLanguage(tag: string): SpokenLanguage | undefined {
  if (made.has(tag)) return made.get(tag);
  if (made.size >= MAX_REMEMBERED) made.clear();
  const language = MAKERS[tag.toLowerCase().split("-")[0] ?? ""]?.(toLocale(tag));
  made.set(tag, language);
  return language;
}

/** A tag that Intl doesn't take is cut to its language. */
function toLocale(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    return tag.toLowerCase().split("-")[0] ?? "en";
  }
}
