import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createAgent } from "../../../agents/create-agent.ts";
import { deployAgent } from "../../../agents/deploy-agent.ts";
import { parseSettings } from "../../../agents/update-agent.ts";
import { createPhoneNumber } from "../../../phone-numbers/create-phone-number.ts";
import { newPhoneNumberShape } from "../../../phone-numbers/phone-number.ts";
import { describeOnEachDatabase } from "../../../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../../../workspaces/workspace.ts";
import { wordcabClient } from "../testing/wordcab-client.ts";

const documented = JSON.parse(readFileSync(new URL("../fixtures/agent.json", import.meta.url), "utf8")) as Record<
  string,
  unknown
>;
const { phone_numbers: _numbers, ...plain } = documented;
const someNumber = () => `+1212${String(2_000_000 + randomInt(7_000_000))}`;
const least = { name: "Ada", system_prompt: "Be kind.", voice_id: "ember" };
const aTool = { type: "function", function: { name: "look_up", description: "Looks up." } };

describeOnEachDatabase("Wordcab's agents", (database) => {
  const client = () => wordcabClient(database());
  const create = async (body: object) => {
    const { status, body: agent } = await client().post("/v1/agents", body);
    expect(status).toBe(201);
    return agent as Record<string, unknown> & { readonly id: string };
  };
  const stored = async (id: unknown) =>
    client().deps.agents.find(DEFAULT_WORKSPACE_ID, String(id).replace("agent_", "agt_"));

  test("come back as the documented one was sent, from either spelling of the path", async () => {
    const created = await create(plain);
    expect(created).toMatchObject(plain);
    expect(created).toMatchObject({
      object: "agent",
      phone_numbers: [],
      id: expect.stringMatching(/^agent_[0-9a-z]{26}$/),
    });
    expect(Number.isInteger(created["created"])).toBe(true);
    for (const prefix of ["/v1", "/api/v1"]) {
      const read = await client().get(`${prefix}/agents/${created.id}`);
      expect([read.status, read.body]).toEqual([200, created]);
    }
  });

  test("get Wordcab's defaults, and let the caller speak first", async () => {
    const created = await create(least);
    expect(created).toMatchObject({
      interruption_threshold: 0.5,
      context_window: 10,
      language: "en",
      first_message: null,
      llm_model: null,
      tools: [],
      tool_url: null,
      metadata: {},
    });
    expect((await stored(created.id))?.agent).toMatchObject({
      greeting: { mode: "off" },
      contextTurns: 10,
      voice: { id: "flite:slt" },
      turnTaking: { bargeIn: { isEnabled: true, minSpeechMs: 300 } },
    });
  });

  test.each([
    [0, 0],
    [0.25, 150],
    [1, 600],
  ])("with the threshold %f let %i ms of speech pass", async (threshold, minSpeechMs) => {
    const { id } = await create({ ...least, interruption_threshold: threshold });
    expect((await stored(id))?.agent.turnTaking.bargeIn.minSpeechMs).toBe(minSpeechMs);
  });

  test("are changed in what a patch names and nothing else", async () => {
    const { id } = await create(plain);
    const { status, body } = await client().patch(`/v1/agents/${id}`, { first_message: null, new_field: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...plain, first_message: null, new_field: 1 });
  });

  test("of our own API keep what Wordcab has no words for", async () => {
    const settings = parseSettings({
      name: "Ours",
      language: "en-GB",
      toolUrl: "https://hooks.example.com/tools",
      tools: [
        {
          kind: "webhook",
          name: "book",
          description: "Books.",
          timeoutMs: 3000,
          url: "https://hooks.example.com/book",
        },
        { kind: "endCall" },
      ],
      turnTaking: { bargeIn: { isEnabled: false, minSpeechMs: 700 } },
    });
    const { agent } = await createAgent(client().deps, { workspaceId: DEFAULT_WORKSPACE_ID, settings });
    const read = await client().get(`/v1/agents/${agent.id}`);
    expect(read.body).toMatchObject({
      id: agent.id.replace("agt_", "agent_"),
      language: "en",
      voice_id: "flite:slt",
      tools: [{ function: { name: "book" } }, { function: { name: "end_call" } }],
    });
    await client().patch(`/v1/agents/${agent.id}`, { tools: read.body["tools"], name: "Theirs" });
    const { id, revision, version, deployedAt, isDeployed, createdAt, updatedAt, ...after } =
      (await stored(agent.id))?.agent ?? {};
    expect(after).toEqual({ ...settings, name: "Theirs" });
  });

  test("that were deployed are deployed again by a patch", async () => {
    const { id } = await create(least);
    const { deps } = client();
    await deployAgent(deps, { workspaceId: DEFAULT_WORKSPACE_ID, id: id.replace("agent_", "agt_") });
    await client().patch(`/v1/agents/${id}`, { name: "Bea" });
    expect((await stored(id))?.agent).toMatchObject({ version: 2, isDeployed: true, name: "Bea" });
  });

  test("answer the numbers that they are given, in that order, and no others", async () => {
    const [one, two, three] = [someNumber(), someNumber(), someNumber()];
    const { id } = await create({ ...least, phone_numbers: [two, one] });
    const other = await create({ ...least, phone_numbers: [three] });
    expect((await client().get(`/v1/agents/${id}`)).body["phone_numbers"]).toEqual([two, one]);
    const patched = await client().patch(`/v1/agents/${id}`, { phone_numbers: [three, two] });
    expect(patched.body["phone_numbers"]).toEqual([three, two]);
    expect((await client().get(`/v1/agents/${other.id}`)).body["phone_numbers"]).toEqual([]);
    const routed = await client().deps.phoneNumbers.findAllActive([one, two, three]);
    expect(new Map(routed.map(({ phoneNumber, agentId }) => [phoneNumber, agentId]))).toEqual(
      new Map([
        [one, undefined],
        [two, id.replace("agent_", "agt_")],
        [three, id.replace("agent_", "agt_")],
      ]),
    );
  });

  test("can't take another workspace's number, and nothing is made then", async () => {
    const { deps } = client();
    const taken = someNumber();
    const number = newPhoneNumberShape.parse({ phoneNumber: taken });
    await createPhoneNumber(deps, "ws_other", number);
    const before = await deps.agents.count(DEFAULT_WORKSPACE_ID);
    const answer = await client().post("/v1/agents", { ...least, phone_numbers: [taken] });
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { type: "conflict_error", param: "phone_numbers.0" } },
    });
    expect(await deps.agents.count(DEFAULT_WORKSPACE_ID)).toBe(before);
  });

  test("are listed page by page, newest first", async () => {
    const ids: string[] = [];
    for (const name of ["one", "two", "three"]) ids.unshift((await create({ ...least, name })).id);
    const first = await client().get("/v1/agents?limit=2");
    expect(first.body).toMatchObject({ object: "list", has_more: true, next_cursor: expect.stringMatching(/^cur_/) });
    const second = await client().get(`/v1/agents?limit=1&cursor=${first.body["next_cursor"]}`);
    const listed = [first, second].flatMap(({ body }) => body["data"] as { id: string }[]).map(({ id }) => id);
    expect(listed).toEqual(ids);
  });

  test("are gone once they are deleted", async () => {
    const { id } = await create(least);
    expect((await client().delete(`/api/v1/agents/${id}`)).status).toBe(204);
    for (const answer of [await client().get(`/v1/agents/${id}`), await client().delete(`/v1/agents/${id}`)])
      expect(answer).toMatchObject({ status: 404, body: { error: { type: "not_found_error" } } });
  });
});

describe("what Wordcab refuses", () => {
  const cases: readonly [title: string, body: object, param: string, code: string][] = [
    ["an agent without a prompt", { name: "Ada", voice_id: "ember" }, "system_prompt", "missing_required_field"],
    ["a threshold above 1", { ...least, interruption_threshold: 1.1 }, "interruption_threshold", "invalid_value"],
    ["a language that is no code", { ...least, language: "English" }, "language", "invalid_value"],
    ["tools without their URL", { ...least, tools: [aTool] }, "tool_url", "missing_required_field"],
    ["a tool of another type", { ...least, tools: [{ type: "mcp" }] }, "tools.0.type", "invalid_value"],
    ["a number that isn't E.164", { ...least, phone_numbers: ["4155550100"] }, "phone_numbers.0", "invalid_value"],
    [
      "more than 20 pairs of metadata",
      { ...least, metadata: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`k${at}`, "v"])) },
      "metadata",
      "invalid_value",
    ],
  ];
  describeOnEachDatabase("is told with the field", (database) => {
    test.each(cases)("%s", async (_title, body, param, code) => {
      const answer = await wordcabClient(database()).post("/v1/agents", body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        error: {
          type: "invalid_request_error",
          code,
          param,
          message: expect.stringContaining(param),
          request_id: answer.headers.get("X-Request-Id"),
        },
      });
      expect(answer.headers.get("X-Request-Id")).toMatch(/^req_/);
    });
  });
});
