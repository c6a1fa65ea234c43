import { GERMAN } from "./de.ts";
import { ENGLISH } from "./en.ts";
import { SPANISH } from "./es.ts";
import { FRENCH } from "./fr.ts";
import { ITALIAN } from "./it.ts";
import { DUTCH } from "./nl.ts";
import { PORTUGUESE } from "./pt.ts";
import { phrases, type Vocabulary } from "./vocabulary.ts";

const NEVER = /(?!)/;

/** Of a language that we don't know: sounds that mean the same nearly everywhere. Voice activity decides the rest. */
const UNKNOWN: Vocabulary = {
  dangling: new Set(),
  mayEnd: new Set(),
  neverEnds: new Set(),
  hesitations: new Set(),
  backchannels: new Set(phrases("mm, mhm, mm hmm, hm, hmm, uh huh, aha, ah, ok, okay")),
  commands: ["stop"],
  closings: [],
  holds: [],
  negations: new Set(),
  digits: new Map(),
  months: new Set(),
  days: new Set(),
  at: new Set(),
  dot: new Set(),
  streets: NEVER,
  asks: { email: NEVER, spelling: NEVER, phone: NEVER, number: NEVER, address: NEVER, date: NEVER },
  continuers: ["Mm-hmm."],
  machines: [],
  screeners: [],
  connecting: [],
  people: [],
};

const VOCABULARIES: Readonly<Record<string, Vocabulary>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  it: ITALIAN,
  pt: PORTUGUESE,
  nl: DUTCH,
};

/** `language`: BCP 47; its region doesn't matter. */
export function findVocabulary(language: string): Vocabulary {
  return VOCABULARIES[language.split("-")[0]?.toLowerCase() ?? ""] ?? UNKNOWN;
}
