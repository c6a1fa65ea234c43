/** Reads what a carrier sent as JSON: nothing is taken on trust, and nothing is thrown. */

export type JsonRecord = Readonly<Record<string, unknown>>;

/** Undefined for what is no JSON object. */
export function readJson(text: string): JsonRecord | undefined {
  try {
    return toRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function toRecord(value: unknown): JsonRecord | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

/** The text at a path of keys. */
export function textAt(record: JsonRecord | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(record, path);
  return typeof value === "string" ? value : undefined;
}

/** The number at a path of keys; carriers write some of them as text. */
export function numberAt(record: JsonRecord | undefined, ...path: readonly string[]): number | undefined {
  const value = valueAt(record, path);
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function valueAt(record: JsonRecord | undefined, path: readonly string[]): unknown {
  let value: unknown = record;
  for (const key of path) value = toRecord(value)?.[key];
  return value;
}
