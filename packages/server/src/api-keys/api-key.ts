import { z } from "zod";
import { storableText } from "../storable-text.ts";
import { scopesShape } from "./scope.ts";

export const newApiKeyShape = z
  .strictObject({
    name: storableText({ min: 1, max: 120 }).describe("Says what the key is for."),
    scopes: scopesShape.default(["*"]),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe("When it stops working; absent: never."),
  })
  .meta({ id: "NewApiKey" });

export const apiKeyShape = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe("The key's first characters."),
    scopes: scopesShape,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional().describe("To the minute."),
  })
  .meta({ id: "ApiKey" });

export const createdApiKeyShape = apiKeyShape
  .extend({ key: z.string().describe("The key itself. It is shown only this once.") })
  .meta({ id: "CreatedApiKey" });

export type NewApiKey = z.infer<typeof newApiKeyShape>;
export type ApiKey = Readonly<z.infer<typeof apiKeyShape>>;
export type CreatedApiKey = Readonly<z.infer<typeof createdApiKeyShape>>;
