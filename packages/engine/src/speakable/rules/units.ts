import { claimEach, perLanguage, type Rule } from "../claims.ts";
import type { SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD, numberSource, readNumeral, sayCounted, sayNumber } from "../numerals.ts";

/** As they are written, to Intl's names. */
const UNITS: Readonly<Record<string, string>> = {
  km: "kilometer",
  m: "meter",
  cm: "centimeter",
  mm: "millimeter",
  mi: "mile",
  ft: "foot",
  yd: "yard",
  kg: "kilogram",
  g: "gram",
  lb: "pound",
  lbs: "pound",
  oz: "ounce",
  l: "liter",
  L: "liter",
  ml: "milliliter",
  mL: "milliliter",
  gal: "gallon",
  "km/h": "kilometer-per-hour",
  "km/u": "kilometer-per-hour",
  kmh: "kilometer-per-hour",
  kph: "kilometer-per-hour",
  mph: "mile-per-hour",
  "m/s": "meter-per-second",
  mpg: "mile-per-gallon",
  "°C": "celsius",
  "°F": "fahrenheit",
  h: "hour",
  hr: "hour",
  hrs: "hour",
  min: "minute",
  mins: "minute",
  sec: "second",
  secs: "second",
  ms: "millisecond",
  kB: "kilobyte",
  KB: "kilobyte",
  MB: "megabyte",
  GB: "gigabyte",
  TB: "terabyte",
  Mbps: "megabit-per-second",
  "Mbit/s": "megabit-per-second",
  Gbps: "gigabit-per-second",
  ha: "hectare",
};
/** Those that Intl doesn't name; English only. */
const ENGLISH_UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  mg: ["milligram", "milligrams"],
  kW: ["kilowatt", "kilowatts"],
  kWh: ["kilowatt hour", "kilowatt hours"],
  W: ["watt", "watts"],
  V: ["volt", "volts"],
  Hz: ["hertz", "hertz"],
  kHz: ["kilohertz", "kilohertz"],
  MHz: ["megahertz", "megahertz"],
  GHz: ["gigahertz", "gigahertz"],
  dB: ["decibel", "decibels"],
  "sq ft": ["square foot", "square feet"],
  "sq. ft.": ["square foot", "square feet"],
  "ft²": ["square foot", "square feet"],
  "m²": ["square meter", "square meters"],
  "km²": ["square kilometer", "square kilometers"],
  "m³": ["cubic meter", "cubic meters"],
};

const patterns = perLanguage((language) => {
  const isEnglish = language.locale.startsWith("en");
  const symbols = [...Object.keys(UNITS), ...(isEnglish ? Object.keys(ENGLISH_UNITS) : [])]
    .toSorted((a, b) => b.length - a.length)
    .map((symbol) => symbol.replace(/\./g, "\\."));
  const amount = `${NOT_AFTER_WORD}(?<![\\d.,])([-−–]?)(${numberSource(language)})`;
  return {
    unit: new RegExp(`${amount}[\\s\\u00a0\\u202f]?(${symbols.join("|")})${NOT_BEFORE_WORD}(?!/)`, "gu"),
    percent: new RegExp(`${amount}[\\s\\u00a0\\u202f]?([%‰°])${NOT_BEFORE_WORD}`, "gu"),
    height: isEnglish ? /(?<![\w'])(\d)['′](\d{1,2})(?:["″]|(?!\w))/g : undefined,
  };
});

export const units: Rule = (text, language) => {
  const { unit, percent, height } = patterns(language);
  return [
    ...claimEach(
      text,
      unit,
      ([, minus = "", amount = "", symbol = ""]) => {
        const isFeminine = language.feminine.has((UNITS[symbol] ?? "").split("-")[0] ?? "");
        const said = sayCounted(amount, language, isFeminine);
        return `${sign(minus, language)}${said} ${nameUnit(symbol, amount, language)}`;
      },
      true,
    ),
    ...claimEach(
      text,
      percent,
      ([, minus = "", amount = "", symbol = ""]) => {
        const { percent: hundredth, permille, degrees } = language.words;
        const word = { "%": hundredth, "‰": permille }[symbol] ?? degrees;
        return `${sign(minus, language)}${sayNumber(amount, language)} ${word}`;
      },
      true,
    ),
    ...(height === undefined
      ? []
      : claimEach(
          text,
          height,
          ([, feet = "", inches = ""]) => `${sayNumber(feet, language)} foot ${sayNumber(inches, language)}`,
        )),
  ];
};

function sign(minus: string, language: SpokenLanguage): string {
  return minus === "" ? "" : `${language.words.minus} `;
}

function nameUnit(symbol: string, amount: string, language: SpokenLanguage): string {
  const { whole, fraction } = readNumeral(amount, language);
  const count = Number(`${whole}.${fraction === "" ? "0" : fraction}`);
  const unit = UNITS[symbol];
  if (unit === undefined) return ENGLISH_UNITS[symbol]?.[count === 1 ? 0 : 1] ?? symbol;
  const format = new Intl.NumberFormat(language.locale, { style: "unit", unit, unitDisplay: "long" });
  const parts = format.formatToParts(count).filter(({ type }) => type === "unit");
  return parts.map(({ value }) => value.trim()).join(" ");
}
