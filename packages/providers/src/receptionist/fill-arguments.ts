import type { ReplyRequest, ToolDefinition } from "@earshot/engine";
import type { DialogueState } from "./dialogue-state.ts";
import { argumentsOf } from "./slots.ts";
import type { SlotValue } from "./understand/parse-answer.ts";

/** What is known of a tool's arguments, each in the type that its schema wants. */
export function fillArguments(
  tool: ToolDefinition,
  state: DialogueState,
  request: ReplyRequest,
): Readonly<Record<string, unknown>> {
  const entries = argumentsOf(tool, request).flatMap(({ property, slot }) => {
    const filled = state.values.get(slot.key);
    return filled === undefined ? [] : [[property, toSchemaType(filled.value, schemaOf(tool, property))] as const];
  });
  return Object.fromEntries(entries);
}

function toSchemaType(value: SlotValue, schema: unknown): unknown {
  const choices = read(schema, "enum");
  if (Array.isArray(choices)) {
    const same = choices.find((choice) => String(choice).toLowerCase() === String(value).toLowerCase());
    return same ?? value;
  }
  const type = read(schema, "type");
  if (type === "string") return String(value);
  if (type === "integer" && typeof value === "number") return Math.round(value);
  return value;
}

function schemaOf(tool: ToolDefinition, property: string): unknown {
  return read(read(tool.parameters, "properties"), property);
}

function read(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
