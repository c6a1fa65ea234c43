/** Numbers that regulators keep free for drama and tests: nobody's phone rings when one of them is called. */
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";

/** All numbers that begin with `prefix` and go on with so many digits. */
export type NumberRange = { readonly prefix: string; readonly digits: number };

const NANP_AREAS: Readonly<Record<string, readonly string[]>> = {
  US: ["212", "206", "303", "305", "312", "415", "512", "617", "702", "808"],
  CA: ["416", "514", "604", "403", "902"],
};

/** Ofcom, Bundesnetzagentur, ARCEP, ACMA, ComReg and PTS name these for use in drama. */
const RANGES: Readonly<Record<string, NumberRange>> = {
  GB: { prefix: "+447700900", digits: 3 },
  DE: { prefix: "+493023125", digits: 3 },
  FR: { prefix: "+3319900", digits: 4 },
  AU: { prefix: "+6125550", digits: 4 },
  IE: { prefix: "+3532091", digits: 5 },
  SE: { prefix: "+468465004", digits: 2 },
};

/** The ITU assigns +999 to nobody: a country's calling code in three digits and seven more follow. */
const UNASSIGNED = "+999";
const NANP_FICTITIOUS = /^\+1(\d{3})55501\d\d$/;

/**
 * Where numbers of a country may be drawn from, best first: in North America 555-01xx of the area, elsewhere what the
 * regulator keeps free, or else +999 and the country's calling code. Empty for an area code that the country hasn't.
 */
export function fictitiousRanges(country: string, areaCode?: string): readonly NumberRange[] {
  if (!isSupportedCountry(country)) return [];
  const callingCode = getCountryCallingCode(country);
  if (callingCode === "1") return nanpRanges(country, areaCode);
  if (areaCode !== undefined) return [];
  return [RANGES[country] ?? { prefix: `${UNASSIGNED}${callingCode.padStart(3, "0")}`, digits: 7 }];
}

/** The country of a number that can't be a subscriber's, "" when it has none of its own; undefined for any other. */
export function fictitiousCountry(phoneNumber: string): string | undefined {
  for (const [country, range] of Object.entries(RANGES)) if (isIn(phoneNumber, range)) return country;
  if (isIn(phoneNumber, { prefix: UNASSIGNED, digits: 10 })) return "";
  if (NANP_FICTITIOUS.test(phoneNumber)) return parsePhoneNumberFromString(phoneNumber)?.country;
  return undefined;
}

function nanpRanges(country: string, areaCode: string | undefined): NumberRange[] {
  const areas = areaCode === undefined ? (NANP_AREAS[country] ?? territoryAreas(country)) : [areaCode];
  return areas
    .map((area) => ({ prefix: `+1${area}55501`, digits: 2 }))
    .filter(({ prefix }) => parsePhoneNumberFromString(`${prefix}00`)?.country === country);
}

/** The islands of the numbering plan have one area code or a few; the metadata tells which. */
function territoryAreas(country: string): string[] {
  const areas = Array.from({ length: 800 }, (_, index) => String(index + 200));
  return areas.filter((area) => parsePhoneNumberFromString(`+1${area}5550100`)?.country === country);
}

function isIn(phoneNumber: string, { prefix, digits }: NumberRange): boolean {
  return phoneNumber.startsWith(prefix) && phoneNumber.length === prefix.length + digits;
}
