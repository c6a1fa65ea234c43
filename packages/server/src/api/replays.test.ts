import type { ReplyPart } from "@earshot/engine";
import { expect, test } from "vitest";
import { type CallScript, recordCall } from "../replays/testing/record-call.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { apiClient } from "./testing/api-client.ts";

const HOURS: CallScript["ask"] = async function* () {
  yield { type: "text", text: "We open at nine." };
};

describeOnEachDatabase("replays of the API", (database) => {
  async function setUp(complete: () => AsyncIterable<ReplyPart> = HOURS as () => AsyncIterable<ReplyPart>) {
    const client = apiClient(database(), { complete });
    const agent = { name: "Desk", greeting: { mode: "static", text: "Hello there." }, prompt: "You answer." };
    const { body } = await client.send("POST", "/v1/agents", agent);
    const agentId = String(body["id"]);
    const workspaceId = "ws_default";
    const texts = ["What are your hours?", "Thank you."];
    const { call } = await recordCall(client.deps, { workspaceId, agentId, texts, ask: HOURS });
    const replay = (input: object) => client.send("POST", `/v1/calls/${call.id}/replays`, input);
    return { ...client, agentId, call, replay };
  }

  test("ask no model where nothing has changed", async () => {
    const { replay, call } = await setUp(() => {
      throw new Error("asked");
    });
    const { status, body } = await replay({});
    expect(status).toBe(200);
    expect(body).toMatchObject({
      callId: call.id,
      outcome: "same",
      differences: 0,
      repliesAsked: 0,
      repliesReused: 2,
      end: { isSame: true, after: { reason: "caller-hung-up" } },
    });
    expect((body["turns"] as object[])[1]).toMatchObject({
      caller: "What are your hours?",
      before: { agent: "We open at nine." },
      after: { agent: "We open at nine." },
    });
  });

  test("tell turn by turn what another version says", async () => {
    const { send, agentId, replay } = await setUp(async function* () {
      yield { type: "text", text: "At nine, sir." };
    });
    await send("PATCH", `/v1/agents/${agentId}`, {
      greeting: { mode: "static", text: "Good day." },
      prompt: "Be formal.",
    });
    await send("POST", `/v1/agents/${agentId}/deploy`, {});
    await send("PATCH", `/v1/agents/${agentId}`, { prompt: "Be curt." });
    const { body } = await replay({ agentId, version: 1 });
    expect(body).toMatchObject({
      outcome: "different",
      differences: 3,
      after: { id: agentId, name: "Desk", version: 1 },
      repliesAsked: 2,
    });
    const turns = body["turns"] as { before: { agent: string }; after: { agent: string }; differences: string[] }[];
    expect(turns.map(({ before, after }) => [before.agent, after.agent])).toEqual([
      ["Hello there.", "Good day."],
      ["We open at nine.", "At nine, sir."],
      ["We open at nine.", "At nine, sir."],
    ]);
    expect(turns[1]?.differences).toEqual(["words"]);
  });

  test("are refused where they make no sense, with a reason", async () => {
    const { send, replay, agentId } = await setUp();
    expect((await replay({ agentId: "agt_none" })).status).toBe(404);
    expect((await replay({ version: 7 })).body["detail"]).toContain("has no version 7");
    expect((await replay({ version: 0 })).status).toBe(400);
    expect((await send("POST", "/v1/calls/call_none/replays", {})).status).toBe(404);
    await send("PATCH", `/v1/agents/${agentId}`, { mode: "webhook" });
    expect(await replay({})).toMatchObject({ status: 501, body: { code: "not_supported" } });
  });

  test("are two at once at most", async () => {
    const release = Promise.withResolvers<void>();
    const bothAsk = Promise.withResolvers<void>();
    let asking = 0;
    const { send, agentId, replay } = await setUp(async function* () {
      if (++asking === 2) bothAsk.resolve();
      await release.promise;
      yield { type: "text", text: "Late." };
    });
    await send("PATCH", `/v1/agents/${agentId}`, { prompt: "Be late." });
    const first = [replay({}), replay({})];
    await bothAsk.promise;
    expect((await replay({})).status).toBe(429);
    release.resolve();
    for (const { status } of await Promise.all(first)) expect(status).toBe(200);
    expect((await replay({})).status).toBe(200);
  });
});
