import { z } from "zod";
import { storableText } from "../../../storable-text.ts";
import { phoneNumberShape, wordcabMetadataShape } from "../agents/agent-shape.ts";
import { listQueryShape } from "../list-envelope.ts";
import { momentShape } from "../unix-seconds.ts";
import { WORDCAB_STATUSES } from "./call-status.ts";

const MAX_CONTEXT_LENGTH = 50_000;

const contextShape = z
  .record(storableText({ min: 1, max: 64 }), z.json())
  .refine((context) => Object.keys(context).length <= 50, "must have at most 50 entries")
  .refine(
    (context) => JSON.stringify(context).length <= MAX_CONTEXT_LENGTH,
    "must be at most 50,000 characters of JSON",
  );

const newCallFields = {
  phone_number: phoneNumberShape,
  context: contextShape.nullish(),
  max_duration: z.number().int().min(1).max(86_400).default(1800),
  record: z.boolean().default(false),
  caller_id: phoneNumberShape.nullish(),
  metadata: wordcabMetadataShape.nullish(),
};

/** POST agents/{id}/calls. */
export const newAgentCallShape = z.looseObject(newCallFields);
/** POST calls. */
export const newCallShape = z.looseObject({ agent_id: storableText({ min: 1, max: 64 }), ...newCallFields });

export type NewWordcabCall = z.output<typeof newAgentCallShape>;

export const callListQuery = z.object({
  ...listQueryShape,
  status: z.enum(WORDCAB_STATUSES).optional(),
  agent_id: z.string().max(64).optional(),
  created_after: momentShape.optional(),
  created_before: momentShape.optional(),
});

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MAX_VALUE_LENGTH = 2000;

/** What of a context can stand in a prompt as {{name}}: values that aren't text as JSON, what is too long cut off. */
export function toVariables(context: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(context).filter(([name]) => VARIABLE.test(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, toText(value)]));
}

function toText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.slice(0, MAX_VALUE_LENGTH).toWellFormed();
}
