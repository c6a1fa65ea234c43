import * as british from "n2words/en-GB";
import * as american from "n2words/en-US";
import type { CalendarDate, ClockTime, CurrencyNames, Half, SpokenLanguage } from "./spoken-language.ts";

/** @param locale such as "en-US"; elsewhere numbers have an "and", and the day stands before the month */
export function english(locale: string): SpokenLanguage {
  const isAmerican = !/^en-(?!US|CA|PH)/i.test(locale);
  const { toCardinal, toOrdinal } = isAmerican ? american : british;
  const cardinal = (value: bigint) => toCardinal(value);
  const ordinal = (value: bigint) => (value > 0n ? toOrdinal(value) : "zeroth");
  const year = (value: number) => sayYear(value, cardinal);
  return {
    locale,
    decimalMark: ".",
    groupsBySpace: false,
    readsFractionAsNumber: false,
    dateOrder: isAmerican ? "mdy" : "dmy",
    cardinal,
    counted: cardinal,
    ordinal,
    year,
    time: (time) => sayTime(time, cardinal),
    date: (date) => sayDate(date, { isAmerican, ordinal, year }),
    feminine: new Set(),
    currencies: CURRENCIES,
    dollar: "USD",
    joinMoney: (whole, hundredths) => `${whole} and ${hundredths}`,
    millions: { thousand: "thousand", million: "million", billion: "billion", trillion: "trillion" },
    words: WORDS,
    shortMonths: SHORT_MONTHS,
    fractions: FRACTIONS,
    abbreviations: ABBREVIATIONS,
    digitsAfter:
      /\b(?:code|pin|number|no\.?|zip|account|acct\.?|order|reference|ref\.?|confirmation|ticket|tracking|id|extension|ext\.?|ending in|ends in|booking|invoice|case|passcode|room|flight|serial)(?: (?:is|number|code|no\.?|id))*:? #?$/i,
    yearAfter:
      /\b(?:in|since|until|till|by|before|after|during|year|circa|spring|summer|autumn|fall|winter)(?: of)? $/i,
    ordinalEndings: /^(?:st|nd|rd|th)$/i,
  };
}

const WORDS: SpokenLanguage["words"] = {
  point: "point",
  minus: "minus",
  plus: "plus",
  percent: "percent",
  permille: "per mille",
  and: "and",
  to: "to",
  per: "per",
  at: "at",
  dot: "dot",
  slash: "slash",
  dash: "dash",
  underscore: "underscore",
  number: "number",
  hashtag: "hashtag",
  equals: "equals",
  times: "times",
  about: "about",
  degrees: "degrees",
};

const cents = ["cent", "cents"] as const;
const CURRENCIES: Readonly<Record<string, CurrencyNames>> = {
  USD: ["dollar", "dollars", ...cents],
  EUR: ["euro", "euros", ...cents],
  GBP: ["pound", "pounds", "penny", "pence"],
  JPY: ["yen", "yen"],
  CNY: ["yuan", "yuan"],
  INR: ["rupee", "rupees", "paisa", "paise"],
  CHF: ["Swiss franc", "Swiss francs", "centime", "centimes"],
  AUD: ["Australian dollar", "Australian dollars", ...cents],
  CAD: ["Canadian dollar", "Canadian dollars", ...cents],
  NZD: ["New Zealand dollar", "New Zealand dollars", ...cents],
  HKD: ["Hong Kong dollar", "Hong Kong dollars", ...cents],
  SGD: ["Singapore dollar", "Singapore dollars", ...cents],
  MXN: ["peso", "pesos", "centavo", "centavos"],
  BRL: ["real", "reais", "centavo", "centavos"],
  PHP: ["peso", "pesos", "centavo", "centavos"],
  ILS: ["shekel", "shekels", "agora", "agorot"],
  TRY: ["lira", "lira", "kurush", "kurush"],
  PLN: ["zloty", "zlotys", "grosz", "groszy"],
  KRW: ["won", "won"],
  RUB: ["ruble", "rubles", "kopeck", "kopecks"],
  UAH: ["hryvnia", "hryvnias", "kopiyka", "kopiykas"],
  ZAR: ["rand", "rand", ...cents],
};

const SHORT_MONTHS = Object.fromEntries(
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map((name, i) => [name, i + 1]),
);
SHORT_MONTHS["sept"] = 9;

const FRACTIONS: Readonly<Record<string, string>> = {
  "1/2": "one half",
  "1/3": "one third",
  "2/3": "two thirds",
  "1/4": "one quarter",
  "3/4": "three quarters",
  "1/5": "one fifth",
  "2/5": "two fifths",
  "3/5": "three fifths",
  "4/5": "four fifths",
  "1/6": "one sixth",
  "5/6": "five sixths",
  "1/8": "one eighth",
  "3/8": "three eighths",
  "5/8": "five eighths",
  "7/8": "seven eighths",
  "1/10": "one tenth",
  "24/7": "twenty-four seven",
};

/** Those that depend on their surroundings (Dr., St., No.) have rules of their own. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "Mr.": "Mister",
  "Mrs.": "Missus",
  "Ms.": "Miz",
  "Prof.": "Professor",
  "Rev.": "Reverend",
  "Capt.": "Captain",
  "Lt.": "Lieutenant",
  "Sgt.": "Sergeant",
  "Gov.": "Governor",
  "Jr.": "Junior",
  "Sr.": "Senior",
  "Mt.": "Mount",
  "Ave.": "Avenue",
  "Blvd.": "Boulevard",
  "Rd.": "Road",
  "Ln.": "Lane",
  "Hwy.": "Highway",
  "Pkwy.": "Parkway",
  "Apt.": "Apartment",
  "Ste.": "Suite",
  "Dept.": "Department",
  "dept.": "department",
  "Inc.": "Incorporated",
  "Ltd.": "Limited",
  "Corp.": "Corporation",
  "Co.": "Company",
  "e.g.": "for example",
  "i.e.": "that is",
  "etc.": "et cetera",
  "vs.": "versus",
  "approx.": "approximately",
  "incl.": "including",
  "excl.": "excluding",
  "ext.": "extension",
  "Ext.": "Extension",
  "appt.": "appointment",
  "w/o": "without",
  "w/": "with",
  "a.k.a.": "also known as",
  "Jan.": "January",
  "Feb.": "February",
  "Aug.": "August",
  "Sept.": "September",
  "Oct.": "October",
  "Nov.": "November",
  "Dec.": "December",
  "Mon.": "Monday",
  "Tue.": "Tuesday",
  "Tues.": "Tuesday",
  "Wed.": "Wednesday",
  "Thu.": "Thursday",
  "Thurs.": "Thursday",
  "Fri.": "Friday",
};

/** "nineteen oh five", "two thousand six", "twenty twenty-six". */
function sayYear(value: number, cardinal: (value: bigint) => string): string {
  const century = Math.floor(value / 100);
  const rest = value % 100;
  const isWhole = value < 1100 || value > 2999 || (century % 10 === 0 && rest < 10);
  if (isWhole) return cardinal(BigInt(value)).replace(" and ", " ");
  if (rest === 0) return `${cardinal(BigInt(century))} hundred`;
  return `${cardinal(BigInt(century))} ${rest < 10 ? "oh " : ""}${cardinal(BigInt(rest))}`;
}

function sayTime(time: ClockTime, cardinal: (value: bigint) => string): string {
  const { hour, minute } = time;
  const half = time.half ?? impliedHalf(hour);
  if (time.half === undefined && minute === 0 && (hour === 0 || hour === 24)) return "midnight";
  const named = cardinal(BigInt(hour % 12 === 0 ? 12 : hour % 12));
  const minutes = minute === 0 ? "" : ` ${minute < 10 ? "oh " : ""}${cardinal(BigInt(minute))}`;
  if (half !== undefined) return `${named}${minutes} ${half === "am" ? "A M" : "P M"}`;
  return minutes === "" ? `${named} o'clock` : `${named}${minutes}`;
}

/** Of a clock with 24 hours. */
function impliedHalf(hour: number): Half | undefined {
  if (hour === 0 || hour === 24) return "am";
  return hour > 12 ? "pm" : undefined;
}

const MONTHS = "January February March April May June July August September October November December".split(" ");

function sayDate(
  { day, month, year }: CalendarDate,
  by: { isAmerican: boolean; ordinal: (value: bigint) => string; year: (value: number) => string },
): string {
  const name = MONTHS[month - 1] ?? "";
  const nth = by.ordinal(BigInt(day));
  const end = year === undefined ? "" : ` ${by.year(year)}`;
  return by.isAmerican ? `${name} ${nth}${end === "" ? "" : `,${end}`}` : `the ${nth} of ${name}${end}`;
}
