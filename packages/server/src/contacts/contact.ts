import { z } from "zod";
import { phoneNumberTextShape } from "../phone-numbers/parse-phone-number.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const fields = {
  phoneNumber: phoneNumberTextShape,
  name: storableText({ min: 1, max: 200 }),
  email: z.email().max(320).optional(),
  notes: storableText({ max: 5000 }).optional(),
  metadata: metadataShape.default({}),
};

export const newContactShape = z.strictObject(fields).meta({ id: "NewContact" });
export const contactPatchShape = z
  .strictObject({
    ...fields,
    email: fields.email.unwrap().nullable().describe("null removes it."),
    notes: fields.notes.unwrap().nullable().describe("null removes it."),
    metadata: metadataShape,
  })
  .partial()
  .meta({ id: "ContactPatch" });

export const contactShape = z
  .object({
    id: z.string(),
    phoneNumber: z.string().describe("E.164; one contact a number."),
    name: z.string(),
    email: z.string().optional(),
    notes: z.string().optional(),
    metadata: metadataShape,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Contact", description: "Somebody whom agents talk to." });

export type NewContact = z.infer<typeof newContactShape>;
export type ContactPatch = z.infer<typeof contactPatchShape>;
export type Contact = Readonly<z.infer<typeof contactShape>>;
