const MOST_CHARACTERS = 1_000;

/** Headers with the values of `{{names}}` in them; those that come out empty are left out. */
export function fillHeaders(
  headers: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const filled = Object.entries(headers).map(([name, text]) => {
    const value = text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, variable: string) => variables[variable] ?? "");
    return [
      name,
      value
        .replaceAll(/\p{Cc}+/gu, " ")
        .trim()
        .slice(0, MOST_CHARACTERS),
    ] as const;
  });
  return Object.fromEntries(filled.filter(([, value]) => value !== ""));
}
