import { z } from "zod";
import { storableText } from "../storable-text.ts";

export const newApiKeyShape = z
  .strictObject({ name: storableText({ min: 1, max: 120 }).describe("Says what the key is for.") })
  .meta({ id: "NewApiKey" });

export const apiKeyShape = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe("The key's first characters."),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "ApiKey" });

export const createdApiKeyShape = apiKeyShape
  .extend({ key: z.string().describe("The key itself. It is shown only this once.") })
  .meta({ id: "CreatedApiKey" });

export type ApiKey = Readonly<z.infer<typeof apiKeyShape>>;
export type CreatedApiKey = Readonly<z.infer<typeof createdApiKeyShape>>;
