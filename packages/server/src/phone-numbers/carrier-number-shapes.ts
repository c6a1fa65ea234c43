/** What the API takes and shows of numbers at carriers, and of several numbers at once. */
import { z } from "zod";
import { NUMBER_CAPABILITIES, NUMBER_KINDS } from "../carriers/carrier-numbers.ts";
import { storableText } from "../storable-text.ts";
import { countryShape, phoneNumberTextShape } from "./parse-phone-number.ts";
import { newPhoneNumberShape, phoneNumberShape } from "./phone-number.ts";

/** One request's answer stays readable, and its time short. */
const MAX_RANGE = 1000;
const MAX_IMPORTED = 1000;

const carrierAccountId = storableText({ min: 1, max: 64 }).describe("An `id` of GET /v1/carrier-accounts.");
const { name, agentId, workflowId, sipTrunkId, contactCard, metadata } = newPhoneNumberShape.shape;
const answeredBy = { name, agentId, workflowId, contactCard, metadata };

export const availableQueryShape = z.object({
  carrierAccountId,
  country: countryShape.default("US"),
  kind: z.enum(NUMBER_KINDS).default("local"),
  areaCode: z
    .string()
    .regex(/^\d{1,8}$/, "must be digits")
    .optional()
    .describe("The area code, without a leading 0."),
  contains: z
    .string()
    .regex(/^\d{2,10}$/, "must be 2 to 10 digits")
    .optional(),
  capabilities: z
    .string()
    .regex(/^(?:voice|sms|mms)(?:,(?:voice|sms|mms))*$/, "must be voice, sms and mms, with commas")
    .default("voice")
    .describe("All that the numbers must be good for, with commas: voice,sms,mms."),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export const availableNumberShape = z
  .object({
    phoneNumber: z.string().describe("E.164."),
    country: z.string(),
    locality: z.string().optional(),
    region: z.string().optional(),
    capabilities: z.array(z.enum(NUMBER_CAPABILITIES)),
    monthlyCost: z
      .object({ amount: z.string(), currency: z.string().optional() })
      .optional()
      .describe("As the carrier names it; absent where its search doesn't tell."),
  })
  .meta({ id: "AvailablePhoneNumber" });

export const purchaseShape = z
  .strictObject({ carrierAccountId, phoneNumber: phoneNumberTextShape, ...answeredBy })
  .meta({ id: "PhoneNumberPurchase" });

export const importShape = z
  .strictObject({
    carrierAccountId,
    phoneNumbers: z.array(phoneNumberTextShape).min(1).max(MAX_IMPORTED).optional().describe("Absent: all."),
    ...answeredBy,
  })
  .meta({ id: "PhoneNumberImport" });

export const rangeShape = z
  .strictObject({
    from: phoneNumberTextShape,
    to: phoneNumberTextShape.describe(`At most ${MAX_RANGE} numbers, both ends included.`),
    sipTrunkId: sipTrunkId.unwrap(),
    ...answeredBy,
  })
  .meta({ id: "PhoneNumberRange" });

export const moveShape = z
  .strictObject({ workspaceId: storableText({ min: 1, max: 64 }).describe("A workspace that this one made.") })
  .meta({ id: "PhoneNumberMove" });

export const addedNumbersShape = z
  .object({
    data: z.array(phoneNumberShape),
    skipped: z.array(z.object({ phoneNumber: z.string(), reason: z.string() })),
  })
  .meta({ id: "AddedPhoneNumbers" });

export { MAX_IMPORTED, MAX_RANGE };

export type AvailableQuery = z.output<typeof availableQueryShape>;
export type Purchase = z.output<typeof purchaseShape>;
export type NumberImport = z.output<typeof importShape>;
export type NumberRangeInput = z.output<typeof rangeShape>;
export type AddedNumbers<Item> = {
  readonly data: readonly Item[];
  readonly skipped: readonly { readonly phoneNumber: string; readonly reason: string }[];
};
