/** What a flow's conditions and texts may ask for by name. */

import type { Conversation } from "../conversation.ts";
import type { Value } from "../values.ts";
import type { Lookup } from "./expression.ts";

/**
 * Variables of the call by their names, facts such as `call.direction`, `digits`, and of the newest tool or extraction
 * of the flow `tool.outcome`, `tool.result` and, where that is JSON, its fields: `tool.result.slot.id`.
 */
export function lookupIn({ values, rules, flow }: Conversation): Lookup {
  return (name) => {
    if (Object.hasOwn(values, name)) return values[name];
    const facts = rules.flow?.facts ?? {};
    if (Object.hasOwn(facts, name)) return facts[name];
    if (name === "digits") return flow?.digits;
    if (name === "tool.outcome") return flow?.tool?.outcome;
    if (name === "tool.result") return flow?.tool?.result;
    if (name.startsWith("tool.result.")) return fieldOf(flow?.tool?.result ?? "", name.split(".").slice(2));
    return undefined;
  };
}

const NAME = /\{\{\s*([A-Za-z_]\w*(?:\.\w+)*)\s*\}\}/g;
const ONLY_NAME = /^\s*\{\{\s*([A-Za-z_]\w*(?:\.\w+)*)\s*\}\}\s*$/;
const MAX_DEPTH = 20;

/** Puts what is known in the place of {{name}}; of what isn't, nothing is said. */
export function fillText(text: string, lookup: Lookup): string {
  if (!text.includes("{{")) return text;
  return text.replace(NAME, (_, name: string) => String(lookup(name) ?? ""));
}

/** Fills all texts of a tool's arguments. A text that is one {{name}} keeps the value's type, and is left out without one. */
export function fillArguments(given: unknown, lookup: Lookup, depth = 0): unknown {
  if (typeof given === "string") {
    const name = ONLY_NAME.exec(given)?.[1];
    return name === undefined ? fillText(given, lookup) : lookup(name);
  }
  if (typeof given !== "object" || given === null || depth > MAX_DEPTH) return given;
  if (Array.isArray(given)) return given.map((item) => fillArguments(item, lookup, depth + 1) ?? null);
  const filled = Object.entries(given).map(([key, value]) => [key, fillArguments(value, lookup, depth + 1)] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}

function fieldOf(json: string, path: readonly string[]): Value | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return typeof value === "function" || typeof value === "symbol" ? undefined : (value as Value);
}
