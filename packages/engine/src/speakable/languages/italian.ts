import { toCardinal, toOrdinal } from "n2words/it-IT";
import { monthNames } from "./month-names.ts";
import type { SpokenLanguage } from "./spoken-language.ts";

export function italian(locale: string): SpokenLanguage {
  const cardinal = (value: bigint) => toCardinal(value);
  const counted = (value: bigint, isFeminine: boolean) => cardinal(value).replace(/^uno$/, isFeminine ? "una" : "un");
  return {
    locale,
    decimalMark: ",",
    groupsBySpace: false,
    readsFractionAsNumber: true,
    dateOrder: "dmy",
    cardinal,
    counted,
    ordinal: (value) => (value > 0n ? toOrdinal(value) : cardinal(value)),
    year: (value) => cardinal(BigInt(value)),
    time: ({ hour, minute }) =>
      `${hour === 1 ? "una" : cardinal(BigInt(hour))}${minute === 0 ? "" : ` e ${cardinal(BigInt(minute))}`}`,
    date: ({ day, month, year }) =>
      `${day === 1 ? "primo" : cardinal(BigInt(day))} ${monthNames(locale)[month - 1] ?? ""}${
        year === undefined ? "" : ` ${cardinal(BigInt(year))}`
      }`,
    feminine: new Set(["hour", "week", "pound", "ounce", "yard", "GBP"]),
    currencies: {
      EUR: ["euro", "euro", "centesimo", "centesimi"],
      USD: ["dollaro", "dollari", "centesimo", "centesimi"],
      GBP: ["sterlina", "sterline", "penny", "pence"],
      CHF: ["franco svizzero", "franchi svizzeri", "centesimo", "centesimi"],
      JPY: ["yen", "yen"],
    },
    dollar: "USD",
    joinMoney: (whole, hundredths) => `${whole} e ${hundredths.replace(/ \S+$/, "")}`,
    millions: { thousand: "mila", million: "milioni", billion: "miliardi", trillion: "bilioni" },
    words: {
      point: "virgola",
      minus: "meno",
      plus: "più",
      percent: "per cento",
      permille: "per mille",
      and: "e",
      to: "a",
      per: "al",
      at: "chiocciola",
      dot: "punto",
      slash: "barra",
      dash: "trattino",
      underscore: "trattino basso",
      number: "numero",
      hashtag: "hashtag",
      equals: "uguale",
      times: "per",
      about: "circa",
      degrees: "gradi",
    },
    shortMonths: { gen: 1, feb: 2, mar: 3, apr: 4, mag: 5, giu: 6, lug: 7, ago: 8, set: 9, ott: 10, nov: 11, dic: 12 },
    fractions: { "1/2": "un mezzo", "1/3": "un terzo", "2/3": "due terzi", "1/4": "un quarto", "3/4": "tre quarti" },
    abbreviations: {
      "Sig.": "Signor",
      "Sig.ra": "Signora",
      "Dott.": "Dottor",
      "Dr.": "Dottor",
      "Ing.": "Ingegner",
      "Avv.": "Avvocato",
      "p.es.": "per esempio",
      "ad es.": "ad esempio",
      "ecc.": "eccetera",
      "tel.": "telefono",
      "n.": "numero",
    },
    digitsAfter: /\b(?:codice|riferimento|ordine|conto|interno|CAP|PIN|pratica|termina con)(?: (?:è))?:? $/i,
    yearAfter: /\b(?:nel|dal|anno) $/i,
    ordinalEndings: /^[º°ª]$/i,
  };
}
