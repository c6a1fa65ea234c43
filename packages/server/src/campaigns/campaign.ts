import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { timeZoneShape } from "../time-zone.ts";

export const CAMPAIGN_STATUSES = ["draft", "scheduled", "paused", "completed", "cancelled"] as const;

const id = storableText({ min: 1, max: 64 });
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/, "must be a time of day such as 09:00:00");

export const campaignKind = {
  name: "campaign",
  idPrefix: "cmp",
  title: "campaign",
  whole: ["metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    agentId: id.optional().describe("Who calls the leads."),
    phoneNumberId: id.optional().describe("Where from; absent: one of the agent's numbers."),
    systemMessageTemplate: storableText({ max: 20_000 })
      .default("")
      .describe("Added to the agent's prompt; {{name}} stands for a variable of the lead."),
    scheduleStartTime: timeOfDay.optional().describe("Nobody is called before it."),
    scheduleEndTime: timeOfDay.optional().describe("Nobody is called after it."),
    timeZone: timeZoneShape.default("UTC"),
    status: z.enum(CAMPAIGN_STATUSES).default("draft"),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

const leadCount = z.number().int();

export const campaignShapes = resourceShapes(campaignKind, {
  name: "Campaign",
  description: "A list of people whom an agent calls.",
  runtime: ["status"],
  output: { totalLeads: leadCount, completedLeads: leadCount, failedLeads: leadCount },
});

export type Campaign = Resource<z.output<typeof campaignKind.shape>>;
