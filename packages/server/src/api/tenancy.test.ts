/** Nothing of a workspace can be seen, changed or guessed from another one. */
import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { systemWallClock } from "../wall-clock.ts";
import { apiClient } from "./testing/api-client.ts";

describeOnEachDatabase("workspaces", (database) => {
  const setUp = async () => {
    const root = apiClient(database());
    const child = String((await root.send("POST", "/v1/workspaces", { name: "Child" })).body["id"]);
    const inChild = { "Earshot-Workspace": child };
    const key = String((await root.send("POST", "/v1/api-keys", { name: "theirs" }, inChild)).body["key"]);
    return { root, child, inChild, key, theirs: apiClient(database(), {}, key) };
  };

  test("keep agents and calls to themselves, and say 404 to everybody else", async () => {
    const { root, theirs } = await setUp();
    const { id } = (await root.send("POST", "/v1/agents", { name: "Ours" })).body;
    const call = (await root.send("POST", "/v1/calls", { agentId: id })).body["id"];
    for (const [method, path, body] of [
      ["GET", `/v1/agents/${id}`],
      ["PATCH", `/v1/agents/${id}`, { name: "Stolen" }],
      ["DELETE", `/v1/agents/${id}`],
      ["POST", `/v1/agents/${id}/deploy`],
      ["GET", `/v1/agents/${id}/versions`],
      ["POST", "/v1/calls", { agentId: id }],
      ["GET", `/v1/calls/${call}`],
      ["GET", `/v1/calls/${call}/journal`],
      ["GET", `/v1/calls/${call}/events`],
      ["GET", `/v1/calls/${call}/recording`],
      ["POST", `/v1/calls/${call}/end`],
      ["POST", `/v1/calls/${call}/say`, { text: "Hello." }],
    ] as const)
      expect([path, (await theirs.send(method, path, body)).status]).toEqual([path, 404]);
    expect((await theirs.send("GET", "/v1/agents")).body).toEqual({ data: [] });
    expect((await theirs.send("GET", "/v1/calls")).body).toEqual({ data: [] });
    expect((await root.send("GET", `/v1/agents/${id}`)).body).toMatchObject({ name: "Ours" });
  });

  test("can be acted in from the workspace that made them, and from no other", async () => {
    const { root, child, inChild, theirs } = await setUp();
    await root.send("POST", "/v1/agents", { name: "For the child" }, inChild);
    expect((await theirs.send("GET", "/v1/agents")).body).toMatchObject({ data: [{ name: "For the child" }] });
    expect((await theirs.send("GET", "/v1/agents", undefined, { "Earshot-Workspace": "ws_default" })).status).toBe(404);
    expect((await theirs.send("GET", "/v1/workspaces/ws_default")).status).toBe(404);
    expect((await root.send("GET", "/v1/workspaces")).body).toMatchObject({
      data: expect.arrayContaining([expect.objectContaining({ id: child, name: "Child" })]),
    });
  });

  test("keep every setting that is changed, until null takes it back", async () => {
    const { root, child } = await setUp();
    const change = async (patch: object) => (await root.send("PATCH", `/v1/workspaces/${child}`, patch)).body;
    const calling = { maxCalls: 2 };
    await change({ name: "Renamed", retentionDays: 3, recordingFormat: "opus", calling, metadata: { a: "b" } });
    const all = { name: "Renamed", retentionDays: 3, recordingFormat: "opus", calling, metadata: { a: "b" } };
    expect((await root.send("GET", `/v1/workspaces/${child}`)).body).toMatchObject(all);
    const bare = await change({ retentionDays: null, recordingFormat: null, calling: null });
    for (const name of ["retentionDays", "recordingFormat", "calling"]) expect(bare).not.toHaveProperty(name);
    expect(await change({ calling: { trunkIds: ["trk_0"] } })).toMatchObject({
      errors: [{ path: "calling.trunkIds.0", message: expect.stringContaining("trk_0") }],
    });
  });

  test("lock their keys out when they are deleted", async () => {
    const { root, child, key, theirs } = await setUp();
    expect((await theirs.send("DELETE", `/v1/workspaces/${child}`)).status).toBe(400);
    expect((await root.send("DELETE", `/v1/workspaces/${child}`)).status).toBe(204);
    const fiveSecondsOn = {
      ...systemWallClock,
      now: () => systemWallClock.at(systemWallClock.now().getTime() + 5_000),
    };
    const later = apiClient(database(), { clock: fiveSecondsOn }, key);
    expect((await later.send("GET", "/v1/agents")).status).toBe(401);
  });

  test("give keys no more than was asked for, and nobody more than they have", async () => {
    const { root } = await setUp();
    const body = { name: "reader", scopes: ["agents:read", "admin:write"] };
    const reader = apiClient(database(), {}, String((await root.send("POST", "/v1/api-keys", body)).body["key"]));
    expect((await reader.send("GET", "/v1/agents")).status).toBe(200);
    const write = await reader.send("POST", "/v1/agents", { name: "x" });
    expect([write.status, write.body["code"]]).toEqual([403, "insufficient_scope"]);
    expect((await reader.send("GET", "/v1/calls")).status).toBe(403);
    expect((await reader.send("POST", "/v1/api-keys", { name: "more" })).status).toBe(403);
    expect((await reader.send("POST", "/v1/api-keys", { name: "less", scopes: ["agents:read"] })).status).toBe(201);
  });

  test("end keys at their time, and note when they were used", async () => {
    let nowMs = systemWallClock.now().getTime();
    const clock = { ...systemWallClock, now: () => systemWallClock.at(nowMs) };
    const root = apiClient(database(), { clock });
    const expiresAt = systemWallClock.at(nowMs + 60_000).toISOString();
    const made = (await root.send("POST", "/v1/api-keys", { name: "brief", expiresAt })).body;
    const brief = apiClient(database(), { clock }, String(made["key"]));
    expect((await brief.send("GET", "/v1/agents")).status).toBe(200);
    // Nobody's request waits for its being noted.
    const lastUsed = async () => {
      const { data } = (await root.send("GET", "/v1/api-keys")).body as { data: { id: string; lastUsedAt?: string }[] };
      return data.find(({ id }) => id === made["id"])?.lastUsedAt;
    };
    await expect.poll(lastUsed).toBe(systemWallClock.at(nowMs).toISOString());
    nowMs += 61_000;
    expect((await brief.send("GET", "/v1/agents")).status).toBe(401);
    expect((await root.send("POST", "/v1/api-keys", { name: "late", expiresAt })).status).toBe(400);
  });

  test("count each key's requests", async () => {
    let nowMs = systemWallClock.now().getTime();
    const clock = { ...systemWallClock, now: () => systemWallClock.at(nowMs) };
    const { send } = apiClient(database(), { clock, rateLimit: 2 });
    expect((await send("GET", "/v1/agents")).headers.get("X-RateLimit-Remaining")).toBe("1");
    await send("GET", "/v1/agents");
    const third = await send("GET", "/v1/agents");
    expect([third.status, third.body["code"], third.headers.get("Retry-After")]).toEqual([429, "rate_limited", "60"]);
    nowMs += 60_001;
    expect((await send("GET", "/v1/agents")).status).toBe(200);
  });

  test.each([
    ['{"name":"x","metadata":{"a":"\\u0000"}}', "metadata.a"],
    [`{"name":"x","flow":${"[".repeat(100)}${"]".repeat(100)}}`, "flow"],
    ['{"name":"x","flow":{"a":"\\ud800"}}', "flow.a"],
  ])("refuse what can't be kept: %s", async (body, path) => {
    const { status, body: problem } = await apiClient(database()).send("POST", "/v1/agents", body);
    expect(status).toBe(400);
    expect(JSON.stringify(problem["errors"])).toContain(path);
  });
});
