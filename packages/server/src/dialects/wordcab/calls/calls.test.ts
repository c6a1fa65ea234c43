import { randomInt } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createAgent } from "../../../agents/create-agent.ts";
import { parseSettings } from "../../../agents/update-agent.ts";
import { appendEntries } from "../../../calls/append-entries.ts";
import type { Call } from "../../../calls/call.ts";
import { type CallReservation, createIdleCallControl } from "../../../calls/call-control.ts";
import { entry, journal } from "../../../calls/testing/journal.ts";
import { newId } from "../../../new-id.ts";
import { describeOnEachDatabase } from "../../../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../../../workspaces/workspace.ts";
import { wordcabClient } from "../testing/wordcab-client.ts";

const STARTED = "2026-03-04T05:06:07.891Z";
const someNumber = () => `+1212${String(2_000_000 + randomInt(7_000_000))}`;
const STARTED_S = 1_772_600_767;

describeOnEachDatabase("Wordcab's calls", (database) => {
  let agentId = "";
  const dataDirectory = join(tmpdir(), newId("wordcab", Number(process.hrtime.bigint() % 1_000_000n)));
  const client = () => wordcabClient(database(), { dataDirectory });

  beforeAll(async () => {
    const settings = parseSettings({ name: "Ada" });
    agentId = (await createAgent(client().deps, { workspaceId: DEFAULT_WORKSPACE_ID, settings })).agent.id;
  });

  const insert = async (call: Partial<Call> = {}): Promise<string> => {
    const { deps } = client();
    const id = newId("call", deps.clock.now().getTime());
    await deps.calls.insert(
      {
        id,
        workspaceId: DEFAULT_WORKSPACE_ID,
        agentId,
        agentName: "Ada",
        direction: "outbound",
        fromNumber: "+12125550100",
        toNumber: "+12125550101",
        pace: "real",
        status: "created",
        variables: {},
        metadata: {},
        sent: {},
        createdAt: STARTED,
        updatedAt: STARTED,
        ...call,
      },
      { tokenHash: id, nodeId: "node_test" },
    );
    return id;
  };
  const end = async (id: string, reason: "caller-hung-up" | "busy" | "no-answer", durationMs: number) => {
    const { calls } = client().deps;
    if (durationMs > 0) await calls.markActive(id, STARTED);
    await calls.markEnded(id, { reason, durationMs, endedAt: "2026-03-04T05:07:07.891Z" });
  };
  const vendorAgentId = () => agentId.replace("agt_", "agent_");

  test("are told in seconds, with both numbers and what was sent along", async () => {
    const context = { name: "Bo", order: { id: 7 } };
    const id = await insert({
      variables: { name: "Bo", order: '{"id":7}' },
      metadata: { tier: "2" },
      sent: { wordcab: { context, metadata: { tier: 2 } } },
    });
    await end(id, "caller-hung-up", 60_400);
    for (const prefix of ["/v1", "/api/v1"])
      expect((await client().get(`${prefix}/calls/${id}`)).body).toEqual({
        id,
        object: "call",
        agent_id: vendorAgentId(),
        direction: "outbound",
        phone_number: "+12125550101",
        caller_id: "+12125550100",
        status: "completed",
        started_at: STARTED_S,
        ended_at: STARTED_S + 60,
        duration: 60,
        transcript_id: id.replace("call_", "tr_"),
        recording_url: null,
        context,
        metadata: { tier: 2 },
        error: null,
      });
  });

  const placing = async () => {
    const bridged: string[][] = [];
    const reserved: CallReservation[] = [];
    const control = {
      ...createIdleCallControl(),
      reserve: async (reservation: CallReservation) => void reserved.push(reservation),
      bridge: async (...ids: [string, string]) => {
        bridged.push(ids);
        return true;
      },
    };
    const placer = wordcabClient(database(), { dataDirectory, control });
    const agent = async (phoneNumber: string) => {
      const settings = { name: "Ada", system_prompt: "Hi {{name}}.", voice_id: "ember", phone_numbers: [phoneNumber] };
      return String((await placer.post("/v1/agents", settings)).body["id"]);
    };
    const [from, to] = [someNumber(), someNumber()];
    return { ...placer, from, to, caller: await agent(from), callee: await agent(to), bridged, reserved };
  };

  test("are placed from the agent's number, and reach the agent of the number called", async () => {
    const { post, get, from, to, caller, callee, bridged, reserved } = await placing();
    const order = {
      phone_number: to,
      context: { name: "Bo", "not a name": 1, order: { id: 7 } },
      max_duration: 60,
      metadata: { campaign: 3 },
      campaign_ref: "c-9",
    };
    const placed = await post(`/v1/agents/${caller}/calls`, order);
    expect(placed).toMatchObject({
      status: 201,
      body: {
        object: "call",
        agent_id: caller,
        direction: "outbound",
        phone_number: to,
        caller_id: from,
        context: order.context,
        metadata: { campaign: 3 },
        campaign_ref: "c-9",
      },
    });
    expect(bridged).toHaveLength(1);
    expect(reserved[0]).toMatchObject({
      agent: { isRecorded: false, maxDurationMs: 60_000 },
      call: { variables: { name: "Bo", order: '{"id":7}' }, metadata: { campaign: "3" } },
    });
    const inbound = (await get(`/v1/agents/${callee}/calls`)).body["data"];
    expect(inbound).toMatchObject([{ direction: "inbound", phone_number: to, caller_id: from, status: "ringing" }]);
  });

  test("are placed by POST calls too, once for each Idempotency-Key, half an hour long at most", async () => {
    const { post, to, from, caller, bridged, reserved } = await placing();
    const order = { agent_id: caller, phone_number: to, caller_id: from, record: true };
    const key = { "Idempotency-Key": newId("key", 3) };
    const first = await post("/api/v1/calls", order, key);
    expect((await post("/api/v1/calls", order, key)).body).toEqual(first.body);
    expect([first.status, bridged.length]).toEqual([201, 1]);
    expect(reserved[0]).toMatchObject({ agent: { isRecorded: true, maxDurationMs: 1_800_000 } });
  });

  test("to a number that nobody reaches fail, and say why", async () => {
    const { post, caller } = await placing();
    const placed = await post(`/v1/agents/${caller}/calls`, { phone_number: someNumber() });
    expect(placed).toMatchObject({ status: 201, body: { status: "failed", error: { code: "no_carrier" } } });
  });

  test.each([
    [{}, "phone_number", "missing_required_field"],
    [{ phone_number: "911" }, "phone_number", "invalid_value"],
    [{ phone_number: "+1911" }, "phone_number", "invalid_value"],
    [{ phone_number: "+12125550101", caller_id: "+12125550199" }, "caller_id", "invalid_value"],
    [{ phone_number: "+12125550101", max_duration: 0 }, "max_duration", "invalid_value"],
  ])("aren't placed by %j", async (body, param, code) => {
    const answer = await client().post(`/v1/agents/${vendorAgentId()}/calls`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { param, code } } });
  });

  test("aren't placed by agents of others", async () => {
    const answer = await client().post("/v1/agents/agent_0/calls", { phone_number: "+12125550101" });
    expect(answer).toMatchObject({ status: 404, body: { error: { type: "not_found_error" } } });
  });

  test("that failed say why, and have no transcript", async () => {
    const id = await insert();
    await end(id, "busy", 0);
    expect((await client().get(`/v1/calls/${id}`)).body).toMatchObject({
      status: "failed",
      started_at: null,
      duration: 0,
      transcript_id: null,
      error: { code: "busy", message: expect.any(String) },
    });
  });

  test("have a recording where there is one", async () => {
    const id = await insert();
    await end(id, "caller-hung-up", 1000);
    await mkdir(join(dataDirectory, "recordings"), { recursive: true });
    await writeFile(join(dataDirectory, "recordings", `${id}.wav`), "RIFF");
    const { body } = await client().get(`/v1/calls/${id}`);
    expect(body["recording_url"]).toBe(`http://localhost/v1/calls/${id}/recording`);
  });

  test("are listed for their agent, by status and time, page by page", async () => {
    const { deps } = client();
    const settings = parseSettings({ name: "Bea" });
    const { agent } = await createAgent(deps, { workspaceId: DEFAULT_WORKSPACE_ID, settings });
    const at = (seconds: number) => ({ agentId: agent.id, createdAt: deps.clock.at(seconds * 1000).toISOString() });
    const ids = [await insert(at(1000)), await insert(at(2000)), await insert(at(3000)), await insert(at(4000))];
    await end(ids[1] ?? "", "no-answer", 0);
    await end(ids[2] ?? "", "caller-hung-up", 1000);
    const list = async (query: string) => {
      const { status, body } = await client().get(`/v1/agents/${agent.id.replace("agt_", "agent_")}/calls${query}`);
      expect(status).toBe(200);
      return { ...body, ids: (body["data"] as { id: string }[]).map(({ id }) => ids.indexOf(id)) };
    };
    expect((await list("")).ids.toSorted()).toEqual([0, 1, 2, 3]);
    expect((await list("?status=no_answer")).ids).toEqual([1]);
    expect((await list("?status=completed")).ids).toEqual([2]);
    expect((await list("?status=failed")).ids).toEqual([]);
    expect((await list("?status=initiating")).ids.toSorted()).toEqual([0, 3]);
    expect((await list("?created_after=2000&created_before=4000")).ids.toSorted()).toEqual([1, 2]);
    expect((await list("?created_after=1970-01-01T00:50:00Z")).ids.toSorted()).toEqual([2, 3]);
    const first = (await list("?limit=3")) as Readonly<Record<string, unknown>> & { ids: number[] };
    expect(first).toMatchObject({ object: "list", has_more: true });
    const rest = await list(`?cursor=${String(first["next_cursor"])}`);
    expect(rest).toMatchObject({ has_more: false, next_cursor: null });
    expect([...first.ids, ...rest.ids].toSorted()).toEqual([0, 1, 2, 3]);
  });

  test.each([
    ["?status=busy", "status"],
    ["?limit=101", "limit"],
    ["?limit=0", "limit"],
    ["?cursor=abc", "cursor"],
    ["?cursor=cur_%00", "cursor"],
    ["?created_after=yesterday", "created_after"],
  ])("can't be listed by %s", async (query, param) => {
    const answer = await client().get(`/v1/calls${query}`);
    expect(answer).toMatchObject({ status: 400, body: { error: { param, type: "invalid_request_error" } } });
  });

  test("are ended, and ending a completed one changes nothing", async () => {
    const id = await insert();
    const ended = await client().post(`/v1/calls/${id}/end`);
    expect(ended).toMatchObject({ status: 200, body: { status: "completed", error: null } });
    expect((await client().post(`/v1/calls/${id}/end`)).body).toEqual(ended.body);
    expect(await client().post("/v1/calls/call_0/end")).toMatchObject({ status: 404 });
  });

  test("of other workspaces don't exist", async () => {
    const id = await insert({ workspaceId: "ws_other" });
    expect(await client().get(`/v1/calls/${id}`)).toMatchObject({
      status: 404,
      body: { error: { type: "not_found_error", code: "resource_not_found" } },
    });
  });

  test("have their words as a transcript", async () => {
    const id = await insert();
    await appendEntries(
      client().deps,
      id,
      journal([
        entry({ type: "leg-resumed", atMs: 0 }),
        entry({ type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 10, atMs: 20 }),
        entry({ type: "transcript-final", utteranceId: 1, text: "Hello?", atMs: 300 }),
        entry({ type: "call-ended", reason: "caller-hung-up", atMs: 400 }),
      ]),
    );
    await end(id, "caller-hung-up", 400);
    const { body } = await client().get(`/v1/calls/${id}`);
    expect((await client().get(`/v1/transcripts/${body["transcript_id"]}`)).body).toMatchObject({
      id: body["transcript_id"],
      object: "transcript",
      status: "completed",
      call_id: id,
      text: "Hello?",
      utterances: [{ speaker: "caller", text: "Hello?", start: 0.01 }],
    });
  });
});
