import { afterAll, beforeAll, expect, test } from "vitest";
import { appendEntries } from "../../calls/append-entries.ts";
import { admitCaller } from "../../calls/call-token.ts";
import { entry } from "../../calls/testing/journal.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";
import { holdCall, SAID } from "./testing/held-call.ts";

describeOnEachDatabase("calls of AgentPhone", (database) => {
  let server: AgentPhoneServer;
  let agentId: string;
  beforeAll(async () => {
    server = await startAgentPhone(database());
    ({ id: agentId } = await server.client.agents.createAgent({ name: "Hosted", voiceMode: "hosted" }));
  });
  afterAll(() => server.close());
  const makeCall = async () =>
    (await server.client.calls.createWebCall({ agentId })) as { callId: string; accessToken: string };

  test("in the browser begin within 30 seconds, or not at all", async () => {
    const { callId, accessToken } = await makeCall();
    const { calls } = server.deps;
    const opens = (afterMs: number) => {
      const clock = { ...systemWallClock, now: () => new Date(Date.now() + afterMs) };
      return admitCaller({ calls, clock }, callId, accessToken);
    };
    expect(await opens(31_000)).toBeUndefined();
    expect(await opens(29_000)).toHaveProperty("resumeToken");
    expect(await opens(29_000)).toBeUndefined();
  });

  test("are answered at their end to those who wait for it", async () => {
    const { callId } = await makeCall();
    const waiting = server.send("GET", `/v1/calls/${callId}?wait=true&timeout=20`);
    await holdCall(server.deps, callId);
    expect((await waiting).body).toMatchObject({ status: "completed", durationSeconds: 5 });
  });

  test("are answered as they are when the wait is over", async () => {
    const { callId } = await makeCall();
    expect((await server.send("GET", `/v1/calls/${callId}?wait=1&timeout=0.05`)).body).toMatchObject({
      status: "registered",
    });
    expect((await server.send("GET", `/v1/calls/${callId}?wait=perhaps`)).status).toBe(422);
  });

  test("are read along: what was said comes first, then what is said, then the end", async () => {
    const { callId } = await makeCall();
    await holdCall(server.deps, callId, SAID.slice(0, 3));
    const response = await fetch(`${server.baseUrl}/v1/calls/${callId}/transcript/stream`, {
      headers: { Authorization: "Bearer a-key-for-tests-only" },
    });
    expect(response.headers.get("Content-Type")).toContain("text/event-stream");
    const events = readEvents(response);
    expect(await events.next()).toEqual({
      event: "connected",
      data: {
        ...{
          callId,
          status: "in-progress",
          agentId,
          agentName: "Hosted",
          direction: "web",
          fromNumber: "",
          toNumber: "",
        },
        startedAt: "2026-03-01T12:00:00.000Z",
      },
    });
    const turn = (role: string, content: string, createdAt: string) => ({
      event: "turn",
      data: { role, content, createdAt },
    });
    expect(await events.next()).toEqual(turn("agent", "Hello!", "2026-03-01T12:00:00.900Z"));
    const rest = SAID.slice(3).map((event, index) => ({ seq: index + 4, ...entry(event) }));
    await appendEntries(server.deps, callId, rest);
    expect(await events.next()).toEqual(turn("user", "When do you open?", "2026-03-01T12:00:01.500Z"));
    expect(await events.next()).toEqual(turn("agent", "At nine, every day.", "2026-03-01T12:00:04.000Z"));
    const endedAt = "2026-03-01T12:00:05.000Z";
    await server.deps.calls.markEnded(callId, { reason: "agent-hung-up", endedAt, durationMs: 5000 });
    expect(await events.next()).toEqual({
      event: "ended",
      data: { callId, status: "completed", endedAt, durationSeconds: 5 },
    });
    expect(await events.next()).toBeUndefined();
  });

  test("are listed page by page, newest first", async () => {
    const { id } = await server.client.agents.createAgent({ name: "Busy" });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++)
      ids.unshift(((await server.client.calls.createWebCall({ agentId: id })) as { callId: string }).callId);
    const page = async (query: string) => {
      const { data, ...rest } = (await server.send("GET", `/v1/calls?agent_id=${id}${query}`)).body;
      return { ids: data.map((call: { id: string }) => call.id), ...rest };
    };
    expect(await page("&limit=2")).toEqual({ ids: ids.slice(0, 2), hasMore: true, total: 3 });
    expect(await page("&limit=2&offset=2")).toEqual({ ids: ids.slice(2), hasMore: false, total: 3 });
    expect(await page("&status=registered&direction=web&search=")).toMatchObject({ total: 3 });
    expect(await page("&direction=inbound&type=web")).toEqual({ ids: [], hasMore: false, total: 0 });
    expect((await server.send("GET", "/v1/calls?limit=101")).body.detail).toMatchObject([{ loc: ["query", "limit"] }]);
    expect((await server.send("GET", "/v1/calls?status=weird")).status).toBe(422);
  });

  test("with variables need somebody to fill them in", async () => {
    const { id } = await server.client.agents.createAgent({ name: "Hook", voiceMode: "webhook" });
    const answer = await server.send("POST", "/v1/calls/web", { agentId: id, variables: { who: "Ada" } });
    expect([answer.status, answer.body.error.details[0].field]).toEqual([422, "variables"]);
  });

  test("of a deleted agent keep existing without it", async () => {
    const { id } = await server.client.agents.createAgent({ name: "Leaving" });
    const { callId } = (await server.client.calls.createWebCall({ agentId: id })) as { callId: string };
    await server.client.agents.deleteAgent({ agent_id: id });
    expect(await server.client.calls.getCall({ call_id: callId })).toMatchObject({ agentId: null });
  });

  test("of others are not found", async () => {
    const account = (await server.client.subAccounts.createSubAccount({ name: "Child" })) as { id: string };
    const { callId } = await makeCall();
    for (const path of ["", "/transcript", "/transcript/stream", "/recording"])
      expect(
        (await server.send("GET", `/v1/calls/${callId}${path}`, undefined, { "X-Sub-Account-Id": account.id })).status,
      ).toBe(404);
  });
});

/** The events of a stream, one by one; undefined at its end. */
function readEvents(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next(): Promise<{ event: string; data: unknown } | undefined> {
      while (!text.includes("\n\n")) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return undefined;
        text += value;
      }
      const at = text.indexOf("\n\n");
      const fields = new Map(
        text
          .slice(0, at)
          .split("\n")
          .map((line) => line.split(": ", 2) as [string, string]),
      );
      const data =
        text
          .slice(0, at)
          .split("\n")
          .find((line) => line.startsWith("data: "))
          ?.slice(6) ?? "null";
      text = text.slice(at + 2);
      return { event: fields.get("event") ?? "", data: JSON.parse(data) };
    },
  };
}
