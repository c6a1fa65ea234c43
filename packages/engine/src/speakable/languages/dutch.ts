import { toCardinal, toOrdinal } from "n2words/nl-NL";
import { monthNames } from "./month-names.ts";
import type { SpokenLanguage } from "./spoken-language.ts";

export function dutch(locale: string): SpokenLanguage {
  const cardinal = (value: bigint) => toCardinal(value);
  return {
    locale,
    decimalMark: ",",
    groupsBySpace: false,
    readsFractionAsNumber: false,
    dateOrder: "dmy",
    cardinal,
    counted: cardinal,
    ordinal: (value) => (value > 0n ? toOrdinal(value) : cardinal(value)),
    year: (value) => cardinal(BigInt(value)),
    time: ({ hour, minute }) => `${cardinal(BigInt(hour))} uur${minute === 0 ? "" : ` ${cardinal(BigInt(minute))}`}`,
    date: ({ day, month, year }) =>
      `${cardinal(BigInt(day))} ${monthNames(locale)[month - 1] ?? ""}${
        year === undefined ? "" : ` ${cardinal(BigInt(year))}`
      }`,
    feminine: new Set(),
    currencies: {
      EUR: ["euro", "euro", "cent", "cent"],
      USD: ["dollar", "dollar", "cent", "cent"],
      GBP: ["pond", "pond", "penny", "pence"],
      CHF: ["Zwitserse frank", "Zwitserse frank", "rappen", "rappen"],
      JPY: ["yen", "yen"],
    },
    dollar: "USD",
    joinMoney: (whole, hundredths) => `${whole} ${hundredths.replace(/ \S+$/, "")}`,
    millions: { thousand: "duizend", million: "miljoen", billion: "miljard", trillion: "biljoen" },
    words: {
      point: "komma",
      minus: "min",
      plus: "plus",
      percent: "procent",
      permille: "promille",
      and: "en",
      to: "tot",
      per: "per",
      at: "apenstaartje",
      dot: "punt",
      slash: "slash",
      dash: "streepje",
      underscore: "liggend streepje",
      number: "nummer",
      hashtag: "hashtag",
      equals: "is",
      times: "keer",
      about: "ongeveer",
      degrees: "graden",
    },
    shortMonths: { jan: 1, feb: 2, mrt: 3, apr: 4, jun: 6, jul: 7, aug: 8, sep: 9, sept: 9, okt: 10, nov: 11, dec: 12 },
    fractions: { "1/2": "een half", "1/3": "een derde", "2/3": "twee derde", "1/4": "een kwart", "3/4": "drie kwart" },
    abbreviations: {
      "dhr.": "de heer",
      "mevr.": "mevrouw",
      "dr.": "dokter",
      "Dr.": "Dokter",
      "bijv.": "bijvoorbeeld",
      "d.w.z.": "dat wil zeggen",
      "enz.": "enzovoort",
      "ca.": "circa",
      "nr.": "nummer",
      "tel.": "telefoon",
      "a.u.b.": "alstublieft",
      "i.p.v.": "in plaats van",
    },
    digitsAfter: /\b(?:code|postcode|rekening|bestelling|toestel|pincode|referentie|eindigt op)(?: (?:is))?:? $/i,
    yearAfter: /\b(?:in|sinds|jaar) $/i,
    ordinalEndings: /^(?:e|de|ste)$/i,
  };
}
