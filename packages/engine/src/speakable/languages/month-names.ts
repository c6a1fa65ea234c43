const DAY_MS = 86_400_000;
const known = new Map<string, readonly string[]>();

/** January to December as the language calls them. */
export function monthNames(locale: string): readonly string[] {
  const before = known.get(locale);
  if (before) return before;
  const format = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
  // The middle of each month of 1970.
  const names = Array.from({ length: 12 }, (_, index) => format.format((index * 30.44 + 15) * DAY_MS));
  known.set(locale, names);
  return names;
}
