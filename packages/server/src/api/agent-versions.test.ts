import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { apiClient } from "./testing/api-client.ts";

describeOnEachDatabase("an agent's versions", (database) => {
  const setUp = async () => {
    const client = apiClient(database());
    const created = await client.send("POST", "/v1/agents", { name: "Ada", prompt: "one" });
    return { ...client, path: `/v1/agents/${created.body["id"]}`, id: String(created.body["id"]) };
  };

  test("are frozen by deploying, one number each, and only when something changed", async () => {
    const { send, path } = await setUp();
    expect((await send("GET", path)).body).toMatchObject({ revision: 1, version: 0, isDeployed: false });
    const first = await send("POST", `${path}/deploy`, { note: "go live" });
    expect(first.body).toMatchObject({ revision: 1, version: 1, isDeployed: true });
    for (const none of [undefined, "", " "])
      expect((await send("POST", `${path}/deploy`, none)).body).toMatchObject({ version: 1 });
    await send("PATCH", path, { prompt: "two", voice: { speed: 1.5 } });
    expect((await send("GET", path)).body).toMatchObject({ revision: 2, version: 1, isDeployed: false });
    expect((await send("GET", `${path}/versions/1`)).body).toMatchObject({ prompt: "one", voice: { speed: 1 } });
    await send("POST", `${path}/deploy`);
    expect((await send("GET", `${path}/versions`)).body).toMatchObject({
      data: [
        { version: 2, revision: 2 },
        { version: 1, revision: 1, note: "go live" },
      ],
    });
    expect((await send("GET", `${path}/versions/3`)).status).toBe(404);
  });

  test("can be compared with each other and with the working version, and brought back", async () => {
    const { send, path } = await setUp();
    await send("POST", `${path}/deploy`);
    await send("PATCH", path, { prompt: "two", temperature: 0.5 });
    expect((await send("GET", `${path}/versions/1/diff`)).body).toEqual({
      data: expect.arrayContaining([
        { path: "prompt", before: "one", after: "two" },
        { path: "temperature", after: 0.5 },
      ]),
    });
    const back = await send("POST", `${path}/rollback`, { version: 1 });
    expect(back.body).toMatchObject({ prompt: "one", revision: 3, isDeployed: false });
    expect((await send("GET", `${path}/versions/1/diff`)).body).toEqual({ data: [] });
  });

  test("decide what a phone call is held with; web calls use the working version", async () => {
    const { deps, send, path, id } = await setUp();
    const promptFor = async (use: "working" | "deployed") =>
      (await deps.agents.findForCall("ws_default", id, use))?.settings.prompt;
    await send("PATCH", path, { prompt: "two" });
    expect([await promptFor("working"), await promptFor("deployed")]).toEqual(["two", "two"]);
    await send("POST", `${path}/deploy`);
    await send("PATCH", path, { prompt: "three" });
    expect([await promptFor("working"), await promptFor("deployed")]).toEqual(["three", "two"]);
  });

  test("have an ETag that guards against changes made meanwhile", async () => {
    const { send, path } = await setUp();
    const etag = (await send("GET", path)).headers.get("ETag") ?? "";
    expect((await send("GET", path, undefined, { "If-None-Match": etag })).status).toBe(304);
    expect((await send("PATCH", path, { prompt: "mine" }, { "If-Match": etag })).status).toBe(200);
    const late = await send("PATCH", path, { prompt: "theirs" }, { "If-Match": etag });
    expect([late.status, late.body["code"]]).toEqual([412, "precondition_failed"]);
    expect((await send("DELETE", path, undefined, { "If-Match": etag })).status).toBe(412);
    expect((await send("GET", path)).body).toMatchObject({ prompt: "mine" });
    expect((await send("GET", path, undefined, { "If-None-Match": etag })).status).toBe(200);
    expect((await send("DELETE", path, undefined, { "If-Match": "*" })).status).toBe(204);
  });

  test("never show the secret of a tool, and keep it over changes that don't name it", async () => {
    const { deps, send, path, id } = await setUp();
    const tool = { kind: "webhook", name: "book", description: "Books.", url: "https://example.com/book" };
    const set = await send("PATCH", path, { tools: [{ ...tool, secret: "tool secret" }] });
    expect(JSON.stringify(set.body)).not.toContain("tool secret");
    await send("PATCH", path, { tools: [{ ...tool, description: "Books a table." }] });
    const { rows } = await database().pool.query("select document::text as text from agent_revisions");
    expect(JSON.stringify(rows)).not.toContain("tool secret");
    const found = await deps.agents.findForCall("ws_default", id, "working");
    expect(found?.settings.tools[0]).toMatchObject({ description: "Books a table.", secret: "tool secret" });
  });
});
