import { z } from "zod";
import { EVENT_TYPES } from "../webhooks/domain-event.ts";

export const DELIVERY_STATUSES = ["pending", "delivered", "failed"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const attemptShape = z
  .object({
    at: z.iso.datetime(),
    durationMs: z.number().int().describe("From the request to the end of the answer."),
    status: z.number().int().optional().describe("HTTP status; absent when there was no answer."),
    error: z.string().optional().describe("Why it counts as failed."),
  })
  .meta({ id: "WebhookAttempt" });

const listedFields = {
  id: z.string().describe("The same over all attempts: receivers drop what they have seen."),
  endpointId: z.string(),
  eventId: z.string(),
  eventType: z.enum(EVENT_TYPES),
  status: z
    .enum(DELIVERY_STATUSES)
    .describe("`pending`: still tried. `failed`: nothing more is tried, unless you redeliver it."),
  attempts: z.number().int().describe("Since it was recorded or redelivered."),
  nextAttemptAt: z.iso.datetime().optional(),
  lastAttemptAt: z.iso.datetime().optional(),
  responseStatus: z.number().int().optional().describe("Of the last attempt."),
  error: z.string().optional().describe("Of the last attempt."),
  durationMs: z.number().int().optional().describe("Of the last attempt."),
  createdAt: z.iso.datetime(),
};

/** A delivery as lists show it. */
export const listedDeliveryShape = z.object(listedFields).meta({ id: "WebhookDeliveryListItem" });

export const deliveryShape = z
  .object({
    ...listedFields,
    requestHeaders: z.record(z.string(), z.string()).optional().describe("As sent last; credentials are hidden."),
    body: z.string().optional().describe("As sent; absent before the first attempt."),
    responseBody: z.string().optional().describe("The first 4 kB of the last answer."),
    history: z.array(attemptShape).describe("Earlier attempts, oldest first; the last 50."),
  })
  .meta({ id: "WebhookDelivery" });

export type ListedDelivery = z.infer<typeof listedDeliveryShape>;
export type Delivery = z.infer<typeof deliveryShape>;

export const deliveryStatsShape = z
  .object({
    total: z.number().int(),
    success: z.number().int(),
    failed: z.number().int(),
    pending: z.number().int(),
    successRate: z.number().optional().describe("success / (success + failed), 0 to 1; absent before the first."),
    byEventType: z.record(z.string(), z.partialRecord(z.enum(DELIVERY_STATUSES), z.number().int())),
    byHour: z
      .array(
        z.object({
          hour: z.iso.datetime().describe("When it began (UTC)."),
          success: z.number().int(),
          failed: z.number().int(),
          pending: z.number().int(),
        }),
      )
      .describe("Hours with deliveries, oldest first, by the time of the event."),
  })
  .meta({ id: "WebhookDeliveryStats" });
export type DeliveryStats = z.infer<typeof deliveryStatsShape>;

export const testResultShape = z
  .object({
    success: z.boolean(),
    statusCode: z.number().int().optional(),
    durationMs: z.number().int(),
    error: z.string().optional(),
    deliveryId: z.string(),
  })
  .meta({ id: "WebhookTestResult" });
export type TestResult = z.infer<typeof testResultShape>;
