import { z } from "zod";

const whole = z.number().int();
const recent = z
  .object({ last24h: whole, last7d: whole, last30d: whole, total: whole })
  .meta({ id: "UsageCounts", description: "How many, up to now." });

export const usageTotalsShape = z
  .object({
    calls: recent,
    callMs: recent.describe("Time on calls, ms."),
    messages: recent,
    webhookDeliveries: z.object({ total: whole, delivered: whole, failed: whole, pending: whole }),
    activeNumbers: whole,
    agents: whole,
  })
  .meta({ id: "UsageTotals" });

export const usagePeriodShape = z
  .object({
    period: z.string().describe("A day such as 2026-03-01, or a month such as 2026-03."),
    calls: whole,
    callMs: z.number(),
    messages: whole,
    webhookDeliveries: whole,
  })
  .meta({ id: "UsagePeriod" });

export const numberUsageShape = z
  .object({
    phoneNumberId: z.string(),
    phoneNumber: z.string(),
    country: z.string(),
    status: z.string(),
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    calls: whole,
    callMs: z.number(),
    messages: whole,
  })
  .meta({ id: "NumberUsage" });

export const agentUsageShape = z
  .object({
    agentId: z.string().optional().describe("Absent: of no agent, or of deleted ones."),
    agentName: z.string().optional(),
    calls: whole,
    callMs: z.number(),
    messages: whole,
  })
  .meta({ id: "AgentUsage" });

export const USAGE_PERIODS = ["week", "month", "year"] as const;
export type UsagePeriodName = (typeof USAGE_PERIODS)[number];

export type UsageTotals = z.infer<typeof usageTotalsShape>;
export type UsagePeriod = z.infer<typeof usagePeriodShape>;
export type NumberUsage = z.infer<typeof numberUsageShape>;
export type AgentUsage = z.infer<typeof agentUsageShape>;
