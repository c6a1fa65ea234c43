/**
 * Answers reads of what people set up (agents, numbers, endpoints, workspaces) from memory, until one of those tables is
 * written. For a pool of one connection that nobody else's writes go past: the embedded database, whose one thread is
 * needed for what calls write.
 */
import type { ClientBase, Pool, QueryResult } from "pg";
import { deepFreeze } from "../deep-freeze.ts";

/** Written when somebody changes a setting, read with each call. */
export const SETTINGS_TABLES = [
  "agents",
  "agent_revisions",
  "agent_deployments",
  "phone_numbers",
  "webhook_endpoints",
  "workspaces",
] as const;

/** In characters of JSON. */
const MAX_REMEMBERED = 8_000_000;
const MAX_ANSWER = 200_000;
const MAX_TEXTS = 500;

const NAMES = SETTINGS_TABLES.join("|");
const WRITE = new RegExp(
  `\\b(?:insert\\s+into|update|delete\\s+from|merge\\s+into|truncate(?:\\s+table)?|(?:alter|drop)\\s+table(?:\\s+if\\s+exists)?)\\s+(?:only\\s+)?(?:"?public"?\\.)?"?(?:${NAMES})\\b`,
  "i",
);
const READ_TABLE = /\b(?:from|join)\s+(?:lateral\s+)?("?[a-z_]+"?|\()/gi;
/** What makes the same read give something else next time, or does more than read. */
const VARYING =
  /\bfor\s+(?:no\s+key\s+)?(?:update|share|key)\b|\b(?:now|random|clock_timestamp|current_\w+|nextval|pg_\w+)\b|\bfrom\s+"?\w+"?(?:\s+(?:as\s+)?"?\w+"?)?\s*,/i;

/** A query in parentheses, whose own tables are looked at too, and a list of parameters. */
const NO_TABLES = ["(", "unnest"];

type Config = { readonly text: string; readonly rowMode?: string };
type Query = (...parameters: unknown[]) => unknown;

/** @returns the same pool */
export function rememberSettings(pool: Pool): Pool {
  const answers = new Map<string, { readonly result: QueryResult; readonly size: number }>();
  const reads = new Map<string, boolean>();
  let size = 0;
  /** How often it was forgotten what the settings were. */
  let age = 0;

  const isRead = (text: string): boolean => {
    const known = reads.get(text);
    if (known !== undefined) return known;
    if (reads.size >= MAX_TEXTS) reads.clear();
    const is = readsSettings(text);
    reads.set(text, is);
    return is;
  };

  const remember = (key: string, result: QueryResult) => {
    const length = JSON.stringify(result.rows).length;
    if (length > MAX_ANSWER || answers.has(key)) return;
    deepFreeze(result.rows);
    answers.set(key, { result, size: length });
    size += length;
    for (const [oldest, answer] of answers) {
      if (size <= MAX_REMEMBERED) break;
      answers.delete(oldest);
      size -= answer.size;
    }
  };

  // A write is sent on the connection before any read that comes after it; what was asked before may be answered as it was.
  pool.on("connect", (client) => {
    onStatement(client, (text) => {
      if (!WRITE.test(text)) return;
      answers.clear();
      size = 0;
      age += 1;
    });
  });

  const query = pool.query.bind(pool) as unknown as Query;
  pool.query = ((...parameters: unknown[]) => {
    const [config, values] = parameters;
    if (parameters.length > 2 || !isConfig(config) || !isRead(config.text)) return query(...parameters);
    const key = `${config.rowMode ?? ""} ${config.text} ${JSON.stringify(values ?? [])}`;
    const answer = answers.get(key);
    if (answer !== undefined) return Promise.resolve(answer.result);
    const asked = age;
    return (query(...parameters) as Promise<QueryResult>).then((result) => {
      if (age === asked) remember(key, result);
      return result;
    });
  }) as Pool["query"];
  return pool;
}

function readsSettings(text: string): boolean {
  if (!/^\s*select\b/i.test(text) || VARYING.test(text)) return false;
  const tables = [...text.matchAll(READ_TABLE)].map(([, name = ""]) => name.replaceAll('"', "").toLowerCase());
  const isTable = (name: string) => SETTINGS_TABLES.some((table) => table === name);
  return tables.some(isTable) && tables.every((name) => isTable(name) || NO_TABLES.includes(name));
}

function onStatement(client: ClientBase, run: (text: string) => void): void {
  const query = client.query.bind(client) as unknown as Query;
  client.query = ((first: unknown, ...rest: unknown[]) => {
    if (typeof first === "string") run(first);
    else if (typeof first === "object" && first !== null && "text" in first && typeof first.text === "string")
      run(first.text);
    return query(first, ...rest);
  }) as ClientBase["query"];
}

function isConfig(query: unknown): query is Config {
  return typeof query === "object" && query !== null && "text" in query && !("submit" in query);
}
