import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../app-error.ts";
import { appendEntries } from "../calls/append-entries.ts";
import { createIdleCallControl } from "../calls/call-control.ts";
import { entry, journal } from "../calls/testing/journal.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import { createApp } from "./create-app.ts";
import { TEST_KEY, testDeps } from "./testing/test-deps.ts";

let opened: EmbeddedTestDatabase;
beforeAll(async () => {
  opened = await openEmbeddedForTest();
}, 60_000);
afterAll(() => opened.dispose());

const headers = { Authorization: `Bearer ${TEST_KEY}`, "Content-Type": "application/json" };

async function setUp(overrides: Partial<AppDeps> = {}) {
  const deps = testDeps(opened.database, { dataDirectory: opened.dataDirectory, ...overrides });
  const api = createApp(deps);
  const post = (path: string, body?: object) =>
    api.request(path, { method: "POST", headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const get = (path: string, extra: Record<string, string> = {}) =>
    api.request(path, { headers: { ...headers, ...extra } });
  const agent = (await (await post("/v1/agents", { name: "Ada" })).json()) as { id: string };
  return { deps, post, get, agentId: agent.id };
}

async function newCall(fixture: Awaited<ReturnType<typeof setUp>>): Promise<string> {
  const response = await fixture.post("/v1/calls", { agentId: fixture.agentId });
  return ((await response.json()) as { id: string }).id;
}

const heard = journal([
  entry({ type: "leg-resumed", atMs: 0 }),
  entry({ type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 10, atMs: 20 }),
  entry({ type: "transcript-final", utteranceId: 1, text: "Hello?", atMs: 300 }),
  entry({ type: "call-ended", reason: "caller-hung-up", atMs: 400 }),
]);

describe("a call", () => {
  test("is created for an agent, with a token for its audio", async () => {
    const fixture = await setUp();
    const response = await fixture.post("/v1/calls", { agentId: fixture.agentId, variables: { name: "Bo" } });
    expect(response.status).toBe(201);
    const call = (await response.json()) as Record<string, string>;
    expect(call).toMatchObject({ status: "created", agentName: "Ada", pace: "real", transcript: [], turns: [] });
    expect(call["audioUrl"]).toBe(`ws://localhost/v1/calls/${call["id"]}/audio?token=${call["token"]}`);
    const read = await (await fixture.get(`/v1/calls/${call["id"]}`)).json();
    expect(read).toMatchObject({ id: call["id"], variables: { name: "Bo" } });
    expect(read).not.toHaveProperty("token");
  });

  test("may change what an agent greets with, and whether it does", async () => {
    const fixture = await setUp();
    const greeting = { mode: "static", text: "Welcome." };
    const agent = await (await fixture.post("/v1/agents", { name: "Ada", greeting })).json();
    const { id: agentId } = agent as { id: string };
    for (const other of [{ mode: "off" }, { mode: "dynamic" }, { mode: "static", text: "Hello." }]) {
      const response = await fixture.post("/v1/calls", { agentId, overrides: { greeting: other } });
      expect(response.status).toBe(201);
    }
  });

  test("tells which variables it lacks, and isn't made without them when it is strict", async () => {
    const fixture = await setUp();
    const agent = await (
      await fixture.post("/v1/agents", {
        name: "Ada",
        prompt: '{{day}} {{nick | "x"}} {{caller}}',
        inputs: [{ name: "people", type: "number" }],
      })
    ).json();
    expect(agent).toMatchObject({ warnings: [{ code: "unknown_variable", field: "prompt" }] });
    const { id: agentId } = agent as { id: string };
    const loose = await (await fixture.post("/v1/calls", { agentId })).json();
    expect(loose).toMatchObject({ missingVariables: ["people", "caller"], values: {} });
    const strict = await fixture.post("/v1/calls", { agentId, strict: true, variables: { people: "4" } });
    expect(strict.status).toBe(422);
    expect(await strict.json()).toMatchObject({ code: "missing_variables" });
    const wrong = await fixture.post("/v1/calls", { agentId, variables: { people: "some" } });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ errors: [{ path: "variables.people" }] });
    const whole = await fixture.post("/v1/calls", { agentId, strict: true, variables: { people: "4", caller: "Bo" } });
    expect(await whole.json()).not.toHaveProperty("missingVariables");
  });

  test("shows what its agent learnt, the latest of each name, and tells it at the end", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    const learnt = journal([
      entry({ type: "values-learnt", values: { people: 3, day: "2026-03-01" }, atMs: 10 }),
      entry({ type: "values-learnt", values: { people: 4 }, atMs: 20 }),
    ]);
    await appendEntries(fixture.deps, id, learnt);
    expect(await (await fixture.get(`/v1/calls/${id}`)).json()).toMatchObject({
      values: { people: 4, day: "2026-03-01" },
    });
    expect(await fixture.deps.calls.readValues(id)).toEqual({ people: 4, day: "2026-03-01" });
  });

  test("outlives its agent", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    await fixture.deps.agents.remove(DEFAULT_WORKSPACE_ID, fixture.agentId, fixture.deps.clock.now());
    expect(await (await fixture.get(`/v1/calls/${id}`)).json()).toMatchObject({ agentName: "Ada" });
    expect((await fixture.post("/v1/calls", { agentId: fixture.agentId })).status).toBe(404);
  });

  test("is refused when there is no room, and leaves nothing open", async () => {
    const reserve = async () => {
      throw new AppError("too_many_calls", "this node holds 100 calls already");
    };
    const fixture = await setUp({ control: { ...createIdleCallControl(), reserve } });
    const response = await fixture.post("/v1/calls", { agentId: fixture.agentId });
    expect([response.status, response.headers.get("Retry-After")]).toEqual([429, "5"]);
    const open = await (await fixture.get(`/v1/calls?agentId=${fixture.agentId}&status=created`)).json();
    expect(open).toEqual({ data: [] });
  });

  test("can be ended before it began, and ending it again changes nothing", async () => {
    const fixture = await setUp();
    const path = `/v1/calls/${await newCall(fixture)}/end`;
    const first = (await (await fixture.post(path)).json()) as object;
    expect(first).toMatchObject({ status: "ended", endReason: "api-request" });
    expect(await (await fixture.post(path)).json()).toEqual(first);
    expect((await fixture.post("/v1/calls/call_0/end")).status).toBe(404);
  });

  test("shows transcript and journal", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    await appendEntries(fixture.deps, id, heard);
    const read = await (await fixture.get(`/v1/calls/${id}`)).json();
    expect(read).toMatchObject({ transcript: [{ role: "caller", text: "Hello?", atMs: 10 }] });
    expect(await (await fixture.get(`/v1/calls/${id}/journal`)).json()).toEqual({ data: heard });
    const rest = await (await fixture.get(`/v1/calls/${id}/journal?afterSeq=3`)).json();
    expect(rest).toEqual({ data: heard.slice(3) });
  });
});

describe("watching a call", () => {
  test("brings what was, then what comes, each once, until the end", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    await appendEntries(fixture.deps, id, heard.slice(0, 1));
    const response = await fixture.get(`/v1/calls/${id}/events`);
    expect(response.headers.get("Content-Type")).toContain("text/event-stream");
    const events = readEvents(response);
    expect(await events.next()).toMatchObject({ value: { id: "1", data: heard[0] } });
    await appendEntries(fixture.deps, id, heard.slice(1, 2));
    expect(await events.next()).toMatchObject({ value: { id: "2" } });
    await appendEntries(fixture.deps, id, heard.slice(1));
    expect((await all(events)).map((event) => event.id)).toEqual(["3", "4"]);
  });

  test("resumes where it was cut", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    await appendEntries(fixture.deps, id, heard);
    const events = await all(readEvents(await fixture.get(`/v1/calls/${id}/events`, { "Last-Event-ID": "2" })));
    expect(events.map((event) => event.id)).toEqual(["3", "4"]);
  });

  test("of a call that is over and seen to its end is told to stop asking", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    await appendEntries(fixture.deps, id, heard);
    await fixture.post(`/v1/calls/${id}/end`);
    expect((await fixture.get(`/v1/calls/${id}/events`, { "Last-Event-ID": "4" })).status).toBe(204);
  });

  test("finds in the database what the bus didn't bring", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    const events = readEvents(await fixture.get(`/v1/calls/${id}/events`));
    await appendEntries(fixture.deps, id, heard.slice(0, 1));
    expect(await events.next()).toMatchObject({ value: { id: "1" } });
    await fixture.deps.calls.append(id, heard.slice(1, 3));
    await appendEntries(fixture.deps, id, heard.slice(3));
    expect((await all(events)).map((event) => event.id)).toEqual(["2", "3", "4"]);
  });

  test("ends when the watcher goes away or the server closes", async () => {
    const fixture = await setUp();
    const id = await newCall(fixture);
    const leaving = readEvents(await fixture.get(`/v1/calls/${id}/events`));
    const staying = readEvents(await fixture.get(`/v1/calls/${id}/events`));
    await appendEntries(fixture.deps, id, heard.slice(0, 1));
    await leaving.next();
    await leaving.return(undefined);
    await staying.next();
    fixture.deps.bus.close();
    expect(await all(staying)).toEqual([]);
  });
});

describe("a recording", () => {
  async function recorded() {
    const fixture = await setUp();
    const id = await newCall(fixture);
    await mkdir(join(opened.dataDirectory, "recordings"), { recursive: true });
    await writeFile(join(opened.dataDirectory, "recordings", `${id}.wav`), "0123456789");
    return { ...fixture, id, path: `/v1/calls/${id}/recording` };
  }

  test("can be had once the call is over", async () => {
    const { get, post, path, id } = await recorded();
    expect(await (await get(path)).json()).toMatchObject({ code: "recording_not_available" });
    expect(await (await post(`/v1/calls/${id}/end`)).json()).toMatchObject({ recordingUrl: path });
    const whole = await get(path);
    expect([whole.status, whole.headers.get("Content-Type"), await whole.text()]).toEqual([
      200,
      "audio/wav",
      "0123456789",
    ]);
    const list = await (await get("/v1/calls?limit=1")).json();
    expect(list).toMatchObject({ data: [{ recordingUrl: path }] });
  });

  test.each([
    ["bytes=2-4", 206, "bytes 2-4/10", "234"],
    ["bytes=7-", 206, "bytes 7-9/10", "789"],
    ["bytes=-3", 206, "bytes 7-9/10", "789"],
    ["bytes=8-99", 206, "bytes 8-9/10", "89"],
    ["bytes=0-1,4-5", 200, null, "0123456789"],
    ["lines=1-2", 200, null, "0123456789"],
  ])("is given in parts: %s", async (Range, status, contentRange, text) => {
    const { get, post, path, id } = await recorded();
    await post(`/v1/calls/${id}/end`);
    const part = await get(path, { Range });
    expect([part.status, part.headers.get("Content-Range"), await part.text()]).toEqual([status, contentRange, text]);
  });

  test("has no part beyond its end", async () => {
    const { get, post, path, id } = await recorded();
    await post(`/v1/calls/${id}/end`);
    expect((await get(path, { Range: "bytes=10-" })).status).toBe(416);
  });
});

type ServerEvent = { id: string; data: unknown };

async function* readEvents(response: Response): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    while (true) {
      const at = text.indexOf("\n\n");
      if (at === -1) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return;
        text += chunk.value;
        continue;
      }
      const block = text.slice(0, at);
      text = text.slice(at + 2);
      const id = /^id: (.*)$/m.exec(block)?.[1];
      if (id !== undefined) yield { id, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null") };
    }
  } finally {
    await reader?.cancel();
  }
}

async function all(events: AsyncGenerator<ServerEvent>): Promise<ServerEvent[]> {
  const seen: ServerEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}
