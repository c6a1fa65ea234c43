/** The tool by which a language model keeps what it learns from the caller, checked by the variables' types. */

import { REMEMBER_TOOL, type ToolDefinition, type ToolOutcome, type Value } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { parseValue, type ValueType } from "../agents/parse-value.ts";

type Variables = AgentSettings["variables"];

const SCHEMAS: Readonly<Record<ValueType, Readonly<Record<string, unknown>>>> = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  date: { type: "string", format: "date", description: "ISO 8601, such as 2026-03-01." },
  time: { type: "string", description: "24 hours, such as 18:30." },
  email: { type: "string", format: "email" },
  phone: { type: "string", description: "With the country code, such as +12125550100." },
};

/** Offered when the agent has variables and no tool of its own by that name. */
export function rememberTool({ variables, tools }: Pick<AgentSettings, "variables" | "tools">): ToolDefinition[] {
  if (variables.length === 0 || tools.some(({ name }) => name === REMEMBER_TOOL)) return [];
  const wanted = variables.filter(({ isRequired }) => isRequired === true).map(({ name }) => name);
  const description = [
    "Keeps what the caller has told you. Call it as soon as you have learnt one of these, and again when it is",
    "corrected; give only what was really said, and go on talking in the same reply.",
    ...(wanted.length === 0 ? [] : [`Find out before the call ends: ${wanted.join(", ")}.`]),
  ].join(" ");
  return [{ name: REMEMBER_TOOL, description, parameters: valuesSchema(variables) }];
}

/** JSON Schema of an object with a value for each variable, none of them required. */
export function valuesSchema(variables: Variables): Readonly<Record<string, unknown>> {
  const properties = variables.map(({ name, type, description }) => {
    const schema = SCHEMAS[type];
    const words = [description, schema["description"]].filter((text) => text !== undefined).join(" ");
    return [name, { ...schema, ...(words === "" ? {} : { description: words }) }];
  });
  return { type: "object", properties: Object.fromEntries(properties), additionalProperties: false };
}

export type CheckedValues = {
  readonly values: Readonly<Record<string, Value>>;
  /** Sentences that name the field and what it must be. */
  readonly problems: readonly string[];
};

/**
 * @param given what a model wrote; an empty text or null is nothing learnt
 * @param options `country`: whose phone numbers may lack the country code
 */
export function checkValues(
  variables: Variables,
  given: Readonly<Record<string, unknown>>,
  options: { readonly country?: string | undefined } = {},
): CheckedValues {
  const values: Record<string, Value> = {};
  const problems: string[] = [];
  for (const [name, raw] of Object.entries(given)) {
    if (raw === null || raw === undefined || raw === "") continue;
    const variable = variables.find((each) => each.name === name);
    if (variable === undefined) {
      problems.push(`There is no variable "${name.slice(0, 64)}".`);
      continue;
    }
    const parsed = parseValue(variable.type, raw, options);
    if (parsed.isValid) values[name] = parsed.value;
    else problems.push(`${name} ${parsed.problem}.`);
  }
  return { values, problems };
}

/** Keeps what is valid; what isn't goes back to the model. Never throws. */
export function remember(
  variables: Variables,
  args: string,
  options: { readonly country?: string | undefined } = {},
): ToolOutcome {
  const given = parseObject(args);
  if (given === undefined) return { outcome: "failed", result: "The arguments are not a JSON object." };
  const { values, problems } = checkValues(variables, given, options);
  const kept = Object.keys(values);
  const learnt = kept.length === 0 ? {} : { learnt: values };
  if (problems.length === 0)
    return {
      outcome: "succeeded",
      result: kept.length === 0 ? "Nothing to keep." : `Kept: ${kept.join(", ")}.`,
      ...learnt,
    };
  const keptText = kept.length === 0 ? "" : ` Kept: ${kept.join(", ")}.`;
  return { outcome: "failed", result: `${problems.join(" ")} Ask the caller again.${keptText}`, ...learnt };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
