/** GET /usage: calls that are over, and their sums, in the shapes of the SDK and of the billing page at once. */
import type { Call } from "../../calls/call.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { ownNumberOf, toCallId } from "./call-id.ts";
import { sentWithCall, toSeconds } from "./call-view.ts";
import { periodShape, toPeriod } from "./calls.ts";
import { parseQuery } from "./parse.ts";

export function addUsage(app: DialectApp, deps: DialectDeps): void {
  app.get("/api/v1/usage", async (c) => {
    const { limit, offset, ...period } = parseQuery(c, periodShape);
    const { workspaceId } = c.get("principal");
    const { createdFrom, createdBefore } = toPeriod(deps, period);
    const filter = { status: "ended", createdFrom, createdBefore } as const;
    const [calls, { calls: total, callMs }] = await Promise.all([
      deps.calls.list(workspaceId, { ...filter, limit, offset }),
      deps.usage.sumCalls(workspaceId, { from: createdFrom, before: createdBefore, hasEnded: true }),
    ]);
    const logs = calls.map(toLog);
    const seconds = Math.round(callMs / 1000);
    const minutes = toMinutes(callMs);
    return c.json({
      logs,
      usage: logs,
      pagination: { total, limit, offset },
      summary: {
        total_calls: total,
        total_duration_seconds: seconds,
        total_duration_minutes: minutes,
        total_seconds: seconds,
        total_minutes: minutes,
        total_cost: 0,
      },
    });
  });
}

/** To a hundredth. */
export function toMinutes(ms: number): number {
  return Math.round(ms / 600) / 100;
}

function toLog(call: Call): object {
  const seconds = toSeconds(call.durationMs) ?? 0;
  const own: unknown = sentWithCall(call).assistant?.["business_name"];
  return {
    id: toCallId(call),
    call_id: toCallId(call),
    duration_sec: seconds,
    duration_seconds: seconds,
    phone_number: ownNumberOf(call) ?? null,
    direction: call.direction,
    agent_name: call.agentName,
    assistant_name: call.agentName,
    business_name: typeof own === "string" ? own : null,
    cost: 0,
    created_at: call.createdAt,
  };
}
