import { toCardinal, toOrdinal } from "n2words/es-ES";
import { monthNames } from "./month-names.ts";
import type { Half, SpokenLanguage } from "./spoken-language.ts";

/** Countries that write decimals with a point, and call their money peso. */
const POINT_COUNTRIES = /-(?:MX|US|PR|GT|HN|NI|PA|PE|DO|SV)\b/i;
const PESO_COUNTRIES = /-(?:MX|AR|CO|CL|UY|DO|CU|419)\b/i;

export function spanish(locale: string): SpokenLanguage {
  const cardinal = (value: bigint) => toCardinal(value);
  const counted = (value: bigint, isFeminine: boolean) =>
    isFeminine
      ? cardinal(value)
          .replace(/uno$/, "una")
          .replace(/cientos\b/g, "cientas")
      : cardinal(value)
          .replace(/veintiuno$/, "veintiún")
          .replace(/\buno$/, "un");
  return {
    locale,
    decimalMark: POINT_COUNTRIES.test(locale) ? "." : ",",
    groupsBySpace: false,
    readsFractionAsNumber: true,
    dateOrder: "dmy",
    cardinal,
    counted,
    ordinal: (value) => (value > 0n ? toOrdinal(value) : cardinal(value)),
    year: (value) => cardinal(BigInt(value)),
    time: ({ hour, minute, half }) => {
      const minutes = minute === 0 ? "" : ` ${cardinal(BigInt(minute))}`;
      const alone = hour > 12 && minute === 0 ? " horas" : "";
      return `${counted(BigInt(hour), true)}${minutes}${half === undefined ? alone : partOfDay(hour, half)}`;
    },
    date: ({ day, month, year }) =>
      `${day === 1 ? "uno" : cardinal(BigInt(day))} de ${monthNames(locale)[month - 1] ?? ""}${
        year === undefined ? "" : ` de ${cardinal(BigInt(year))}`
      }`,
    feminine: new Set(["hour", "week", "pound", "mile", "ounce", "yard", "GBP"]),
    currencies: {
      EUR: ["euro", "euros", "céntimo", "céntimos"],
      USD: ["dólar", "dólares", "centavo", "centavos"],
      GBP: ["libra", "libras", "penique", "peniques"],
      CHF: ["franco suizo", "francos suizos", "céntimo", "céntimos"],
      MXN: ["peso", "pesos", "centavo", "centavos"],
      JPY: ["yen", "yenes"],
    },
    dollar: PESO_COUNTRIES.test(locale) ? "MXN" : "USD",
    joinMoney: (whole, hundredths) => `${whole} con ${hundredths.replace(/ \S+$/, "")}`,
    millions: { thousand: "mil", million: "millones", billion: "mil millones", trillion: "billones" },
    words: {
      point: POINT_COUNTRIES.test(locale) ? "punto" : "coma",
      minus: "menos",
      plus: "más",
      percent: "por ciento",
      permille: "por mil",
      and: "y",
      to: "a",
      per: "por",
      at: "arroba",
      dot: "punto",
      slash: "barra",
      dash: "guion",
      underscore: "guion bajo",
      number: "número",
      hashtag: "hashtag",
      equals: "igual a",
      times: "por",
      about: "unos",
      degrees: "grados",
    },
    shortMonths: { ene: 1, feb: 2, abr: 4, jun: 6, jul: 7, ago: 8, sept: 9, oct: 10, nov: 11, dic: 12 },
    fractions: {
      "1/2": "un medio",
      "1/3": "un tercio",
      "2/3": "dos tercios",
      "1/4": "un cuarto",
      "3/4": "tres cuartos",
    },
    abbreviations: {
      "Sr.": "Señor",
      "Sra.": "Señora",
      "Srta.": "Señorita",
      "Dr.": "Doctor",
      "Dra.": "Doctora",
      "Ud.": "usted",
      "Uds.": "ustedes",
      "p. ej.": "por ejemplo",
      "p.ej.": "por ejemplo",
      "etc.": "etcétera",
      "Avda.": "Avenida",
      "Av.": "Avenida",
      "núm.": "número",
      "n.º": "número",
      "tel.": "teléfono",
    },
    digitsAfter: /\b(?:código|referencia|pedido|cuenta|extensión|postal|PIN|termina en)(?: (?:es|postal))?:? $/i,
    yearAfter: /\b(?:año|desde|en el) $/i,
    ordinalEndings: /^\.?[ºªoa]$/i,
  };
}

function partOfDay(hour: number, half: Half): string {
  if (half === "am") return " de la mañana";
  return hour % 12 < 8 ? " de la tarde" : " de la noche";
}
