/** What is known before a call, and what the agent should learn from the caller. */
import { z } from "zod";
import { storableText } from "../storable-text.ts";

const type = z.enum(["string", "number", "boolean", "date", "time", "email", "phone"]);

export const inputsShape = z
  .array(
    z
      .strictObject({
        name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must be letters, digits and _, at most 64"),
        type: type.default("string"),
        description: storableText({ max: 500 }).optional(),
        default: storableText({ max: 2000 }).optional().describe("Taken when a call doesn't give the variable."),
      })
      .meta({ id: "InputDefinition", description: "A variable that a call may bring along." }),
  )
  .max(50)
  .default([])
  .refine(hasUniqueNames, "must have different names");

export const variablesShape = z
  .array(
    z
      .strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be snake_case, at most 64 characters"),
        type,
        description: storableText({ max: 500 }).optional(),
        isRequired: z.boolean().optional(),
      })
      .meta({ id: "VariableDefinition", description: "Something the agent should learn from the caller." }),
  )
  .max(50)
  .default([])
  .refine(hasUniqueNames, "must have different names");

function hasUniqueNames(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map(({ name }) => name)).size === items.length;
}
