import { z } from "zod";
import { storableText } from "../storable-text.ts";

const fields = {
  provider: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "must have at most 64 small letters, digits, _ and -")
    .describe("Whose secret it is, such as openai or twilio."),
  name: storableText({ min: 1, max: 100 }).default("default").describe("Tells secrets of one provider apart."),
};
const value = storableText({ min: 1, max: 10_000 }).describe("Never shown again.");

export const newProviderSecretShape = z.strictObject({ ...fields, value }).meta({ id: "NewProviderSecret" });
export const providerSecretPatchShape = z.strictObject({ value }).meta({ id: "ProviderSecretPatch" });

export const providerSecretShape = z
  .object({
    id: z.string(),
    provider: z.string(),
    name: z.string(),
    lastCharacters: z.string().optional().describe("The last 4, of a value longer than 12."),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "ProviderSecret", description: "A key of a model vendor or a carrier, kept sealed." });

export type NewProviderSecret = z.infer<typeof newProviderSecretShape>;
export type ProviderSecret = Readonly<z.infer<typeof providerSecretShape>>;
