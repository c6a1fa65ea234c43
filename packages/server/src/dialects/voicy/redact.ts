/** Takes credentials out of what a function call sent and got. */

const REDACTED = "[REDACTED]";
const SENSITIVE = /token|secret|password|api[_-]?key|bearer|^(?:proxy-)?authorization$|^(?:set-)?cookie$/i;
const MAX_DEPTH = 32;

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SENSITIVE.test(name) ? REDACTED : value]),
  );
}

/** Without a user's name and password, and without the values of sensitive parameters. What is no URL is left out. */
export function redactUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return "";
  if (url.username !== "" || url.password !== "") {
    url.username = REDACTED;
    url.password = "";
  }
  for (const name of new Set(url.searchParams.keys())) if (SENSITIVE.test(name)) url.searchParams.set(name, REDACTED);
  return url.href;
}

/** JSON without the values of sensitive names, at any depth. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SENSITIVE.test(name) ? REDACTED : redactValue(inner, depth + 1),
    ]),
  );
}
