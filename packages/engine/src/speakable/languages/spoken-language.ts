/** What the rules need to know of a language to say what is written. */

export type Half = "am" | "pm";

export type ClockTime = { readonly hour: number; readonly minute: number; readonly half?: Half };

/** `month` counts from 1. */
export type CalendarDate = { readonly day: number; readonly month: number; readonly year?: number };

/** Names of a currency: one and many of it, and of its hundredth where that has a name. */
export type CurrencyNames = readonly [one: string, many: string, hundredth?: string, hundredths?: string];

export type SpokenLanguage = {
  /** BCP 47, for Intl. */
  readonly locale: string;
  readonly decimalMark: "." | ",";
  /** Whether a plain space groups thousands. */
  readonly groupsBySpace: boolean;
  /** "1.25" is "one point two five", or "un virgule vingt-cinq". */
  readonly readsFractionAsNumber: boolean;
  readonly dateOrder: "dmy" | "mdy";
  readonly cardinal: (value: bigint) => string;
  /** The number in front of what is counted: "ein Euro", "una hora". */
  readonly counted: (value: bigint, isFeminine: boolean) => string;
  readonly ordinal: (value: bigint) => string;
  readonly year: (value: number) => string;
  readonly time: (time: ClockTime) => string;
  /** `before`: the word in front of it, which may decide the ending. */
  readonly date: (date: CalendarDate, before: string) => string;
  /** Intl's units and ISO's currencies whose names are feminine. */
  readonly feminine: ReadonlySet<string>;
  readonly currencies: Readonly<Record<string, CurrencyNames>>;
  /** Which currency "$" means. */
  readonly dollar: string;
  /** "three dollars" and "fifty cents" in one. */
  readonly joinMoney: (whole: string, hundredths: string) => string;
  readonly millions: Readonly<Record<"thousand" | "million" | "billion" | "trillion", string>>;
  readonly words: Readonly<Record<SymbolName, string>>;
  /** Abbreviated months, lower case, without the full stop. */
  readonly shortMonths: Readonly<Record<string, number>>;
  /** "1/2" and its like. */
  readonly fractions: Readonly<Record<string, string>>;
  /** As they are written, to what they mean; upper and lower case are told apart. */
  readonly abbreviations: Readonly<Record<string, string>>;
  /** Words in front of a number that is read digit by digit. */
  readonly digitsAfter: RegExp;
  /** Words in front of a number that is a year. */
  readonly yearAfter: RegExp;
  /** What ordinals end in when they are written in digits: "1st". */
  readonly ordinalEndings: RegExp;
};

export type SymbolName =
  | "point"
  | "minus"
  | "plus"
  | "percent"
  | "permille"
  | "and"
  | "to"
  | "per"
  | "at"
  | "dot"
  | "slash"
  | "dash"
  | "underscore"
  | "number"
  | "hashtag"
  | "equals"
  | "times"
  | "about"
  | "degrees";
