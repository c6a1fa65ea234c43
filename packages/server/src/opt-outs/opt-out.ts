import { z } from "zod";
import { phoneNumberTextShape } from "../phone-numbers/parse-phone-number.ts";

/** What stands in place of the word where nobody wrote one. */
export const BY_HAND = "by hand";

export const optOutShape = z
  .object({
    phoneNumber: z.string().describe("Ours, E.164."),
    recipient: z.string().describe("Who must not be written to from it."),
    word: z.string().describe(`As it was written, such as STOP; "${BY_HAND}" where it was added through the API.`),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "OptOut", description: "Somebody asked not to be written to from a number." });

export const newOptOutShape = z
  .strictObject({
    phoneNumber: phoneNumberTextShape.describe("One of the workspace's, E.164."),
    recipient: phoneNumberTextShape.describe("Who must not be written to from it, E.164."),
  })
  .meta({ id: "NewOptOut", description: "Somebody who asked in another way than by a message." });

export type OptOut = Readonly<z.infer<typeof optOutShape>>;
