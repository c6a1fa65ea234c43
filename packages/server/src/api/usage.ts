import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { timeZoneShape } from "../time-zone.ts";
import {
  agentUsageShape,
  numberUsageShape,
  USAGE_PERIODS,
  usagePeriodShape,
  usageTotalsShape,
} from "../usage/usage.ts";
import { jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["usage"];
const timeZone = timeZoneShape.default("UTC");

const totals = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "readUsage",
  tags,
  summary: "Read what the workspace has used",
  responses: { 200: jsonContent(usageTotalsShape, "Totals."), ...PROBLEMS },
});

const series = (by: "daily" | "monthly", query: z.ZodObject, summary: string) =>
  createRoute({
    method: "get",
    path: `/v1/usage/${by}`,
    operationId: by === "daily" ? "readDailyUsage" : "readMonthlyUsage",
    tags,
    summary,
    request: { query },
    responses: {
      200: jsonContent(
        z.object({ data: z.array(usagePeriodShape) }).meta({ id: by === "daily" ? "DailyUsage" : "MonthlyUsage" }),
        "Oldest first, without gaps.",
      ),
      ...PROBLEMS,
    },
  });

const dailyQuery = z.object({ days: z.coerce.number().int().min(1).max(365).default(30), timeZone });
const monthlyQuery = z.object({ months: z.coerce.number().int().min(1).max(60).default(6), timeZone });
const daily = series("daily", dailyQuery, "Read the usage of each of the last days");
const monthly = series("monthly", monthlyQuery, "Read the usage of each of the last months");

const byNumber = createRoute({
  method: "get",
  path: "/v1/usage/by-number",
  operationId: "readUsageByNumber",
  tags,
  summary: "Read what each phone number was used for",
  description: "The newest 1,000 numbers, also those that were released.",
  responses: {
    200: jsonContent(z.object({ data: z.array(numberUsageShape) }).meta({ id: "UsageByNumber" }), "By number."),
    ...PROBLEMS,
  },
});

const byAgent = createRoute({
  method: "get",
  path: "/v1/usage/by-agent",
  operationId: "readUsageByAgent",
  tags,
  summary: "Read what each agent did in this week, month or year",
  description: "Weeks begin on Monday. The 1,000 busiest agents.",
  request: { query: z.object({ period: z.enum(USAGE_PERIODS).default("month"), timeZone }) },
  responses: {
    200: jsonContent(
      z
        .object({ data: z.array(agentUsageShape), from: z.iso.datetime(), before: z.iso.datetime() })
        .meta({ id: "UsageByAgent" }),
      "By agent, the busiest first.",
    ),
    ...PROBLEMS,
  },
});

export function usageRoutes({ usage, clock }: Pick<AppDeps, "usage" | "clock">) {
  return newRouter()
    .openapi(totals, async (c) => c.json(await usage.totals(c.get("principal").workspaceId, clock.now()), 200))
    .openapi(daily, async (c) => {
      const { days, timeZone: zone } = dailyQuery.parse(c.req.valid("query"));
      const options = { by: "day", count: days, now: clock.now(), timeZone: zone } as const;
      return c.json({ data: await usage.series(c.get("principal").workspaceId, options) }, 200);
    })
    .openapi(monthly, async (c) => {
      const { months, timeZone: zone } = monthlyQuery.parse(c.req.valid("query"));
      const options = { by: "month", count: months, now: clock.now(), timeZone: zone } as const;
      return c.json({ data: await usage.series(c.get("principal").workspaceId, options) }, 200);
    })
    .openapi(byNumber, async (c) => c.json({ data: await usage.byNumber(c.get("principal").workspaceId) }, 200))
    .openapi(byAgent, async (c) => {
      const options = { ...c.req.valid("query"), now: clock.now() };
      return c.json(await usage.byAgent(c.get("principal").workspaceId, options), 200);
    });
}
