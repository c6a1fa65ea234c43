import { applyFilter, type FilterScene, type Shown, toText } from "./filters.ts";
import { type Operand, type Placeholder, parsePlaceholders } from "./parse-placeholders.ts";

export type Known = FilterScene & {
  /** What is known by name; an empty text is no value where a default stands by. */
  readonly find: (name: string) => Shown | undefined;
};

/**
 * The text with its placeholders filled. Pure, total and bounded.
 * @param missing what becomes of a placeholder without a value: it stays as it was written, or goes with the space
 *   before it. Default "keep"
 */
export function fillPlaceholders(text: string, known: Known, missing: "keep" | "drop" = "keep"): string {
  let hasGap = false;
  const filled = parsePlaceholders(text).reduce((before, part) => {
    if (part.kind === "text") return before + part.text;
    const value = readValue(part, known);
    if (value !== undefined) return before + value;
    if (missing === "keep") return before + part.source;
    hasGap = true;
    return before.replace(/[ \t]+$/, "");
  }, "");
  return hasGap ? filled.replace(/^[\s,;]+/, "") : filled;
}

/** Names that have no value and no default, each once. */
export function findMissing(texts: readonly string[], known: Known): string[] {
  const missing = texts.flatMap(placeholdersOf).filter((placeholder) => readValue(placeholder, known) === undefined);
  return [...new Set(missing.flatMap(({ operand }) => (operand.kind === "name" ? [operand.name] : [])))];
}

export function placeholdersOf(text: string): Placeholder[] {
  return parsePlaceholders(text).filter((part) => part.kind === "placeholder");
}

function readValue({ operand, filters }: Placeholder, known: Known): string | undefined {
  let value = look(operand, known);
  for (const { name, args } of filters) {
    const given = args.map((arg) => look(arg, known));
    if (name === "default") {
      if (value === undefined || value === "") value = given[0] ?? "";
    } else if (value !== undefined)
      value = applyFilter(
        name,
        value,
        given.map((arg) => (arg === undefined ? "" : toText(arg, known))),
        known,
      );
  }
  return value === undefined ? undefined : toText(value, known);
}

function look(operand: Operand, { find }: Known): Shown | undefined {
  return operand.kind === "literal" ? operand.text : find(operand.name);
}
