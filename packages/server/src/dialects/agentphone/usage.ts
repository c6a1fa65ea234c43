import { z } from "zod";
import { timeZoneShape } from "../../time-zone.ts";
import { USAGE_PERIODS } from "../../usage/usage.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import { workspaceOf } from "./requests.ts";

/** Nothing is sold here: where the vendor has a limit, a number that nobody reaches stands. */
const UNLIMITED = 1_000_000;
const MAX_CALL_MINUTES = 1440;

const dailyQuery = z.object({ days: z.coerce.number().int().min(1).max(365).default(30) });
const monthlyQuery = z.object({ months: z.coerce.number().int().min(1).max(120).default(6) });
const agentQuery = z.object({ period: z.enum(USAGE_PERIODS), tz: z.union([z.literal(""), timeZoneShape]).optional() });

export function addUsageRoutes(app: DialectApp, { usage, clock }: DialectDeps): void {
  app.get("/v1/usage", async (c) => {
    const now = clock.now();
    const { messages, calls, webhookDeliveries, activeNumbers } = await usage.totals(workspaceOf(c), now);
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    return c.json({
      plan: {
        name: "self-hosted",
        limits: {
          numbers: UNLIMITED,
          messagesPerMonth: UNLIMITED,
          voiceMinutesPerMonth: UNLIMITED,
          maxCallDurationMinutes: MAX_CALL_MINUTES,
          concurrentCalls: UNLIMITED,
        },
      },
      numbers: { used: activeNumbers, limit: UNLIMITED, remaining: UNLIMITED - activeNumbers },
      stats: {
        totalMessages: messages.total,
        messagesLast24h: messages.last24h,
        messagesLast7d: messages.last7d,
        messagesLast30d: messages.last30d,
        totalCalls: calls.total,
        callsLast24h: calls.last24h,
        callsLast7d: calls.last7d,
        callsLast30d: calls.last30d,
        totalWebhookDeliveries: webhookDeliveries.total,
        successfulWebhookDeliveries: webhookDeliveries.delivered,
        failedWebhookDeliveries: webhookDeliveries.failed,
      },
      periodStart: toMonthStart(year, month),
      periodEnd: month === 11 ? toMonthStart(year + 1, 0) : toMonthStart(year, month + 1),
    });
  });

  const series = async (workspaceId: string, by: "day" | "month", count: number) => {
    const periods = await usage.series(workspaceId, { by, count, now: clock.now(), timeZone: "UTC" });
    return periods.map(({ period, messages, calls, webhookDeliveries: webhooks }) => ({
      period,
      messages,
      calls,
      webhooks,
    }));
  };

  app.get("/v1/usage/daily", async (c) => {
    const { days } = parseQuery(c, dailyQuery);
    const data = await series(workspaceOf(c), "day", days);
    return c.json({ data: data.map(({ period: date, ...counts }) => ({ date, ...counts })), days });
  });

  app.get("/v1/usage/monthly", async (c) => {
    const { months } = parseQuery(c, monthlyQuery);
    const data = await series(workspaceOf(c), "month", months);
    return c.json({ data: data.map(({ period: month, ...counts }) => ({ month, ...counts })), months });
  });

  app.get("/v1/usage/by-number", async (c) => {
    const numbers = await usage.byNumber(workspaceOf(c));
    const data = numbers.map(
      ({ phoneNumberId, phoneNumber, country, status, agentId, agentName, messages, calls }) => ({
        ...{ numberId: phoneNumberId, phoneNumber, country, status },
        ...{ agentId: agentId ?? null, agentName: agentName ?? null, messages, calls },
      }),
    );
    return c.json({ data });
  });

  app.get("/v1/usage/by-agent", async (c) => {
    const { period, tz = "" } = parseQuery(c, agentQuery);
    const timeZone = tz === "" ? "UTC" : tz;
    const found = await usage.byAgent(workspaceOf(c), { period, now: clock.now(), timeZone });
    const data = found.data.map(({ agentId, agentName, messages, calls, callMs }) => ({
      agentId: agentId ?? null,
      agentName: agentName ?? "Without an agent",
      messages,
      calls,
      totalSeconds: Math.round(callMs / 1000),
      isOrphan: agentId === undefined,
    }));
    return c.json({ data, period, periodStart: found.from, periodEnd: found.before });
  });
}

function toMonthStart(year: number, month: number): string {
  return `${year}-${String(month + 1).padStart(2, "0")}-01T00:00:00.000Z`;
}
