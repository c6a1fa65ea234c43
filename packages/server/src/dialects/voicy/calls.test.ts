import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Effect } from "@earshot/engine";
import { expect, test } from "vitest";
import { newAgentShape } from "../../agents/agent.ts";
import type { Call } from "../../calls/call.ts";
import { entry, journal } from "../../calls/testing/journal.ts";
import { newId } from "../../new-id.ts";
import { recordingPath } from "../../recordings/recording-paths.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import { seedCall } from "./testing/seed-call.ts";
import { type VoicyClient, voicyClient } from "./testing/voicy-client.ts";
import { toVoicyId } from "./voicy-id.ts";

type Json = Readonly<Record<string, unknown>>;
const reply = (replyId: string, from: number, text: string, purpose: "greeting" | "answer") => [
  entry({ type: "timer-fired", timer: "end-of-turn", timerId: 1, atMs: from }, [
    { type: "start-reply", replyId, purpose } satisfies Effect,
  ]),
  entry({ type: "reply-text-started", replyId, atMs: from }),
  entry({ type: "reply-sentence", replyId, text, atMs: from }),
  entry({ type: "reply-audio-ready", replyId, atMs: from }),
  entry({ type: "reply-audio-started", replyId, atMs: from }),
  entry({ type: "reply-heard", replyId, text, atMs: from + 500 }),
];
const conversation = journal([
  ...reply("r1", 0, "Hello, what can I do for you?", "greeting"),
  entry({ type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 2500, atMs: 2600 }),
  entry({ type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 2900, atMs: 2950 }),
  entry({ type: "transcript-final", utteranceId: 1, text: "Where is my order?", atMs: 3000 }),
  entry({
    type: "tool-requested",
    replyId: "r2",
    toolCallId: "t1",
    name: "look_up_order",
    arguments: '{"customer_id":"C-1","api_key":"k"}',
    atMs: 3100,
  }),
  entry({ type: "tool-finished", toolCallId: "t1", outcome: "succeeded", result: '{"status":"shipped"}', atMs: 3342 }),
  ...reply("r3", 3800, "It was shipped yesterday.", "answer"),
]);

async function withAgent({ deps }: VoicyClient) {
  const settings = newAgentShape.parse({
    name: "Customer Support Agent",
    tools: [
      {
        kind: "webhook",
        name: "look_up_order",
        description: "",
        url: "https://crm.example.com/orders",
        headers: { Authorization: "Bearer x", "Accept-Language": "en" },
      },
    ],
  });
  const id = newId("agt", deps.clock.now().getTime());
  await deps.agents.insert({
    workspaceId: DEFAULT_WORKSPACE_ID,
    id,
    settings,
    sent: {},
    createdAt: deps.clock.now(),
  });
  return id;
}

describeOnEachDatabase("Voicy's calls", (database) => {
  const list = async ({ send }: VoicyClient, body: object) => {
    const answer = await send("POST", "/v1/list-calls", body);
    expect(answer.status, answer.text).toBe(200);
    return (answer.json as unknown as Json[]).map(({ call_id }) => call_id);
  };

  test("are shown as documented", async () => {
    const client = voicyClient(database());
    const agentId = await withAgent(client);
    const call = await seedCall(
      client.deps.calls,
      {
        agentId,
        agentRevision: 1,
        agentVersion: 2,
        endReason: "caller-hung-up",
        durationMs: 120_000,
        variables: { customer_name: "John" },
      },
      conversation,
    );
    const documented = JSON.parse(await readFile(new URL("fixtures/call.json", import.meta.url), "utf8")) as Json;
    const { status, json } = await client.send("GET", `/v1/get-call/${toVoicyId(call.id)}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...documented,
      call_id: toVoicyId(call.id),
      agent: { ...(documented["agent"] as Json), id: toVoicyId(agentId) },
      account: { id: expect.any(String), name: "Default" },
    });
    expect(Object.keys(json)).toEqual(Object.keys(documented));
    const [greeting, , , , answer] = json["transcript"] as Json[];
    expect(greeting).not.toHaveProperty("latency");
    expect(answer).toMatchObject({ latency: { vad_delay_ms: 50, stt_finalize_ms: 50, total_perceived_ms: 900 } });
    expect(answer?.["latency_breakdown"]).toEqual(answer?.["latency"]);
    expect((await client.send("GET", `/functions/v1/call-get/${toVoicyId(call.id)}`)).json).toEqual(json);
    expect((await client.send("GET", `/v1/call-get/${toVoicyId(call.id)}`)).json).toEqual(json);
    expect((await client.send("GET", `/v1/get-call/${call.id}`)).json).toEqual(json);
  });

  test("show null for what there isn't", async () => {
    const client = voicyClient(database());
    const call = await seedCall(client.deps.calls, { direction: "web", status: "created" });
    expect((await client.send("GET", `/v1/get-call/${toVoicyId(call.id)}`)).json).toMatchObject({
      call_type: "web_call",
      call_status: "initiated",
      direction: "incoming",
      agent: { id: null, version: null },
      duration_ms: null,
      transcript: null,
      recording_url: null,
      summary: null,
    });
  });

  test("say in Voicy's words how they stand and ended, and are found by them", async () => {
    const client = voicyClient(database());
    const createdAt = "2024-02-01T00:00:00.000Z";
    const states: readonly (readonly [Partial<Call>, string])[] = [
      [{ status: "created" }, "initiated"],
      [{ status: "ringing" }, "ringing"],
      [{ status: "active" }, "ongoing"],
      [{ endReason: "caller-hung-up" }, "user_hangup"],
      [{ endReason: "agent-hung-up" }, "agent_hangup"],
      [{ endReason: "max-duration" }, "agent_hangup"],
      [{ endReason: "silence-timeout" }, "inactivity"],
      [{ endReason: "busy" }, "busy"],
      [{ endReason: "no-answer" }, "no_answer"],
      [{ endReason: "canceled" }, "canceled"],
      [{ endReason: "provider-failure" }, "error"],
    ];
    const time = { lower_threshold: Date.parse(createdAt), upper_threshold: Date.parse(createdAt) };
    const byWord = new Map<string, string[]>();
    for (const [given, word] of states) {
      const { id } = await seedCall(client.deps.calls, { ...given, createdAt });
      byWord.set(word, [...(byWord.get(word) ?? []), toVoicyId(id)]);
      expect((await client.send("GET", `/v1/get-call/${toVoicyId(id)}`)).json["call_status"]).toBe(word);
    }
    const find = async (...call_status: string[]) =>
      (await list(client, { filter_criteria: { call_status, start_timestamp: time } })).toSorted();
    for (const [word, ids] of byWord) expect(await find(word)).toEqual(ids.toSorted());
    const both = [...(byWord.get("ongoing") ?? []), ...(byWord.get("busy") ?? [])];
    expect(await find("ongoing", "busy")).toEqual(both.toSorted());
    expect(await find("in_progress")).toEqual(byWord.get("ongoing"));
    expect(await find("ended")).toHaveLength(8);
    expect(await find("error_inactivity")).toEqual([]);
  });

  test("come in pages in either order, without gaps or repetitions", async () => {
    const client = voicyClient(database());
    const ids: string[] = [];
    for (let n = 0; n < 5; n++)
      ids.push(toVoicyId((await seedCall(client.deps.calls, { createdAt: `2024-03-01T00:00:0${n}.000Z` })).id));
    const filter_criteria = {
      start_timestamp: { lower_threshold: Date.parse("2024-03-01"), upper_threshold: Date.parse("2024-03-02") },
    };
    for (const sort_order of ["ascending", "descending"]) {
      const seen: unknown[] = [];
      let pagination_key: unknown;
      do {
        const page = await list(client, { filter_criteria, sort_order, limit: 2, pagination_key });
        seen.push(...page);
        pagination_key = page.length === 2 ? page.at(-1) : undefined;
      } while (pagination_key !== undefined);
      expect(seen).toEqual(sort_order === "ascending" ? ids : ids.toReversed());
    }
    const current = await client.send("POST", "/functions/v1/call-list", { filter_criteria, limit: 2 });
    expect(current.json).toMatchObject({ calls: [{ call_id: ids[4] }, { call_id: ids[3] }], total_count: 5 });
  });

  test("are filtered by agent, direction and time; entries are light; tests are hidden by the current generation", async () => {
    const client = voicyClient(database());
    const agentId = await withAgent(client);
    const at = (day: number) => `2024-04-0${day}T00:00:00.000Z`;
    const seed = async (given: Partial<Call>) => toVoicyId((await seedCall(client.deps.calls, given)).id);
    const incoming = await seed({ agentId, direction: "inbound", createdAt: at(1) });
    const web = await seed({ agentId, direction: "web", createdAt: at(2) });
    const outgoing = await seed({ agentId, direction: "outbound", createdAt: at(3) });
    const fast = await seed({ agentId, direction: "web", pace: "fast", createdAt: at(4) });
    const agent_id = [toVoicyId(agentId)];
    const find = (more: object) => list(client, { filter_criteria: { agent_id, ...more } });
    expect(await find({})).toEqual([fast, outgoing, web, incoming]);
    expect(await find({ direction: ["outgoing"] })).toEqual([outgoing]);
    expect(await find({ direction: ["inbound"] })).toEqual([fast, web, incoming]);
    expect(
      await find({ start_timestamp: { lower_threshold: Date.parse(at(2)), upper_threshold: Date.parse(at(3)) } }),
    ).toEqual([outgoing, web]);
    expect(await list(client, { filter_criteria: { agent_id: ["not-one"] } })).toEqual([]);
    const current = async (more: object) => {
      const { json } = await client.send("POST", "/functions/v1/call-list", { filter_criteria: { agent_id, ...more } });
      return [json["total_count"], (json["calls"] as Json[])[0]] as const;
    };
    const [total, newest] = await current({});
    expect([total, newest?.["call_id"]]).toEqual([3, outgoing]);
    for (const heavy of ["transcript", "summary", "recording_url", "detected_gender", "vars_provided"])
      expect(newest).not.toHaveProperty(heavy);
    expect((await current({ include_test_calls: true }))[0]).toBe(4);
  });

  test("carry metadata of whatever kind, of which our API sees what fits", async () => {
    const client = voicyClient(database());
    const { id } = await seedCall(client.deps.calls, { endReason: "caller-hung-up" });
    const metadata = { crm_id: "12345", follow_up: true, nested: { deep: [1] } };
    const path = `/v1/update-call/${toVoicyId(id)}`;
    const updated = await client.send("PATCH", path, { metadata, note: "ours to keep", call_status: "busy" });
    expect(updated.status).toBe(200);
    expect(updated.json).toMatchObject({ metadata, note: "ours to keep", call_status: "user_hangup" });
    expect((await client.send("GET", `own:/v1/calls/${id}`)).json["metadata"]).toEqual({
      crm_id: "12345",
      follow_up: "true",
    });
    const large = await client.send("PATCH", path, { metadata: { text: "x".repeat(60_000) } });
    expect([large.status, large.json]).toEqual([400, { error: "metadata: must be at most 50 KB of JSON" }]);
    expect((await client.send("PATCH", path, {})).json).toEqual({ error: "metadata is required" });
  });

  test("are deleted one by one and by the hundred, with their recordings, once they are over", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "earshot-voicy-"));
    await mkdir(join(dataDirectory, "recordings"));
    const client = voicyClient(database(), { dataDirectory });
    const over = async () => (await seedCall(client.deps.calls, { endReason: "caller-hung-up" })).id;
    const [first, second, third, live] = [await over(), await over(), await over(), ""];
    const open = (await seedCall(client.deps.calls, { status: "active" })).id;
    await writeFile(recordingPath(dataDirectory, first), "wav");
    const remove = (path: string) => client.send("DELETE", path);
    expect((await remove(`/v1/delete-call/${toVoicyId(open)}`)).status).toBe(422);
    expect((await remove(`/v1/delete-call/${toVoicyId(first)}`)).status).toBe(204);
    await expect(readFile(recordingPath(dataDirectory, first))).rejects.toThrow("ENOENT");
    const gone = await client.send("GET", `/v1/get-call/${toVoicyId(first)}`);
    expect([gone.status, gone.json]).toEqual([404, { error: "Call not found" }]);
    expect((await remove(`/functions/v1/call-delete/${toVoicyId(second)}`)).json).toEqual({ deleted_count: 1 });
    const batch = { call_ids: [second, third, third, open, live].map(toVoicyId) };
    expect((await client.send("POST", "/functions/v1/call-delete", batch)).json).toEqual({ deleted_count: 1 });
    expect((await client.send("POST", "/v1/delete-calls", { call_ids: [] })).status).toBe(400);
  });

  test("have a recording whose link needs no key, for an hour", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "earshot-voicy-"));
    await mkdir(join(dataDirectory, "recordings"));
    const clock = new FakeWallClock();
    const client = voicyClient(database(), { dataDirectory, clock });
    const { id } = await seedCall(client.deps.calls, { endReason: "caller-hung-up" });
    await writeFile(recordingPath(dataDirectory, id), "RIFFdata");
    const { json } = await client.send("GET", `/v1/get-call/${toVoicyId(id)}`);
    const url = new URL(String(json["recording_url"]));
    const fetched = await client.app.request(url.href, { headers: { Range: "bytes=0-3" } });
    expect([fetched.status, await fetched.text(), fetched.headers.get("Content-Type")]).toEqual([
      206,
      "RIFF",
      "audio/wav",
    ]);
    const other = new URL(url);
    other.pathname = `/voicy/v1/recordings/${toVoicyId((await seedCall(client.deps.calls)).id)}`;
    expect((await client.app.request(other.href)).status).toBe(401);
    const longer = new URL(url);
    longer.searchParams.set("expires", String(Number(url.searchParams.get("expires")) + 1));
    expect((await client.app.request(longer.href)).status).toBe(401);
    clock.advance(3_600_001);
    const late = await client.app.request(url.href);
    expect([late.status, await late.json()]).toEqual([401, { error: "Invalid or expired token" }]);
  });
});
