import { toCardinal, toOrdinal } from "n2words/fr-FR";
import { monthNames } from "./month-names.ts";
import type { SpokenLanguage } from "./spoken-language.ts";

export function french(locale: string): SpokenLanguage {
  const cardinal = (value: bigint) => toCardinal(value);
  const counted = (value: bigint, isFeminine: boolean) =>
    isFeminine ? cardinal(value).replace(/\bun$/, "une") : cardinal(value);
  return {
    locale,
    decimalMark: ",",
    groupsBySpace: true,
    readsFractionAsNumber: true,
    dateOrder: "dmy",
    cardinal,
    counted,
    ordinal: (value) => (value > 0n ? toOrdinal(value) : cardinal(value)),
    year: (value) => cardinal(BigInt(value)),
    time: ({ hour, minute }) =>
      `${counted(BigInt(hour), true)} ${hour < 2 ? "heure" : "heures"}${minute === 0 ? "" : ` ${counted(BigInt(minute), true)}`}`,
    date: ({ day, month, year }) =>
      `${day === 1 ? "premier" : cardinal(BigInt(day))} ${monthNames(locale)[month - 1] ?? ""}${
        year === undefined ? "" : ` ${cardinal(BigInt(year))}`
      }`,
    feminine: new Set(["hour", "minute", "second", "week", "pound", "ounce", "GBP"]),
    currencies: {
      EUR: ["euro", "euros", "centime", "centimes"],
      USD: ["dollar", "dollars", "cent", "cents"],
      GBP: ["livre", "livres", "penny", "pence"],
      CHF: ["franc", "francs", "centime", "centimes"],
      CAD: ["dollar canadien", "dollars canadiens", "cent", "cents"],
      JPY: ["yen", "yens"],
    },
    dollar: /-CA\b/.test(locale) ? "CAD" : "USD",
    joinMoney: (whole, hundredths) => `${whole} ${hundredths.replace(/ \S+$/, "")}`,
    millions: { thousand: "mille", million: "millions", billion: "milliards", trillion: "billions" },
    words: {
      point: "virgule",
      minus: "moins",
      plus: "plus",
      percent: "pour cent",
      permille: "pour mille",
      and: "et",
      to: "à",
      per: "par",
      at: "arobase",
      dot: "point",
      slash: "slash",
      dash: "tiret",
      underscore: "tiret bas",
      number: "numéro",
      hashtag: "hashtag",
      equals: "égale",
      times: "fois",
      about: "environ",
      degrees: "degrés",
    },
    shortMonths: { janv: 1, févr: 2, avr: 4, juil: 7, sept: 9, oct: 10, nov: 11, déc: 12 },
    fractions: { "1/2": "un demi", "1/3": "un tiers", "2/3": "deux tiers", "1/4": "un quart", "3/4": "trois quarts" },
    abbreviations: {
      "M.": "Monsieur",
      Mme: "Madame",
      Mlle: "Mademoiselle",
      Dr: "Docteur",
      "Dr.": "Docteur",
      "p. ex.": "par exemple",
      "etc.": "et cetera",
      "env.": "environ",
      "tél.": "téléphone",
      "n°": "numéro",
      "N°": "Numéro",
      "av.": "avenue",
    },
    digitsAfter: /\b(?:code|référence|commande|compte|dossier|postal|poste|NIP|numéro de \S+)(?: (?:est))?(?: :|:)? $/i,
    yearAfter: /\b(?:en|depuis|année|an) $/i,
    ordinalEndings: /^(?:ers?|res?|ère|es?|ème|èmes|nd|nde)$/i,
  };
}
