import type { ReplyRequest, ToolDefinition, VariableDefinition } from "@earshot/engine";

/** Something to learn from the caller: a declared variable, a part of a message, an argument of a tool. */
export type Slot = {
  readonly key: string;
  /** In words: "party size". */
  readonly label: string;
  readonly type: SlotType;
  readonly isRequired: boolean;
  /** Asked in these words the first time, where the author wrote a question. */
  readonly question?: string;
};

export type SlotType = VariableDefinition["type"] | "name" | "message";

export function variableSlots(request: ReplyRequest): readonly Slot[] {
  const variables = request.variables ?? [];
  const labels = variables.map((variable) => toLabel(variable.name));
  return variables.map((variable, index) => {
    const short = labels[index] ?? "";
    const isUnique = labels.filter((label) => label === short).length === 1;
    return {
      key: variable.name,
      label: isUnique ? short : variable.name.replaceAll("_", " "),
      type: variable.type === "string" && /(^|_)name$/.test(variable.name) ? "name" : variable.type,
      isRequired: variable.isRequired !== false,
      ...(variable.description?.trim().endsWith("?") ? { question: variable.description.trim() } : {}),
    };
  });
}

/** Who called, where to reach them and what to pass on; variables of the agent stand in where they say the same. */
export function messageSlots(request: ReplyRequest): readonly Slot[] {
  const variables = variableSlots(request);
  const name = variables.find((slot) => slot.type === "name");
  const phone = variables.find((slot) => slot.type === "phone");
  return [
    name ?? undeclared("name", "name"),
    phone ?? undeclared("phone number", "phone"),
    undeclared("message", "message"),
  ];
}

export type Argument = { readonly property: string; readonly slot: Slot; readonly isRequired: boolean };

/** The arguments of a tool; one that is named like a variable is that variable. */
export function argumentsOf(tool: ToolDefinition, request: ReplyRequest): readonly Argument[] {
  // The caller's question itself.
  if (tool.isLookUp) return [];
  const variables = variableSlots(request);
  const required = readRequired(tool.parameters);
  return Object.entries(readProperties(tool.parameters)).map(([property, schema]) => {
    const label = toLabel(property);
    const variable = variables.find((slot) => squash(slot.key) === squash(property) || slot.label === label);
    const slot = variable ?? undeclared(label, readType(property, schema));
    return { property, slot, isRequired: required.includes(property) };
  });
}

/** "your name", "the party size". */
export function toNoun(slot: Slot): string {
  const isOwn = slot.type === "name" || slot.type === "email" || slot.type === "phone" || OWN.test(slot.label);
  return `${isOwn ? "your" : "the"} ${slot.label}`;
}

const OWN = /\b(?:name|address|birthday|birth|age|account|company|city|country|number|message)\b/;

/** One label, one slot: two tools that both want a date ask for it once. */
function undeclared(label: string, type: SlotType): Slot {
  return { key: `said.${label}`, label, type, isRequired: true };
}

/** Every slot that this request could ask for, each key once. */
export function allSlots(request: ReplyRequest): readonly Slot[] {
  const slots = [
    ...variableSlots(request),
    ...messageSlots(request),
    ...request.tools.flatMap((tool) => argumentsOf(tool, request).map((argument) => argument.slot)),
  ];
  return [...new Map(slots.map((slot) => [slot.key, slot])).values()];
}

function toLabel(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[_.-]+/g, " ")
    .toLowerCase()
    .trim();
  return words.replace(/^(?:caller|customer|user|your)s? /, "").replace(/^(?:full |caller )name$/, "full name");
}

function squash(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function readProperties(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = readKey(schema, "properties");
  return typeof properties === "object" && properties !== null && !Array.isArray(properties) ? { ...properties } : {};
}

function readRequired(schema: unknown): readonly string[] {
  const required = readKey(schema, "required");
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

function readType(property: string, schema: unknown): SlotType {
  const type = readKey(schema, "type");
  const format = readKey(schema, "format");
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  const hint = `${typeof format === "string" ? format : ""} ${property}`.toLowerCase();
  if (hint.includes("email")) return "email";
  if (hint.includes("phone")) return "phone";
  if (/\bdate\b|(^|[ _])(date|day)$/.test(hint)) return "date";
  if (/(^|[ _])time$/.test(hint)) return "time";
  return /name$/.test(hint) ? "name" : "string";
}

function readKey(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
