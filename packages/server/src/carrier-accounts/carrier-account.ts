import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import {
  type CarrierProvider,
  type CredentialsOf,
  carrierProviderShape,
  credentialsShape,
} from "./carrier-credentials.ts";

const reply = storableText({ min: 1, max: 1000 }).optional();
const carrierId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, "must be an id of the provider")
  .optional();

/** Answers to the words that carriers want to be understood. */
const keywordRepliesShape = z
  .strictObject({
    stop: reply.describe("To STOP and its like."),
    start: reply.describe("To START and UNSTOP."),
    help: reply.describe("To HELP."),
  })
  .prefault({})
  .describe("Sent by Earshot; absent: what the carrier itself answers.");

export const carrierAccountKind = {
  name: "carrier_account",
  idPrefix: "car",
  title: "carrier account",
  whole: ["metadata", "sent", "credentials"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    provider: carrierProviderShape,
    accountName: z.string().optional().describe("What the provider knows the account by, unless that is a secret."),
    apiUrl: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .optional()
      .describe("For services with the same API elsewhere; absent: the provider's own."),
    voiceApplicationId: carrierId.describe(
      "What the provider routes calls by: Telnyx's Call Control application, Plivo's or Vonage's application. " +
        "Absent: one is made for the first number that is bought or imported. Twilio needs none.",
    ),
    messagingProfileId: carrierId.describe("Telnyx's messaging profile; absent: one is made, as above."),
    keywordReplies: keywordRepliesShape,
    transfers: z
      .enum(["carrier", "bridge"])
      .default("carrier")
      .describe("Cold ones to a number. `carrier`: the carrier makes them; `bridge`: a second call, which counts."),
    pricePerMinute: z
      .number()
      .min(0)
      .max(1000)
      .optional()
      .describe("What a placed call costs; counts against the workspace's `maxSpendPerDay`."),
    sealedCredentials: z.string(),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const carrierAccountShapes = resourceShapes(carrierAccountKind, {
  name: "CarrierAccount",
  description: "An account with a carrier that sells numbers and brings calls and messages.",
  runtime: ["accountName"],
  hidden: ["sealedCredentials"],
  input: { credentials: credentialsShape },
});

export type CarrierAccountSettings = z.output<typeof carrierAccountKind.shape>;
export type CarrierAccount = Resource<CarrierAccountSettings>;

/** An account with what opens it, of one provider. */
export type AccessOf<Provider extends CarrierProvider> = Pick<
  CarrierAccount,
  "id" | "name" | "apiUrl" | "voiceApplicationId" | "messagingProfileId" | "keywordReplies"
> &
  Partial<Pick<CarrierAccount, "transfers" | "pricePerMinute">> & {
    readonly workspaceId: string;
    readonly provider: Provider;
    readonly credentials: CredentialsOf<Provider>;
  };

/** An account with what opens it. */
export type CarrierAccess = { [Provider in CarrierProvider]: AccessOf<Provider> }[CarrierProvider];
