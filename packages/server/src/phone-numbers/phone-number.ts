import { z } from "zod";
import type { SentByDialect } from "../agents/stored-agent.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { countryShape, phoneNumberTextShape } from "./parse-phone-number.ts";
import { softphonePasswordShape } from "./softphone-password.ts";

const PHONE_NUMBER_SOURCES = ["local", "trunk", "carrier"] as const;
export const PHONE_NUMBER_STATUSES = ["active", "released"] as const;

const contactCardShape = z
  .strictObject({
    firstName: storableText({ max: 100 }).optional(),
    lastName: storableText({ max: 100 }).optional(),
    displayName: storableText({ max: 200 }).optional(),
    avatarUrl: z
      .url({ protocol: /^https$/, error: "must be an https URL" })
      .max(2000)
      .optional(),
  })
  .meta({ id: "ContactCard", description: "Who people see when they are written to from the number." });

const extensionShape = z
  .string()
  .regex(/^\d{2,6}$/, "must be 2 to 6 digits")
  .refine(
    (digits) => !/^(?:[2-9]11|112|999|000)$/.test(digits),
    "must not be what people dial in an emergency, nor another N11 service",
  )
  .describe("A short number of the workspace's own, for softphones: 101.");

const name = storableText({ min: 1, max: 200 });
const idOf = (list: string) => storableText({ min: 1, max: 64 }).describe(`An \`id\` of GET /v1/${list}.`);

export const newPhoneNumberShape = z
  .strictObject({
    phoneNumber: phoneNumberTextShape.optional().describe("Absent: one is drawn that no subscriber can have."),
    country: countryShape.default("US").describe("Where to draw a number from; ISO 3166-1 alpha-2."),
    areaCode: z
      .string()
      .regex(/^[2-9]\d{2}$/, "must be a North American area code, such as 415")
      .optional(),
    name: name.optional(),
    agentId: idOf("agents").optional(),
    workflowId: idOf("workflows").optional(),
    sipTrunkId: idOf("sip-trunks").optional().describe("The trunk that the number's calls come and go through."),
    softphonePassword: softphonePasswordShape
      .optional()
      .describe("Lets a softphone register as this number, with the number as its user name. Never shown again."),
    extension: extensionShape.optional(),
    contactCard: contactCardShape.optional(),
    metadata: metadataShape.default({}),
  })
  .meta({ id: "NewPhoneNumber" });

export const phoneNumberPatchShape = z
  .strictObject({
    name: name.nullable().describe("null removes it."),
    agentId: idOf("agents").nullable().describe("Who answers; null detaches."),
    workflowId: idOf("workflows").nullable().describe("What runs instead of an agent; null detaches."),
    sipTrunkId: idOf("sip-trunks").nullable().describe("null: calls stay within this installation."),
    softphonePassword: softphonePasswordShape.nullable().describe("null: no softphone may register any more."),
    extension: extensionShape.nullable().describe("null removes it."),
    contactCard: contactCardShape.nullable(),
    metadata: metadataShape,
  })
  .partial()
  .meta({ id: "PhoneNumberPatch" });

const fields = {
  id: z.string(),
  phoneNumber: z.string().describe("E.164."),
  country: z.string().describe("ISO 3166-1 alpha-2."),
  name: z.string().optional(),
  source: z
    .enum(PHONE_NUMBER_SOURCES)
    .describe("local: known to this installation alone; trunk, carrier: reached through one."),
  status: z.enum(PHONE_NUMBER_STATUSES),
  agentId: z.string().optional(),
  workflowId: z.string().optional(),
  sipTrunkId: z.string().optional(),
  carrierAccountId: z.string().optional().describe("The account whose carrier brings its calls and messages."),
  extension: extensionShape.optional(),
  hasSoftphone: z.boolean().describe("A softphone may register as it."),
  contactCard: contactCardShape.optional(),
  metadata: metadataShape,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  releasedAt: z.iso.datetime().optional(),
};

export const phoneNumberShape = z
  .object(fields)
  .meta({ id: "PhoneNumber", description: "A number that people call and write to, and who answers." });

export type NewPhoneNumber = z.infer<typeof newPhoneNumberShape>;
export type PhoneNumberPatch = z.infer<typeof phoneNumberPatchShape>;
export type ContactCard = z.infer<typeof contactCardShape>;
export type PublicPhoneNumber = z.infer<typeof phoneNumberShape>;
export type PhoneNumber = Readonly<Omit<PublicPhoneNumber, "hasSoftphone">> & {
  readonly sealedSoftphonePassword?: string;
  readonly carrierNumber?: CarrierNumber;
  readonly workspaceId: string;
  readonly sent: SentByDialect;
};

/** What a carrier knows a number by. */
export type CarrierNumber = {
  /** The carrier's own id of it. */
  readonly id: string;
  /** It was bought here, and is given back to the carrier with its release. */
  readonly isBought: boolean;
};

/** As our own API shows it. */
export function toPublicPhoneNumber(number: PhoneNumber): PublicPhoneNumber {
  const { workspaceId: _, sent: __, sealedSoftphonePassword, carrierNumber: ___, ...shown } = number;
  return { ...shown, hasSoftphone: sealedSoftphonePassword !== undefined };
}
