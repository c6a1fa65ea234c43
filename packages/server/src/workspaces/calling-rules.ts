import { z } from "zod";
import { countryShape } from "../phone-numbers/parse-phone-number.ts";

const prefixesShape = z
  .array(z.string().regex(/^\+[1-9]\d{0,13}$/, "must be the beginning of an E.164 number, such as +4420"))
  .max(500);

/** Whom the agents of a workspace may call, and how much of it. What is absent is not capped. */
export const callingRulesShape = z
  .strictObject({
    allowsAnyCountry: z.boolean().default(false).describe("Premium-rate numbers and blocked prefixes stay refused."),
    countries: z
      .array(countryShape)
      .max(300)
      .optional()
      .describe("That may be called; absent: those of the workspace's own numbers."),
    prefixes: listOf(prefixesShape, "Numbers that begin so may be called besides."),
    blockedPrefixes: listOf(prefixesShape, "Numbers that begin so may not be called at all."),
    allowsPremiumRate: z.boolean().default(false).describe("Premium-rate and shared-cost numbers may be called."),
    allowsUnregisteredTransfers: z
      .boolean()
      .default(false)
      .describe("Softphones without a registration may transfer calls to numbers outside."),
    maxCallsPerDay: z.number().int().min(0).max(10_000_000).optional().describe("From midnight to midnight, UTC."),
    maxMinutesPerDay: z.number().min(0).max(100_000_000).optional(),
    maxSpendPerDay: z
      .number()
      .min(0)
      .max(100_000_000)
      .optional()
      .describe("By the `pricePerMinute` of trunks and carrier accounts."),
    maxCalls: z.number().int().min(1).max(100_000).optional().describe("Placed calls at once."),
    maxCallsPerSecond: z.number().int().min(1).max(10_000).optional(),
    trunkIds: z
      .array(z.string().min(1).max(64))
      .max(20)
      .default([])
      .describe("SIP trunks for calls from numbers that have none, in the order in which they are tried."),
  })
  .meta({ id: "CallingRules" });

export type CallingRules = z.output<typeof callingRulesShape>;

export const DEFAULT_CALLING_RULES: CallingRules = callingRulesShape.parse({});

function listOf(shape: typeof prefixesShape, description: string) {
  return shape.default([]).describe(description);
}
