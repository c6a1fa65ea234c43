import { expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { createAgent } from "../agents/create-agent.ts";
import { testDeps } from "../api/testing/test-deps.ts";
import type { Call } from "../calls/call.ts";
import { newMessageShape } from "../messages/message.ts";
import { sendMessage } from "../messages/send-message.ts";
import { newId } from "../new-id.ts";
import { createPhoneNumber } from "../phone-numbers/create-phone-number.ts";
import { newPhoneNumberShape } from "../phone-numbers/phone-number.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { systemWallClock } from "../wall-clock.ts";

const now = new Date("2026-03-31T22:30:00Z");

describeOnEachDatabase("usage", (database) => {
  const setUp = () => testDeps(database(), { clock: { ...systemWallClock, now: () => now } });

  async function storeCall(workspaceId: string, createdAt: string, more: Partial<Call> = {}) {
    const call: Call = {
      id: newId("call", Date.parse(createdAt)),
      workspaceId,
      agentName: "Ada",
      direction: "inbound",
      pace: "real",
      status: "ended",
      createdAt,
      updatedAt: createdAt,
      endedAt: createdAt,
      durationMs: 60_000,
      variables: {},
      metadata: {},
      sent: {},
      ...more,
    };
    await setUp().calls.insert(call, { tokenHash: call.id, nodeId: "node_test" });
  }

  test("of an empty workspace is nothing at all", async () => {
    const { usage } = setUp();
    const none = { last24h: 0, last7d: 0, last30d: 0, total: 0 };
    expect(await usage.totals("ws_empty", now)).toEqual({
      ...{ calls: none, callMs: none, messages: none },
      webhookDeliveries: { total: 0, delivered: 0, failed: 0, pending: 0 },
      activeNumbers: 0,
      agents: 0,
    });
    const days = await usage.series("ws_empty", { by: "day", count: 3, now, timeZone: "UTC" });
    expect(days.map(({ period }) => period)).toEqual(["2026-03-29", "2026-03-30", "2026-03-31"]);
    expect(days[0]).toMatchObject({ calls: 0, callMs: 0, messages: 0, webhookDeliveries: 0 });
    expect(await usage.byNumber("ws_empty")).toEqual([]);
    expect((await usage.byAgent("ws_empty", { period: "week", now, timeZone: "UTC" })).data).toEqual([]);
    expect(await usage.sumCalls("ws_empty")).toEqual({ calls: 0, callMs: 0 });
  });

  test("counts calls, their time and messages by age", async () => {
    const deps = setUp();
    for (const at of ["2026-03-31T10:00:00Z", "2026-03-27T10:00:00Z", "2026-03-10T10:00:00Z", "2025-01-01T00:00:00Z"])
      await storeCall("ws_totals", at);
    await storeCall("ws_elsewhere", "2026-03-31T10:00:00Z");
    const counts = { last24h: 1, last7d: 2, last30d: 3, total: 4 };
    const ms = { last24h: 60_000, last7d: 120_000, last30d: 180_000, total: 240_000 };
    expect(await deps.usage.totals("ws_totals", now)).toMatchObject({ calls: counts, callMs: ms });
    const range = { from: new Date("2026-03-01"), before: new Date("2026-03-28") };
    expect(await deps.usage.sumCalls("ws_totals", range)).toEqual({ calls: 2, callMs: 120_000 });
  });

  test("by day and by month follows the time zone", async () => {
    const { usage } = setUp();
    await storeCall("ws_days", "2026-03-31T22:10:00Z");
    await storeCall("ws_days", "2026-03-31T10:00:00Z");
    const days = (timeZone: string) => usage.series("ws_days", { by: "day", count: 2, now, timeZone });
    expect((await days("UTC")).map(({ period, calls }) => [period, calls])).toEqual([
      ["2026-03-30", 0],
      ["2026-03-31", 2],
    ]);
    expect((await days("Europe/Berlin")).map(({ period, calls, callMs }) => [period, calls, callMs])).toEqual([
      ["2026-03-31", 1, 60_000],
      ["2026-04-01", 1, 60_000],
    ]);
    const months = await usage.series("ws_days", { by: "month", count: 2, now, timeZone: "Europe/Berlin" });
    expect(months.map(({ period, calls }) => [period, calls])).toEqual([
      ["2026-03", 1],
      ["2026-04", 1],
    ]);
  });

  test("by number and by agent names them, and keeps what nobody did apart", async () => {
    const deps = setUp();
    const { agent } = await createAgent(deps, { workspaceId: "ws_by", settings: newAgentShape.parse({ name: "Ada" }) });
    const input = newPhoneNumberShape.parse({ country: "AU", agentId: agent.id });
    const number = await createPhoneNumber(deps, "ws_by", input);
    await sendMessage(deps, "ws_by", newMessageShape.parse({ to: "+442079460000", body: "x" }));
    await storeCall("ws_by", "2026-03-31T10:00:00Z", { agentId: agent.id, phoneNumberId: number.id });
    await storeCall("ws_by", "2026-03-31T11:00:00Z");
    await storeCall("ws_by", "2026-03-29T11:00:00Z", { agentId: agent.id });
    expect(await deps.usage.byNumber("ws_by")).toMatchObject([
      { phoneNumberId: number.id, agentName: "Ada", calls: 1, callMs: 60_000, messages: 1 },
    ]);
    const week = await deps.usage.byAgent("ws_by", { period: "week", now, timeZone: "UTC" });
    expect(week).toEqual({
      data: [
        { agentId: agent.id, agentName: "Ada", calls: 1, callMs: 60_000, messages: 1 },
        { calls: 1, callMs: 60_000, messages: 0 },
      ],
      from: "2026-03-30T00:00:00.000Z",
      before: "2026-04-06T00:00:00.000Z",
    });
    const month = await deps.usage.byAgent("ws_by", { period: "month", now, timeZone: "Europe/Berlin" });
    expect([month.from, month.before]).toEqual(["2026-03-31T22:00:00.000Z", "2026-04-30T22:00:00.000Z"]);
    expect(month.data).toMatchObject([{ agentId: agent.id, calls: 0 }]);
  });
});
