import { expect, test } from "vitest";
import type { Call } from "../../calls/call.ts";
import { createIdleCallControl } from "../../calls/call-control.ts";
import { newId } from "../../new-id.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import type { Json } from "./testing/hms-client.ts";
import { setUp } from "./testing/set-up.ts";

const CLOCK = new FakeWallClock("2026-03-04T05:06:07.000Z");

describeOnEachDatabase("HMS calls", (database) => {
  /** In a workspace of its own, lest other tests' calls are counted. */
  const start = async (control = createIdleCallControl()) => {
    const base = setUp(database(), { control });
    const child = await base.hms.post<{ api_key: string; id: string }>("/organizations", { name: "Calls" });
    const [workspace] = await base.deps.workspaces.list("ws_default", { limit: 1 });
    return { ...base, hms: base.clientOf(child.api_key), workspaceId: workspace?.id ?? "" };
  };

  const insert = async ({ deps, workspaceId }: Awaited<ReturnType<typeof start>>, changes: Partial<Call>) => {
    const at = changes.createdAt ?? CLOCK.now().toISOString();
    const call: Call = {
      id: newId("call", Date.parse(at)),
      workspaceId,
      agentName: "Ada",
      direction: "inbound",
      fromNumber: "+31612345678",
      toNumber: "+31850835037",
      pace: "real",
      status: "active",
      createdAt: at,
      updatedAt: at,
      variables: {},
      metadata: {},
      sent: {},
      ...changes,
    };
    await deps.calls.insert(call, { tokenHash: "00", nodeId: "node_test" });
    if (call.startedAt !== undefined) await deps.calls.markActive(call.id, call.startedAt);
    return call;
  };

  test("are listed with their pagination, filtered by status and day", async () => {
    const all = await start();
    const { hms } = all;
    await insert(all, {
      status: "ended",
      endReason: "caller-hung-up",
      durationMs: 84_400,
      createdAt: "2026-03-01T12:00:00.000Z",
    });
    await insert(all, {
      status: "ended",
      endReason: "no-answer",
      direction: "outbound",
      createdAt: "2026-03-02T23:59:59.000Z",
    });
    await insert(all, { createdAt: "2026-03-03T00:00:00.000Z" });
    const list = (query: Record<string, string | number> = {}) =>
      hms.get<{ calls: Json[]; pagination: Json }>("/calls", query);
    const whole = await list();
    expect(whole.pagination).toEqual({ total: 3, limit: 50, offset: 0 });
    expect(whole.calls.map(({ status }) => status)).toEqual(["in-progress", "failed", "ended"]);
    expect(await list({ limit: 1, offset: 1 })).toMatchObject({
      calls: [{ status: "failed", end_reason: "no_answer" }],
      pagination: { total: 3, limit: 1, offset: 1 },
    });
    expect((await list({ status: "ended" })).calls).toMatchObject([
      { end_reason: "user_hangup", duration_seconds: 84 },
    ]);
    expect((await list({ status: "connecting" })).pagination).toMatchObject({ total: 0 });
    expect((await list({ start_date: "2026-03-02", end_date: "2026-03-02" })).pagination).toMatchObject({ total: 1 });
    await expect(list({ status: "lost" })).rejects.toMatchObject({ status: 400, param: "status" });
    await expect(list({ limit: 101 })).rejects.toMatchObject({ status: 400, param: "limit" });
    await expect(list({ start_date: "soon" })).rejects.toMatchObject({ status: 400, param: "start_date" });
    const usage = await hms.get<{ logs: Json[]; usage: Json[]; summary: Json }>("/usage");
    expect(usage.logs).toEqual(usage.usage);
    expect(usage.summary).toEqual({
      total_calls: 2,
      total_duration_seconds: 84,
      total_duration_minutes: 1.41,
      total_seconds: 84,
      total_minutes: 1.41,
      total_cost: 0,
    });
  });

  test("are read bare, under an id that says who called", async () => {
    const all = await start();
    const call = await insert(all, { startedAt: "2026-03-04T05:06:08.000Z", status: "created" });
    const id = `call-_+31612345678_${call.id.slice(5)}`;
    const shown = await all.hms.get(`/calls/${id}`);
    expect(shown).toMatchObject({
      id,
      caller_phone: "+31612345678",
      assistant_phone: "+31850835037",
      phone_number: "+31850835037",
      status: "in-progress",
      direction: "inbound",
      started_at: "2026-03-04T05:06:08.000Z",
      ended_at: null,
      end_reason: null,
      room_name: id,
      agent_id: null,
      agent_name: "Ada",
      messages: [],
    });
    expect(await all.hms.get(`/calls/${call.id}`)).toEqual(shown);
    await expect(all.hms.get("/calls/call-_+31_nothing")).rejects.toMatchObject({ status: 404 });
    const stranger = setUp(database()).hms;
    await expect(stranger.get(`/calls/${id}`)).rejects.toMatchObject({ status: 404, code: "not_found" });
  });

  test("that are in progress take orders, ten a minute", async () => {
    const orders: unknown[] = [];
    const all = await start({
      ...createIdleCallControl(),
      say: async (_id, say) => orders.push(say) > 0,
      injectContext: async (_id, context) => orders.push(context) > 0,
      transfer: async (_id, order) => orders.push(order) > 0,
      end: async (id) => {
        orders.push("end");
        const endedAt = CLOCK.now().toISOString();
        return all.deps.calls.markEnded(id, { reason: "api-request", endedAt, durationMs: 0 });
      },
    });
    const call = await insert(all, {});
    const control = (body: unknown, id = call.id) => all.hms.post(`/calls/${id}/control`, body);
    expect(await control({ type: "inject-context", content: "VIP", trigger_response: true })).toMatchObject({
      success: true,
    });
    await control({ type: "say", content: "Hello", end_after: false });
    await control({ type: "end-call", message: "Bye" });
    await control({ type: "transfer", destination: "+31201234567", message: "One moment." });
    await control({ type: "end-call" });
    expect(orders).toEqual([
      { content: "VIP", shouldReply: true },
      { text: "Hello", endAfter: false },
      { text: "Bye", endAfter: true },
      { destination: "+31201234567", mode: "cold", say: "One moment." },
      "end",
    ]);
    const ended = { status: 400, code: "call_not_in_progress" };
    await expect(control({ type: "say", content: "Anybody?" })).rejects.toMatchObject(ended);
    for (let count = 6; count < 10; count++) await control({ type: "say", content: "?" }).catch(() => undefined);
    const limited = { status: 429, code: "rate_limit_exceeded", retryAfterS: expect.any(Number) };
    await expect(control({ type: "say", content: "?" })).rejects.toMatchObject(limited);
    await expect(control({ type: "say", content: "?" }, "call_unknown")).rejects.toMatchObject({ status: 404 });
    await expect(control({ type: "dance" })).rejects.toMatchObject({ status: 400, param: "type" });
    await expect(control({ type: "say" })).rejects.toMatchObject({
      status: 400,
      param: "content",
      code: "missing_field",
    });
    await expect(control({ type: "transfer", destination: "12" })).rejects.toMatchObject({ param: "destination" });
  });

  test("from a browser get a token and the socket to bring it to", async () => {
    const reserved: { call: Call; agent: { prompt: string; greeting: unknown } }[] = [];
    const all = await start({
      ...createIdleCallControl(),
      reserve: async (reservation) => void reserved.push(reservation),
    });
    const { agent } = await all.hms.post<{ agent: { id: string } }>("/agents", {
      name: "Web",
      first_message: "Hi",
      speech_config: { first_message_outbound: "Hi, this is Web." },
      llm_config: { provider: "openai", model: "gpt-4o", messages: [{ role: "system", content: "Saved." }] },
    });
    const llm = { provider: "openai", model: "gpt-4o-mini", messages: [{ role: "system", content: "Override." }] };
    for (const path of ["/web-calls", "/../../v1/web-calls"]) {
      const answer = await all.hms.post<{ token: string; server_url: string; call_id: string }>(path, {
        assistant_id: agent.id,
        assistant_override: { llm_config: llm, metadata: { crm_id: 7 } },
      });
      expect(answer.server_url).toMatch(/^ws:\/\/localhost\/v1\/calls\/call_\w+\/audio\?token=/);
      expect(answer.server_url.endsWith(answer.token)).toBe(true);
      expect(await all.hms.get(`/calls/${answer.call_id}`)).toMatchObject({
        direction: "web",
        status: "connecting",
        caller_phone: null,
        agent_id: agent.id,
        metadata: { crm_id: 7 },
      });
    }
    await all.hms.post("/web-calls", { assistant: { llm_config: llm, first_message: "Once." } });
    expect(reserved.map(({ agent: { prompt, greeting } }) => [prompt, greeting])).toEqual([
      ["Override.", { mode: "static", text: "Hi" }],
      ["Override.", { mode: "static", text: "Hi" }],
      ["Override.", { mode: "static", text: "Once." }],
    ]);
    const ask = (body: unknown) => all.hms.post("/web-calls", body);
    await expect(ask({})).rejects.toMatchObject({ status: 400, param: "assistant_id" });
    await expect(ask({ assistant: {} })).rejects.toMatchObject({ param: "assistant.llm_config" });
    await expect(ask({ assistant_id: "no" })).rejects.toMatchObject({ status: 404 });
    await expect(ask({ assistant_id: agent.id, assistant: {} })).rejects.toMatchObject({ param: "assistant" });
    const wrong = { assistant_id: agent.id, assistant_override: { llm_config: { provider: "acme" } } };
    await expect(ask(wrong)).rejects.toMatchObject({ status: 400, param: "llm_config.provider" });
  });
});
