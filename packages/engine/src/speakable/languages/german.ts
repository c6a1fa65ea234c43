import { toCardinal, toOrdinal } from "n2words/de-DE";
import { monthNames } from "./month-names.ts";
import type { SpokenLanguage } from "./spoken-language.ts";

export function german(locale: string): SpokenLanguage {
  const cardinal = (value: bigint) => toCardinal(value);
  const counted = (value: bigint, isFeminine: boolean) => cardinal(value).replace(/eins$/, isFeminine ? "eine" : "ein");
  const year = (value: number) => {
    const [century, rest] = [Math.floor(value / 100), value % 100];
    if (century < 11 || century > 19) return cardinal(BigInt(value));
    return `${cardinal(BigInt(century))}hundert${rest === 0 ? "" : cardinal(BigInt(rest))}`;
  };
  return {
    locale,
    decimalMark: ",",
    groupsBySpace: false,
    readsFractionAsNumber: false,
    dateOrder: "dmy",
    cardinal,
    counted,
    ordinal: (value) => (value > 0n ? toOrdinal(value) : cardinal(value)),
    year,
    time: ({ hour, minute }) =>
      `${hour === 1 ? "ein" : cardinal(BigInt(hour))} Uhr${minute === 0 ? "" : ` ${cardinal(BigInt(minute))}`}`,
    date: ({ day, month, year: inYear }, before) => {
      const name = monthNames(locale)[month - 1] ?? "";
      return `${toOrdinal(day)}${endingAfter(before)} ${name}${inYear === undefined ? "" : ` ${year(inYear)}`}`;
    },
    feminine: new Set(["hour", "minute", "second", "week", "mile", "ounce"]),
    currencies: {
      EUR: ["Euro", "Euro", "Cent", "Cent"],
      USD: ["Dollar", "Dollar", "Cent", "Cent"],
      GBP: ["Pfund", "Pfund", "Penny", "Pence"],
      CHF: ["Franken", "Franken", "Rappen", "Rappen"],
      JPY: ["Yen", "Yen"],
    },
    dollar: "USD",
    joinMoney: (whole, hundredths) => `${whole} ${hundredths.replace(/ (?:Cent|Pence|Penny|Rappen)$/, "")}`,
    millions: { thousand: "tausend", million: "Millionen", billion: "Milliarden", trillion: "Billionen" },
    words: {
      point: "Komma",
      minus: "minus",
      plus: "plus",
      percent: "Prozent",
      permille: "Promille",
      and: "und",
      to: "bis",
      per: "pro",
      at: "ät",
      dot: "Punkt",
      slash: "Schrägstrich",
      dash: "Minus",
      underscore: "Unterstrich",
      number: "Nummer",
      hashtag: "Hashtag",
      equals: "gleich",
      times: "mal",
      about: "ungefähr",
      degrees: "Grad",
    },
    shortMonths: {
      jan: 1,
      feb: 2,
      mär: 3,
      mrz: 3,
      apr: 4,
      jun: 6,
      jul: 7,
      aug: 8,
      sep: 9,
      sept: 9,
      okt: 10,
      nov: 11,
      dez: 12,
    },
    fractions: {
      "1/2": "ein halb",
      "1/3": "ein Drittel",
      "2/3": "zwei Drittel",
      "1/4": "ein Viertel",
      "3/4": "drei Viertel",
    },
    abbreviations: {
      "z. B.": "zum Beispiel",
      "z.B.": "zum Beispiel",
      "d.h.": "das heißt",
      "d. h.": "das heißt",
      "u.a.": "unter anderem",
      "bzw.": "beziehungsweise",
      "usw.": "und so weiter",
      "ca.": "circa",
      "inkl.": "inklusive",
      "zzgl.": "zuzüglich",
      "ggf.": "gegebenenfalls",
      "Nr.": "Nummer",
      "Dr.": "Doktor",
      "Hr.": "Herr",
      "Fr.": "Frau",
      "Tel.": "Telefon",
      "Mio.": "Millionen",
      "Mrd.": "Milliarden",
    },
    digitsAfter:
      /\b(?:Nummer|Nr\.|Code|PIN|PLZ|Postleitzahl|Konto|Bestellung|Durchwahl|Referenz|endet auf)(?: (?:ist|lautet))?:? $/i,
    yearAfter: /\b(?:Jahr|Jahre|Jahres|seit|Sommer|Winter|Frühjahr|Herbst|Anno) $/i,
    ordinalEndings: /^$/,
  };
}

/** "am dritten", "der dritte", "dritter". */
function endingAfter(before: string): string {
  if (/^(?:am|vom|zum|beim|den|dem|im|bis|ab|seit)$/i.test(before)) return "n";
  return /^(?:der|die|das)$/i.test(before) ? "" : "r";
}
