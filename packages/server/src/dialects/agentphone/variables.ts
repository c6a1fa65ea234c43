/** What a call brings along for the {{placeholders}} of a prompt. */
import { z } from "zod";
import { storableText } from "../../storable-text.ts";
import { wrongField } from "./errors.ts";

export const variablesShape = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must have names of letters, digits and _, at most 64"),
    storableText({ max: 2000 }).nullable(),
  )
  .refine((variables) => Object.keys(variables).length <= 50, "must have at most 50 entries");

/** Those that have a value. */
export function toVariables(sent: z.output<typeof variablesShape> | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** @throws AppError when there are some and nothing to put them into */
export function checkVariables(variables: Readonly<Record<string, string>>, hasPrompt: boolean): void {
  if (Object.keys(variables).length > 0 && !hasPrompt)
    throw wrongField("variables", "need a hosted agent, or a systemPrompt for the call");
}
