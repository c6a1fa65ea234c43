import * as european from "n2words/pt-PT";
import { monthNames } from "./month-names.ts";
import type { SpokenLanguage } from "./spoken-language.ts";

const BRAZILIAN: Readonly<Record<string, string>> = {
  dezasseis: "dezesseis",
  dezassete: "dezessete",
  dezanove: "dezenove",
};

/** Brazil's Portuguese but for "pt-PT" and its like. */
export function portuguese(locale: string): SpokenLanguage {
  const isBrazilian = /^pt(?:-BR)?$/i.test(locale);
  const cardinal = (value: bigint) => {
    const words = european.toCardinal(value);
    return isBrazilian ? words.replace(/\bdez(?:asseis|assete|anove)\b/g, (word) => BRAZILIAN[word] ?? word) : words;
  };
  const counted = (value: bigint, isFeminine: boolean) =>
    isFeminine
      ? cardinal(value)
          .replace(/\bum$/, "uma")
          .replace(/\bdois$/, "duas")
          .replace(/entos\b/g, "entas")
      : cardinal(value);
  return {
    locale,
    decimalMark: ",",
    groupsBySpace: false,
    readsFractionAsNumber: true,
    dateOrder: "dmy",
    cardinal,
    counted,
    ordinal: (value) => (value > 0n ? european.toOrdinal(value) : cardinal(value)),
    year: (value) => cardinal(BigInt(value)),
    time: ({ hour, minute }) =>
      minute === 0
        ? `${counted(BigInt(hour), true)} ${hour === 1 ? "hora" : "horas"}`
        : `${counted(BigInt(hour), true)} e ${cardinal(BigInt(minute))}`,
    date: ({ day, month, year }) =>
      `${day === 1 ? "primeiro" : cardinal(BigInt(day))} de ${monthNames(locale)[month - 1] ?? ""}${
        year === undefined ? "" : ` de ${cardinal(BigInt(year))}`
      }`,
    feminine: new Set(["hour", "week", "pound", "mile", "ounce", "GBP"]),
    currencies: {
      EUR: ["euro", "euros", isBrazilian ? "centavo" : "cêntimo", isBrazilian ? "centavos" : "cêntimos"],
      BRL: ["real", "reais", "centavo", "centavos"],
      USD: ["dólar", "dólares", "centavo", "centavos"],
      GBP: ["libra", "libras", "pêni", "pence"],
      CHF: ["franco suíço", "francos suíços", "cêntimo", "cêntimos"],
      JPY: ["iene", "ienes"],
    },
    dollar: "USD",
    joinMoney: (whole, hundredths) => `${whole} e ${hundredths}`,
    millions: {
      thousand: "mil",
      million: "milhões",
      billion: isBrazilian ? "bilhões" : "mil milhões",
      trillion: isBrazilian ? "trilhões" : "biliões",
    },
    words: {
      point: "vírgula",
      minus: "menos",
      plus: "mais",
      percent: "por cento",
      permille: "por mil",
      and: "e",
      to: "a",
      per: "por",
      at: "arroba",
      dot: "ponto",
      slash: "barra",
      dash: "hífen",
      underscore: "underline",
      number: "número",
      hashtag: "hashtag",
      equals: "igual a",
      times: "vezes",
      about: "cerca de",
      degrees: "graus",
    },
    shortMonths: { jan: 1, fev: 2, abr: 4, mai: 5, jun: 6, jul: 7, ago: 8, set: 9, out: 10, nov: 11, dez: 12 },
    fractions: { "1/2": "meio", "1/3": "um terço", "2/3": "dois terços", "1/4": "um quarto", "3/4": "três quartos" },
    abbreviations: {
      "Sr.": "Senhor",
      "Sra.": "Senhora",
      "Dr.": "Doutor",
      "Dra.": "Doutora",
      "p. ex.": "por exemplo",
      "p.ex.": "por exemplo",
      "etc.": "etcétera",
      "Av.": "Avenida",
      "n.º": "número",
      nº: "número",
      "tel.": "telefone",
    },
    digitsAfter: /\b(?:código|referência|pedido|conta|ramal|CEP|PIN|protocolo|termina em)(?: (?:é|postal))?:? $/i,
    yearAfter: /\b(?:ano|desde|em) $/i,
    ordinalEndings: /^\.?[ºªoa]$/i,
  };
}
