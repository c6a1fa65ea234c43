/** Variables of an agent as the two generations write them. */
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";

type Input = AgentSettings["inputs"][number];
type Variable = AgentSettings["variables"][number];

const TYPES: readonly string[] = ["string", "number", "boolean", "date", "time", "email", "phone"];

const inputName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must begin with a letter and have at most 64 letters, digits or _");
const variableName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be snake_case and have at most 64 characters");
const description = storableText({ max: 500 }).nullish();
const defaultValue = z.union([storableText({ max: 2000 }), z.number(), z.boolean()]).nullish();

function unique<Item extends { readonly name: string }>(items: readonly Item[]): boolean {
  return new Set(items.map(({ name }) => name)).size === items.length;
}

export const providedShape = z
  .array(
    z.looseObject({
      name: inputName,
      type: storableText({ max: 60 }).optional(),
      description,
      default_value: defaultValue,
      default: defaultValue,
    }),
  )
  .max(50)
  .refine(unique, "must have different names");
export const extractedShape = z
  .array(
    z.looseObject({
      name: variableName,
      type: storableText({ max: 60 }).optional(),
      description,
      required: z.boolean().nullish(),
    }),
  )
  .max(50)
  .refine(unique, "must have different names");

type Provided = z.infer<typeof providedShape>;
type Extracted = z.infer<typeof extractedShape>;

/** A type that isn't said stays as it was. */
export function toInputs(sent: Provided, before: readonly Input[]): Input[] {
  return sent.map(({ name, type, description: text, default_value, default: value }) => {
    const given = default_value ?? value ?? undefined;
    return {
      name,
      type: toType(type) ?? before.find((input) => input.name === name)?.type ?? "string",
      ...(text ? { description: text } : {}),
      ...(given === undefined ? {} : { default: String(given) }),
    };
  });
}

export function toVariables(sent: Extracted, before: readonly Variable[]): Variable[] {
  return sent.map(({ name, type, description: text, required }) => ({
    name,
    type: toType(type) ?? before.find((variable) => variable.name === name)?.type ?? "string",
    ...(text ? { description: text } : {}),
    ...(typeof required === "boolean" ? { isRequired: required } : {}),
  }));
}

/** Kinds that we don't know are text. */
function toType(type: string | undefined): Input["type"] | undefined {
  if (type === undefined) return undefined;
  return TYPES.includes(type) ? (type as Input["type"]) : "string";
}

export function fromInputs(inputs: readonly Input[]) {
  return inputs.map(({ name, type, default: value, description: text }) => ({
    name,
    type,
    default_value: value ?? null,
    description: text ?? "",
  }));
}

export function fromVariables(variables: readonly Variable[]) {
  return variables.map(({ name, type, description: text, isRequired }) => ({
    name,
    type,
    description: text ?? "",
    required: isRequired ?? false,
  }));
}

/** As the current generation writes them. */
export function fromInputsBriefly(inputs: readonly Input[]) {
  return inputs.map(({ name, description: text, default: value }) => ({
    name,
    ...(text === undefined ? {} : { description: text }),
    ...(value === undefined ? {} : { default: value }),
  }));
}

export function fromVariablesBriefly(variables: readonly Variable[]) {
  return variables.map(({ name, description: text, isRequired }) => ({
    name,
    ...(text === undefined ? {} : { description: text }),
    required: isRequired ?? false,
  }));
}
