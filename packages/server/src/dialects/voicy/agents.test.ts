import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { newAgentShape } from "../../agents/agent.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import { voicyClient } from "./testing/voicy-client.ts";

const workspaceId = DEFAULT_WORKSPACE_ID;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Fixture = Readonly<Record<string, unknown>>;
const fixture = async (name: string) =>
  JSON.parse(await readFile(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as Fixture;

describeOnEachDatabase("Voicy's agents", (database) => {
  const documented = newAgentShape.parse({
    name: "Customer Support Agent",
    voice: { id: "openai:sage" },
    language: "en",
    greeting: { mode: "static", text: "Hello! What can I do for you?" },
    prompt: "You help the customers of Acme Corp.",
    inputs: [{ name: "customer_name", type: "string", description: "Who is called" }],
    variables: [{ name: "appointment_date", type: "string", description: "The day that suits", isRequired: true }],
    notificationEmails: ["support@acme.com"],
  });
  const create = async (settings: object = documented) => {
    const client = voicyClient(database());
    const answer = await client.send("POST", "own:/v1/agents", settings);
    expect(answer.status, answer.text).toBe(201);
    const { id } = answer.json as { id: string };
    const listed = (await client.send("GET", "/v1/list-agents")).json as unknown as Fixture[];
    return { ...client, id, uuid: String(listed[0]?.["agent_id"]) };
  };

  test("are shown as documented once deployed", async () => {
    const { send, id, uuid } = await create({ ...documented, voice: {} });
    await send("POST", `own:/v1/agents/${id}/deploy`, {});
    const { status, json } = await send("GET", `/v1/get-agent/${uuid}`);
    expect(status).toBe(200);
    const { agent_id, account, version, deployed_at, voice_id, ...rest } = await fixture("agent");
    expect(json).toMatchObject(rest);
    expect(json).toMatchObject({ agent_id: uuid, version: 1, voice_id: "flite:slt", pronunciations: [] });
    expect(Object.keys(json)).toEqual(expect.arrayContaining(Object.keys(await fixture("agent"))));
    expect(json["account"]).toEqual({ id: expect.stringMatching(UUID), name: "Default" });
    expect(json["deployed_at"]).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect([agent_id, account, version, deployed_at, voice_id]).not.toContain(undefined);
  });

  test("show their working version when they were never deployed, or changed since", async () => {
    const { send, id, uuid } = await create();
    const shown = async () => {
      const { version, deployed_at } = (await send("GET", `/v1/get-agent/${uuid}`)).json;
      return [version, deployed_at === null ? null : "deployed"];
    };
    expect(await shown()).toEqual([1, null]);
    await send("POST", `own:/v1/agents/${id}/deploy`, {});
    expect(await shown()).toEqual([1, "deployed"]);
    await send("PATCH", `own:/v1/agents/${id}`, { prompt: "Be brief." });
    expect(await shown()).toEqual([2, null]);
    await send("POST", `own:/v1/agents/${id}/deploy`, {});
    expect(await shown()).toEqual([2, "deployed"]);
  });

  test("are listed without what is heavy, newest first, however many there are", async () => {
    const client = voicyClient(database());
    const { agents } = client.deps;
    const before = (await client.send("GET", "/v1/list-agents")).json as unknown as unknown[];
    for (let n = 0; n < 205; n++)
      await agents.insert({
        workspaceId,
        id: `agt_01k9q0w3e4r5t6y7v8b9n0${String(n).padStart(4, "0")}`,
        settings: newAgentShape.parse({ ...documented, name: `Agent ${n}`, notificationEmails: [] }),
        sent: {},
        createdAt: client.deps.clock.now(),
      });
    const { send } = client;
    const listed = (await send("GET", "/v1/list-agents")).json as unknown as Fixture[];
    expect(listed).toHaveLength(before.length + 205);
    const entry = listed.find(({ agent_name }) => agent_name === "Agent 204");
    const { agent_id, account, version, agent_name, ...rest } = await fixture("agent-list-entry");
    expect(entry).toMatchObject(rest);
    expect(Object.keys(entry ?? {}).toSorted()).toEqual(Object.keys(await fixture("agent-list-entry")).toSorted());
    const brief = (await send("GET", "/functions/v1/agent-list")).json as unknown as Fixture[];
    expect(brief).toHaveLength(listed.length);
    expect(brief[0]).not.toHaveProperty("variables_provided");
    expect([agent_id, account, version, agent_name]).not.toContain(undefined);
  });

  test("are created and deployed at once by the current generation", async () => {
    const { send } = voicyClient(database());
    const created = await send("POST", "/functions/v1/agent-create", await fixture("agent-create-request"));
    expect(created.status).toBe(201);
    const { agent_id, created_at, updated_at, ...rest } = await fixture("brief-agent");
    expect(created.json).toMatchObject(rest);
    expect(Object.keys(created.json)).toEqual(Object.keys(await fixture("brief-agent")));
    expect([agent_id, created_at, updated_at]).not.toContain(undefined);
    const uuid = String(created.json["agent_id"]);
    expect((await send("GET", `/functions/v1/agent-get/${uuid}`)).json).toEqual(created.json);
    expect((await send("GET", `/v1/agent-get/${uuid}`)).json).toEqual(created.json);
    expect((await send("GET", `/v1/get-agent/${uuid}`)).json).toMatchObject({
      version: 1,
      deployed_at: expect.any(String),
      voice_id: "Keren",
      prompt_text_direction: "rtl",
      begin_message_mode: "static",
    });
  });

  test("have Voicy's defaults, and open from their prompt without a welcome", async () => {
    const { send } = voicyClient(database());
    const { json } = await send("POST", "/functions/v1/agent-create", { name: "A", prompt: "P" });
    expect(json).toMatchObject({ language: "he", voice: "Keren", welcome_message: "", variables_provided: [] });
    const full = (await send("GET", `/v1/get-agent/${String(json["agent_id"])}`)).json;
    expect(full).toMatchObject({ begin_message: null, begin_message_mode: "dynamic" });
  });

  test("are changed field by field, and deployed with the change", async () => {
    const { send } = voicyClient(database());
    const { json } = await send("POST", "/functions/v1/agent-create", await fixture("agent-create-request"));
    const uuid = String(json["agent_id"]);
    const changed = await send("PATCH", `/functions/v1/agent-modify/${uuid}`, { prompt: "Be brief.", voice: "Dafna" });
    expect(changed.status).toBe(200);
    expect(changed.json).toEqual({
      ...json,
      prompt: "Be brief.",
      voice: "Dafna",
      updated_at: changed.json["updated_at"],
    });
    expect((await send("GET", `/v1/get-agent/${uuid}`)).json).toMatchObject({
      version: 2,
      deployed_at: expect.any(String),
    });
  });

  test("keep what Voicy's fields can't say, and what we don't know", async () => {
    const { send, id, uuid } = await create({
      ...documented,
      language: "en-GB",
      variables: [{ name: "age", type: "number" }],
      temperature: 0.3,
    });
    await send("PATCH", `/functions/v1/agent-modify/${uuid}`, {
      language: "en",
      variables_extracted: [{ name: "age", description: "In years" }],
      color: "blue",
    });
    expect((await send("GET", `own:/v1/agents/${id}`)).json).toMatchObject({
      language: "en-GB",
      temperature: 0.3,
      variables: [{ name: "age", type: "number", description: "In years" }],
    });
    expect((await send("GET", `/functions/v1/agent-get/${uuid}`)).json).toMatchObject({ color: "blue" });
    expect((await send("GET", `/v1/get-agent/${uuid}`)).json).not.toHaveProperty("color");
  });

  test("of the generation before are changed too: greeting, variables, and fields without effect", async () => {
    const { send, uuid } = await create();
    const patch = async (body: object) => (await send("PATCH", `/v1/update-agent/${uuid}`, body)).json;
    expect(await patch({ begin_message_mode: "off" })).toMatchObject({ begin_message_mode: "off" });
    expect(await patch({ begin_message: "Good morning." })).toMatchObject({
      begin_message: "Good morning.",
      begin_message_mode: "off",
    });
    expect(await patch({ begin_message_mode: "static" })).toMatchObject({
      begin_message: "Good morning.",
      begin_message_mode: "static",
    });
    expect(
      await patch({
        general_prompt: "Old name.",
        response_delay_ms: 100,
        vars_provided: [{ name: "n", type: "integer", default_value: 3, description: "" }],
      }),
    ).toMatchObject({
      agent_prompt: "Old name.",
      response_delay_ms: 100,
      vars_provided: [{ name: "n", type: "integer", default_value: 3 }],
      version: 1,
      deployed_at: null,
    });
  });

  test("that have a flow are read but not changed by the current generation", async () => {
    const { send, uuid } = await create({
      ...documented,
      flow: { entryNode: "a", nodes: [{ id: "a", type: "conversation" }] },
    });
    const read = await send("GET", `/functions/v1/agent-get/${uuid}`);
    expect(read.json).toMatchObject({ agent_type: "conversationalFlow" });
    expect(read.json).not.toHaveProperty("prompt");
    const refused = await send("PATCH", `/functions/v1/agent-modify/${uuid}`, { prompt: "x" });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({ status: "error", message: expect.stringContaining("Flow agents") });
    expect((await send("GET", `/v1/get-agent/${uuid}`)).json).toMatchObject({
      agent_prompt: documented.prompt,
      agent_type: "conversationalFlow",
    });
  });

  test.each([
    [{}, "name is required"],
    [{ name: "A" }, "prompt is required"],
    [{ name: "A", prompt: "P", language: "?" }, "language: must be a language code such as he or en"],
    [
      { name: "A", prompt: "P", variables_extracted: [{ name: "Bad Name" }] },
      "variables_extracted.0.name: must be snake_case and have at most 64 characters",
    ],
  ])("that are wrong are refused by name: %j", async (body, message) => {
    const { send } = voicyClient(database());
    const answer = await send("POST", "/functions/v1/agent-create", body);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ status: "error", message, error: message });
  });

  test("change not at all when the change is wrong", async () => {
    const { send, uuid } = await create();
    const before = (await send("GET", `/v1/get-agent/${uuid}`)).json;
    const body = { agent_name: "New", begin_message_mode: "sometimes" };
    expect((await send("PATCH", `/v1/update-agent/${uuid}`, body)).status).toBe(400);
    expect((await send("GET", `/v1/get-agent/${uuid}`)).json).toEqual(before);
  });

  test("of others aren't found", async () => {
    const { send, uuid } = await create();
    const child = (await send("POST", "own:/v1/workspaces", { name: "Child" })).json as { id: string };
    const inChild = { headers: { "Earshot-Workspace": child.id } };
    const answer = await send("GET", `/v1/get-agent/${uuid}`, undefined, inChild);
    expect([answer.status, answer.json]).toEqual([404, { error: "Agent not found" }]);
    expect((await send("GET", "/v1/list-agents", undefined, inChild)).json).toEqual([]);
    const made = await send("POST", "/functions/v1/agent-create", { name: "A", prompt: "P" }, inChild);
    const shown = await send("GET", `/v1/get-agent/${String(made.json["agent_id"])}`, undefined, inChild);
    expect(shown.json["account"]).toMatchObject({ name: "Child" });
  });
});
