import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const originShape = z
  .string()
  .max(300)
  .refine(
    (value) => value === "*" || (URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value),
    "must be an origin such as https://www.example.com, without a path, or *",
  );

export const publicKeyKind = {
  name: "public_key",
  idPrefix: "pub",
  title: "public key",
  whole: ["metadata"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    agentId: storableText({ min: 1, max: 64 }).describe("Whom the key's holders may call."),
    allowedOrigins: z
      .array(originShape)
      .min(1)
      .max(50)
      .describe('Pages that may use it, such as "https://www.example.com"; "*": any.'),
    allowedVariables: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "must be a variable's name"))
      .max(50)
      .default([])
      .describe("Variables that a page may set."),
    callsPerMinute: z.number().int().min(1).max(1000).default(10),
    maxCalls: z.number().int().min(1).max(1000).default(5).describe("Web calls of the agent at once."),
    visitorCallsPerMinute: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe("Of one visitor: an address, or a household's network of IPv6."),
    visitorMaxCalls: z.number().int().min(1).max(1000).default(3).describe("Calls of one visitor at once."),
    isActive: z.boolean().default(true),
    metadata: metadataShape.default({}),
  }),
} as const satisfies ResourceKind;

export const publicKeyShapes = resourceShapes(publicKeyKind, {
  name: "PublicKey",
  description:
    "May stand in a page for all to see: it starts web calls of one agent, from the pages named, and does nothing else. Its id is the key.",
});

export type PublicKey = Resource<z.output<typeof publicKeyKind.shape>>;
