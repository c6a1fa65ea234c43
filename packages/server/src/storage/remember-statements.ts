/** Has the embedded database parse and plan a statement once: that takes it longer than most statements run. */
import type { ClientBase } from "pg";

/** Before that a statement may be one that never comes again, such as one with a list of its own length. */
const SEEN = 3;
/** Further ones are parsed each time. */
const MAX_NAMES = 200;
const MAX_SEEN = 2_000;

type Config = { readonly text: string; readonly name?: string | undefined };

/** Gives statements that come again and again a name on this connection, under which they stay prepared. */
export function rememberStatements(client: ClientBase): void {
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MAX_NAMES) return known;
    const times = (seen.get(text) ?? 0) + 1;
    if (times >= SEEN) {
      const name = `again_${names.size}`;
      names.set(text, name);
      seen.delete(text);
      return name;
    }
    if (seen.size >= MAX_SEEN) seen.clear();
    seen.set(text, times);
    return undefined;
  };
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  const named = (first: unknown): unknown => {
    if (!isUnnamed(first)) return first;
    const name = nameOf(first.text);
    return name === undefined ? first : { ...first, name };
  };
  client.query = ((first: unknown, ...rest: unknown[]) => query(named(first), ...rest)) as ClientBase["query"];
}

/** A query of our stores. Those of libraries are plain text, or know themselves how to be sent. */
function isUnnamed(query: unknown): query is Config {
  if (typeof query !== "object" || query === null || "submit" in query) return false;
  const { text, name } = query as Partial<Config>;
  return typeof text === "string" && name === undefined;
}
