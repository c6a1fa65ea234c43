import { z } from "zod";
import { invalidField } from "../../app-error.ts";
import { toEpochMs } from "../../wall-clock.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;

/** A day, or a moment of it. */
const dayShape = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true }).transform((moment) => moment.slice(0, 10))],
  "must be an ISO 8601 date",
);
const usageQuery = z.object({
  start: dayShape.optional(),
  end: dayShape.optional(),
  group_by: z.enum(["model", "resource", "day", "key"]).default("resource"),
});

/** Time on calls is what is counted. A server of one's own costs nothing a call: every price is null. */
export function addUsageRoutes(app: DialectApp, prefix: string, { usage, clock }: DialectDeps): void {
  app.get(`${prefix}/usage`, async (c) => {
    const { workspaceId } = c.get("principal");
    const { start, end, group_by: groupBy } = parseQuery(c, usageQuery);
    const today = clock.now().toISOString().slice(0, 10);
    const range = toRange(clock, start, end ?? today);
    const data =
      groupBy === "day"
        ? (await byDay({ usage, clock }, workspaceId, range)).map(({ day, ...used }) => ({ day, ...toRow(used) }))
        : [{ ...UNKNOWN_GROUP[groupBy], ...toRow(await sum(usage, workspaceId, clock, range)) }];
    return c.json({ start: range.start, end: range.end, data, total_cost_usd: null });
  });
}

/** Calls are counted neither by model nor by key. */
const UNKNOWN_GROUP = { resource: {}, model: { model: null }, key: { key_id: null } } as const;

type Range = { readonly start: string; readonly end: string };
type Used = { readonly calls: number; readonly callMs: number };

function toRange(clock: DialectDeps["clock"], start: string | undefined, end: string): Range {
  const endMs = toEpochMs(end);
  const first = start ?? toDay(clock, endMs - (DEFAULT_DAYS - 1) * DAY_MS);
  if (toEpochMs(first) > endMs) throw invalidField("start", "must not be after end");
  if (endMs - toEpochMs(first) >= MAX_DAYS * DAY_MS)
    throw invalidField("start", `must be at most ${MAX_DAYS} days before end`);
  return { start: first, end };
}

function sum(
  usage: DialectDeps["usage"],
  workspaceId: string,
  clock: DialectDeps["clock"],
  { start, end }: Range,
): Promise<Used> {
  return usage.sumCalls(workspaceId, {
    from: clock.at(toEpochMs(start)),
    before: clock.at(toEpochMs(end) + DAY_MS),
  });
}

/** Days without calls are left out. */
async function byDay(
  { usage, clock }: Pick<DialectDeps, "usage" | "clock">,
  workspaceId: string,
  { start, end }: Range,
): Promise<(Used & { readonly day: string })[]> {
  const now = clock.at(toEpochMs(end) + DAY_MS - 1);
  const count = Math.round((toEpochMs(end) - toEpochMs(start)) / DAY_MS) + 1;
  const days = await usage.series(workspaceId, { by: "day", count, now, timeZone: "UTC" });
  return days.filter(({ calls }) => calls > 0).map(({ period, calls, callMs }) => ({ day: period, calls, callMs }));
}

function toRow({ calls, callMs }: Used) {
  return { resource: "calls", count: calls, seconds: Math.round(callMs / 1000), cost_usd: null };
}

function toDay(clock: DialectDeps["clock"], epochMs: number): string {
  return clock.at(epochMs).toISOString().slice(0, 10);
}
