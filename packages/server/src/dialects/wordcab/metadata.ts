/** Wordcab's metadata holds any JSON value, ours text. */
export function toOurMetadata(pairs: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
