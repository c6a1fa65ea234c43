import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { phoneNumberTextShape } from "../phone-numbers/parse-phone-number.ts";
import { storableText } from "../storable-text.ts";

const LEAD_STATUSES = ["pending", "calling", "completed", "failed", "skipped"] as const;

export const leadKind = {
  name: "lead",
  idPrefix: "lead",
  title: "lead",
  whole: ["variables", "sent"],
  shape: z.strictObject({
    phoneNumber: phoneNumberTextShape,
    variables: z
      .record(storableText({ min: 1, max: 64 }), storableText({ max: 2000 }))
      .refine((variables) => Object.keys(variables).length <= 50, "must have at most 50 entries")
      .default({})
      .describe("What is known of them, by name."),
    status: z.enum(LEAD_STATUSES).default("pending"),
    callId: z.string().max(64).optional(),
    attempts: z.number().int().min(0).default(0),
    lastAttemptAt: z.iso.datetime().optional(),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const leadShapes = resourceShapes(leadKind, {
  name: "Lead",
  description: "Somebody whom a campaign calls.",
  runtime: ["status", "callId", "attempts", "lastAttemptAt"],
  output: { campaignId: z.string() },
});

export type LeadSettings = z.output<typeof leadKind.shape>;
export type Lead = Resource<LeadSettings>;
