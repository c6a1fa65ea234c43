/** Finds values in what was said: the language model is asked once, and its answer is checked before it counts. */

import type { WantedValue } from "../conversation/flow/flow-rules.ts";
import type { Value, Values } from "../conversation/values.ts";
import type { ReplyRequest } from "../models/language-model.ts";
import type { SceneModels } from "./scene.ts";

/** The tool by which a model tells what it found. */
export const SAVE_VALUES_TOOL = "save_values";
const MAX_TEXT = 2_000;
const MAX_OUTPUT_TOKENS = 500;

/** @throws Error where the model fails, or required values are missing: its message names them */
export async function extractValues(
  { languageModel }: Pick<SceneModels, "languageModel">,
  { variables, messages }: { variables: readonly WantedValue[]; messages: ReplyRequest["messages"] },
  signal: AbortSignal,
): Promise<Values> {
  const parts = languageModel.reply(toRequest(variables, messages), signal);
  let text = "";
  let found: Readonly<Record<string, unknown>> | undefined;
  for await (const part of parts) {
    if (part.type === "tool-call" && part.call.name === SAVE_VALUES_TOOL) found ??= parseObject(part.call.arguments);
    else if (part.type === "text" && text.length < MAX_TEXT) text += part.text;
  }
  const values = toValues(variables, found ?? parseObject(text));
  const missing = variables.filter(({ name, isRequired }) => isRequired === true && values[name] === undefined);
  if (missing.length > 0) throw new Error(`Not found: ${missing.map(({ name }) => name).join(", ")}.`);
  return values;
}

function toRequest(variables: readonly WantedValue[], messages: ReplyRequest["messages"]): ReplyRequest {
  const properties = Object.fromEntries(variables.map((wanted) => [wanted.name, toSchema(wanted)] as const));
  return {
    system: [
      `You read a phone call and note what the caller said, by calling ${SAVE_VALUES_TOOL} once. Say nothing.`,
      "Leave out what the caller didn't say. Dates are YYYY-MM-DD where the year is known, times HH:MM.",
    ].join("\n"),
    messages: [...messages, { role: "instruction", text: `Call ${SAVE_VALUES_TOOL} now.` }],
    tools: [
      {
        name: SAVE_VALUES_TOOL,
        description: "Notes what the caller said.",
        parameters: { type: "object", properties },
      },
    ],
    variables,
    temperature: 0,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
}

function toSchema({ type, description }: WantedValue): unknown {
  const told = description === undefined ? {} : { description };
  return type === "number" || type === "boolean" ? { type, ...told } : { type: "string", ...told };
}

/** Of what the model gave, what has the wanted type. */
function toValues(variables: readonly WantedValue[], found: Readonly<Record<string, unknown>>): Values {
  const values: Record<string, Value> = {};
  for (const { name, type } of variables) {
    const value = Object.hasOwn(found, name) ? toValue(type, found[name]) : undefined;
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function toValue(type: WantedValue["type"], given: unknown): Value | undefined {
  if (type === "number") return toNumber(given);
  if (type === "boolean") return BOOLEANS.get(String(given).trim().toLowerCase());
  const text = typeof given === "string" || typeof given === "number" ? String(given).trim().slice(0, MAX_TEXT) : "";
  if (type === "email" && !/^\S+@\S+\.\S+$/.test(text)) return undefined;
  if (type === "phone" && (text.match(/\d/g) ?? []).length < 3) return undefined;
  return text === "" ? undefined : text;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["false", false],
  ["no", false],
]);

function toNumber(given: unknown): number | undefined {
  const number = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The first object in it: small models put words around their JSON. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  const from = text.indexOf("{");
  const to = text.lastIndexOf("}");
  if (from < 0 || to < from) return {};
  try {
    const value: unknown = JSON.parse(text.slice(from, to + 1));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
