import { claimEach, perLanguage, type Rule } from "../claims.ts";
import type { CurrencyNames, SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD, numberSource, readNumeral, sayCounted, sayNumeral } from "../numerals.ts";

const SYMBOLS: Readonly<Record<string, string>> = {
  US$: "USD",
  A$: "AUD",
  AU$: "AUD",
  C$: "CAD",
  CA$: "CAD",
  NZ$: "NZD",
  HK$: "HKD",
  S$: "SGD",
  R$: "BRL",
  MX$: "MXN",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "￥": "JPY",
  "₹": "INR",
  "₽": "RUB",
  "₩": "KRW",
  "₪": "ILS",
  "₺": "TRY",
  "₴": "UAH",
  "₫": "VND",
  "₱": "PHP",
  "฿": "THB",
  "₦": "NGN",
  zł: "PLN",
  Kč: "CZK",
};
const CODES =
  "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|HKD|SGD|MXN|BRL|ARS|CLP|COP|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|ILS|RUB|UAH|ZAR|KRW|THB|IDR|MYR|PHP|VND|AED|SAR|EGP|NGN|KES";
const MAGNITUDES: Readonly<Record<string, keyof SpokenLanguage["millions"]>> = {
  k: "thousand",
  K: "thousand",
  M: "million",
  mn: "million",
  "Mio.": "million",
  "Mrd.": "billion",
  bn: "billion",
  B: "billion",
  T: "trillion",
};
const PERIODS: Readonly<Record<string, string>> = {
  mo: "month",
  month: "month",
  yr: "year",
  year: "year",
  wk: "week",
  week: "week",
  d: "day",
  day: "day",
  h: "hour",
  hr: "hour",
  hour: "hour",
  min: "minute",
  minute: "minute",
  kg: "kilogram",
  lb: "pound",
};
/** Between "millions" and the money. */
const OF: Readonly<Record<string, string>> = { fr: "de", es: "de", it: "di", pt: "de" };

const patterns = perLanguage((language) => {
  const number = numberSource(language);
  const signs = [...Object.keys(SYMBOLS), "$"]
    .toSorted((a, b) => b.length - a.length)
    .map((sign) => sign.replace(/\$/g, "\\$"));
  const sign = `(${signs.join("|")}|${CODES})`;
  const magnitude = `(?:\\s?(${Object.values(language.millions).join("|")}|bn|mn|Mio\\.|Mrd\\.|[kKMBT])${NOT_BEFORE_WORD})?`;
  const per = `(?:\\s?/\\s?(\\p{L}{1,12})${NOT_BEFORE_WORD})?`;
  return {
    before: new RegExp(`${NOT_AFTER_WORD}([-−–]?)${sign}\\s?([-−]?)(${number})${magnitude}${per}`, "gu"),
    after: new RegExp(
      `${NOT_AFTER_WORD}((?<![\\d.,])[-−]?)(${number})${magnitude}\\s?${sign}${NOT_BEFORE_WORD}${per}`,
      "gu",
    ),
    cents: new RegExp(`${NOT_AFTER_WORD}(\\d{1,3})\\s?¢`, "gu"),
  };
});

/** "three dollars and fifty cents", "one point two million euros", "ten dollars per month". */
export const money: Rule = (text, language) => {
  const { before, after, cents } = patterns(language);
  return [
    ...claimEach(
      text,
      before,
      ([, minus = "", sign = "", innerMinus = "", amount = "", magnitude, per]) =>
        say({ minus: minus + innerMinus, sign, amount, magnitude, per }, language),
      true,
    ),
    ...claimEach(
      text,
      after,
      ([, minus = "", amount = "", magnitude, sign = "", per]) =>
        say({ minus, sign, amount, magnitude, per }, language),
      true,
    ),
    ...claimEach(
      text,
      cents,
      ([, amount = ""]) => sayHundredths(Number(amount), namesOf("USD", language), language),
      true,
    ),
  ];
};

type Sum = {
  readonly minus: string;
  readonly sign: string;
  readonly amount: string;
  readonly magnitude: string | undefined;
  readonly per: string | undefined;
};

function say({ minus, sign, amount, magnitude, per }: Sum, language: SpokenLanguage): string {
  const currency = sign === "$" ? language.dollar : (SYMBOLS[sign] ?? sign);
  const said = sayAmount(amount, magnitude, currency, language);
  const each = per === undefined ? "" : ` ${language.words.per} ${nameOfPeriod(per, language)}`;
  return `${minus === "" ? "" : `${language.words.minus} `}${said}${each}`;
}

function sayAmount(amount: string, magnitude: string | undefined, currency: string, language: SpokenLanguage): string {
  const names = namesOf(currency, language);
  const numeral = readNumeral(amount, language);
  if (magnitude !== undefined) {
    const key = MAGNITUDES[magnitude];
    const word = key === undefined ? magnitude : language.millions[key];
    const named = nameMillions(names[1], word, language);
    return `${sayNumeral(numeral, language)} ${word} ${named}`;
  }
  const isFeminine = language.feminine.has(currency);
  const hasHundredths = numeral.fraction.length === 2 && names[2] !== undefined;
  if (numeral.fraction !== "" && !hasHundredths) return `${sayNumeral(numeral, language)} ${names[1]}`;
  const hundredths = Number(numeral.fraction);
  const isNothing = /^0*$/.test(numeral.whole);
  if (isNothing && hundredths > 0) return sayHundredths(hundredths, names, language);
  const isOne = /^0*1$/.test(numeral.whole);
  const whole = `${sayCounted(numeral.whole, language, isFeminine)} ${isOne ? names[0] : names[1]}`;
  return hundredths === 0 ? whole : language.joinMoney(whole, sayHundredths(hundredths, names, language));
}

/** "dollars", "de dólares", "d'euros". */
function nameMillions(money: string, word: string, language: SpokenLanguage): string {
  const of = OF[language.locale.slice(0, 2)];
  if (of === undefined || word === language.millions.thousand) return money;
  const isElided = language.locale.startsWith("fr") && /^[aeiouhé]/i.test(money);
  return isElided ? `d'${money}` : `${of} ${money}`;
}

function sayHundredths(count: number, names: CurrencyNames, language: SpokenLanguage): string {
  const name = (count === 1 ? names[2] : names[3]) ?? "";
  return `${language.counted(BigInt(count), false)} ${name}`;
}

function namesOf(currency: string, language: SpokenLanguage): CurrencyNames {
  return language.currencies[currency] ?? [intlName(currency, 1, language), intlName(currency, 2, language)];
}

function intlName(currency: string, count: number, { locale }: SpokenLanguage): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "name" });
  const name = format.formatToParts(count).find(({ type }) => type === "currency")?.value ?? currency;
  return locale.startsWith("pt") ? name.toLowerCase() : name;
}

function nameOfPeriod(period: string, { locale }: SpokenLanguage): string {
  const unit = PERIODS[period];
  if (unit === undefined) return period;
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" });
  return format.formatToParts(1).find(({ type }) => type === "unit")?.value ?? period;
}
