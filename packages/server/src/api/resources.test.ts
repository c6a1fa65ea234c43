import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { testDeps } from "./testing/test-deps.ts";
import { twoWorkspaces } from "./testing/two-workspaces.ts";

const hello = { id: "hello", type: "conversation", instructions: "Greet" };
const definition = {
  entryNode: "hello",
  nodes: [hello, { id: "bye", type: "end" }],
  edges: [{ from: "hello", to: "bye", description: "They are done" }],
};
const webhookTool = {
  kind: "webhook",
  name: "look_up",
  description: "Looks up",
  url: "https://a.example/t",
  secret: "s3cret-s3cret",
};

/** path, what is created, what is changed, what both make of it, what is refused and where */
const RESOURCES: [string, object, object, object, [object, string][]][] = [
  [
    "tool-templates",
    { name: "T", tool: webhookTool },
    { description: "New" },
    { name: "T", description: "New", hasSecret: true, tool: { name: "look_up" } },
    [
      [{ name: "T" }, "tool"],
      [{ name: "", tool: webhookTool }, "name"],
    ],
  ],
  [
    "analysis-templates",
    { name: "A", systemPrompt: "Sum up {transcript}", schema: { a: 1 } },
    { schema: { b: 2 }, minMessages: 4 },
    { name: "A", schema: { b: 2 }, minMessages: 4 },
    [[{ name: "A", minMessages: -1 }, "minMessages"]],
  ],
  [
    "mcp-servers",
    { name: "M", url: "https://mcp.example/", headers: { Authorization: "Bearer x" } },
    { timeoutMs: 5000 },
    { name: "M", transport: "streamable_http", timeoutMs: 5000, headerNames: ["Authorization"] },
    [
      [{ name: "M", url: "http://mcp.example/" }, "url"],
      [{ name: "M", url: "https://mcp.example/", timeoutMs: 100 }, "timeoutMs"],
      [{ name: "M", url: "https://m.example/", headers: { "a b": "c" } }, "headers.a b"],
    ],
  ],
  [
    "campaigns",
    { name: "C", timeZone: "Europe/Berlin", scheduleStartTime: "09:00:00", metadata: { a: "1", b: "2" } },
    { metadata: { b: "3" } },
    { name: "C", status: "draft", totalLeads: 0, metadata: { b: "3" } },
    [
      [{ name: "C", timeZone: "Mars/Base" }, "timeZone"],
      [{ name: "C", scheduleStartTime: "9:00" }, "scheduleStartTime"],
      [{ name: "C", status: "scheduled" }, ""],
    ],
  ],
  [
    "workflows",
    { name: "W", definition },
    { definition: { ...definition, globalPrompt: "Be kind" } },
    { name: "W", definition: { globalPrompt: "Be kind", version: 1 } },
    [[{ name: "W", definition: { ...definition, entryNode: "bye" } }, "definition.entryNode"]],
  ],
  [
    "sip-trunks",
    { name: "S", host: "sip.example.com", username: "u", password: "secret-word" },
    { transport: "tls", port: 5061 },
    { name: "S", host: "sip.example.com", transport: "tls", port: 5061, hasPassword: true },
    [
      [{ name: "S", host: "sip:x" }, "host"],
      [{ name: "S", host: "a.example", port: 70_000 }, "port"],
    ],
  ],
  [
    "test-suites",
    { name: "S", cases: [{ id: "1", input: { turns: [{ content: "Hi" }] }, expected: {} }] },
    { description: "All" },
    { name: "S", description: "All", cases: [{ id: "1", expected: { toolCalls: [], assertions: [] } }] },
    [[{ name: "S", cases: [{ id: "1", input: {} }] }, "cases.0.input"]],
  ],
];

describeOnEachDatabase("resources of the API", (database) => {
  const setUp = () => twoWorkspaces(testDeps(database()));

  test.each(RESOURCES)("/v1/%s are created, read, listed, changed and deleted", async (name, input, patch, result) => {
    const { mine, theirs } = await setUp();
    const path = `/v1/${name}`;
    const created = await mine("POST", path, input);
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    const one = `${path}/${created.body.id}`;
    expect((await mine("GET", one)).body).toEqual(created.body);
    const changed = await mine("PATCH", one, patch);
    expect(changed).toMatchObject({ status: 200, body: result });
    expect((await mine("GET", path)).body).toEqual({ data: [changed.body] });
    expect(JSON.stringify(changed.body)).not.toMatch(/s3cret|Bearer x|secret-word|v1\.|"sent"|sealed/);
    for (const [method, body] of [["GET"], ["PATCH", patch], ["DELETE"]] as const)
      expect(await theirs(method, one, body)).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await theirs("GET", path)).body).toEqual({ data: [] });
    expect((await mine("GET", one)).body).toEqual(changed.body);
    expect((await mine("DELETE", one)).status).toBe(204);
    expect((await mine("GET", one)).status).toBe(404);
  });

  test.each(RESOURCES)("/v1/%s refuse what is wrong, naming the field", async (name, input, _, __, refused) => {
    const { mine } = await setUp();
    const { body } = await mine("POST", `/v1/${name}`, input);
    for (const [wrong, field] of refused) {
      const answer = await mine("POST", `/v1/${name}`, wrong);
      expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
      const fields = (answer.body["errors"] as { path: string }[]).map(({ path }) => path);
      expect(
        fields.some((path) => path.startsWith(field)),
        `${field} in ${fields}`,
      ).toBe(true);
    }
    for (const patch of [{ nonsense: 1 }, { name: "" }, { id: "x" }])
      expect((await mine("PATCH", `/v1/${name}/${body.id}`, patch)).status).toBe(400);
    expect((await mine("GET", `/v1/${name}/${body.id}`)).body).toEqual(body);
  });

  test("keep the secrets that a change doesn't name, and drop them when told to", async () => {
    const { mine } = await setUp();
    const trunk = await mine("POST", "/v1/sip-trunks", { name: "S", host: "a.example", password: "pass-word" });
    const trunkPath = `/v1/sip-trunks/${trunk.body.id}`;
    expect((await mine("PATCH", trunkPath, { name: "T" })).body).toMatchObject({ hasPassword: true });
    expect((await mine("PATCH", trunkPath, { password: null })).body).toMatchObject({ hasPassword: false });
    const server = await mine("POST", "/v1/mcp-servers", { name: "M", url: "https://m.example/", headers: { A: "b" } });
    const serverPath = `/v1/mcp-servers/${server.body.id}`;
    expect((await mine("PATCH", serverPath, { headers: { C: "d" } })).body).toMatchObject({ headerNames: ["C"] });
    expect((await mine("PATCH", serverPath, { headers: null })).body).toMatchObject({ headerNames: [] });
  });

  test("that phone numbers use can't be deleted", async () => {
    const { mine, theirs } = await setUp();
    const workflow = await mine("POST", "/v1/workflows", { name: "W", definition });
    const trunk = await mine("POST", "/v1/sip-trunks", { name: "S", host: "a.example" });
    const use = { workflowId: workflow.body.id, sipTrunkId: trunk.body.id };
    expect((await theirs("POST", "/v1/phone-numbers", use)).status).toBe(404);
    const number = await mine("POST", "/v1/phone-numbers", use);
    expect(number.body).toMatchObject({ source: "trunk", ...use });
    for (const path of [`/v1/workflows/${workflow.body.id}`, `/v1/sip-trunks/${trunk.body.id}`]) {
      expect(await mine("DELETE", path)).toMatchObject({ status: 409, body: { code: "conflict" } });
    }
    const detached = await mine("PATCH", `/v1/phone-numbers/${number.body.id}`, { workflowId: null, sipTrunkId: null });
    expect(detached.body).toMatchObject({ source: "local" });
    for (const path of [`/v1/workflows/${workflow.body.id}`, `/v1/sip-trunks/${trunk.body.id}`])
      expect((await mine("DELETE", path)).status).toBe(204);
  });

  test("that this server doesn't run yet say so when they are started", async () => {
    const { mine, theirs } = await setUp();
    const agent = await mine("POST", "/v1/agents", { name: "Ada" });
    const campaign = await mine("POST", "/v1/campaigns", { name: "C", agentId: agent.body.id });
    const suite = await mine("POST", "/v1/test-suites", { name: "S" });
    const variants = [{ name: "b", traffic: 0.5, overrides: { prompt: "Be brief" } }];
    const input = { name: "E", controlAgentId: agent.body.id, variants };
    expect((await theirs("POST", "/v1/experiments", input)).status).toBe(404);
    const experiment = await mine("POST", "/v1/experiments", input);
    expect(experiment).toMatchObject({ status: 201, body: { status: "draft", variants } });
    for (const path of [
      `/v1/campaigns/${campaign.body.id}/start`,
      `/v1/test-suites/${suite.body.id}/runs`,
      `/v1/experiments/${experiment.body.id}/start`,
    ]) {
      expect(await mine("POST", path)).toMatchObject({ status: 501, body: { code: "not_supported" } });
      expect((await theirs("POST", path)).status).toBe(404);
    }
    expect((await mine("GET", `/v1/test-suites/${suite.body.id}/runs`)).body).toEqual({ data: [] });
    const stopped = await mine("POST", `/v1/experiments/${experiment.body.id}/stop`);
    expect(stopped.body).toMatchObject({ status: "stopped" });
    expect((await mine("POST", `/v1/experiments/${experiment.body.id}/stop`)).body).toEqual(stopped.body);
    expect((await mine("POST", `/v1/campaigns/${campaign.body.id}/pause`)).body).toMatchObject({ status: "paused" });
    expect((await mine("POST", `/v1/campaigns/${campaign.body.id}/cancel`)).body).toMatchObject({
      status: "cancelled",
    });
    expect((await mine("POST", `/v1/campaigns/${campaign.body.id}/pause`)).status).toBe(409);
  });

  test("such as leads belong to their campaign, which counts them", async () => {
    const { mine, theirs } = await setUp();
    const [a, b] = [
      await mine("POST", "/v1/campaigns", { name: "A" }),
      await mine("POST", "/v1/campaigns", { name: "B" }),
    ];
    const leads = `/v1/campaigns/${a.body.id}/leads`;
    const lead = await mine("POST", leads, { phoneNumber: "+1 212 555 0101", variables: { name: "Bo" } });
    expect(lead).toMatchObject({
      status: 201,
      body: { phoneNumber: "+12125550101", status: "pending", attempts: 0, campaignId: a.body.id },
    });
    expect((await mine("POST", leads, { phoneNumber: "911" })).status).toBe(400);
    expect((await mine("GET", leads)).body).toEqual({ data: [lead.body] });
    expect((await mine("GET", `/v1/campaigns/${b.body.id}/leads/${lead.body.id}`)).status).toBe(404);
    expect((await theirs("GET", `${leads}/${lead.body.id}`)).status).toBe(404);
    expect((await theirs("GET", leads)).status).toBe(404);
    const patched = await mine("PATCH", `${leads}/${lead.body.id}`, { variables: { age: "9" } });
    expect(patched.body["variables"]).toEqual({ age: "9" });
    expect((await mine("GET", `/v1/campaigns/${a.body.id}`)).body).toMatchObject({ totalLeads: 1, completedLeads: 0 });
    expect((await mine("GET", "/v1/campaigns")).body["data"]).toMatchObject([{ totalLeads: 0 }, { totalLeads: 1 }]);
    expect((await mine("DELETE", `${leads}/${lead.body.id}`)).status).toBe(204);
    expect((await mine("GET", leads)).body).toEqual({ data: [] });
  });

  test("such as secrets are never shown again", async () => {
    const { mine, theirs } = await setUp();
    const input = { provider: "openai", value: "sk-1234567890-abcd" };
    const created = await mine("POST", "/v1/secrets", input);
    expect(created).toMatchObject({ status: 201, body: { name: "default", lastCharacters: "abcd" } });
    expect((await mine("POST", "/v1/secrets", input)).status).toBe(409);
    expect((await theirs("POST", "/v1/secrets", input)).status).toBe(201);
    const path = `/v1/secrets/${created.body.id}`;
    const replaced = await mine("PATCH", path, { value: "short" });
    expect(replaced.body).not.toHaveProperty("lastCharacters");
    expect(JSON.stringify((await mine("GET", "/v1/secrets")).body)).not.toMatch(/short|sk-1|sealed/);
    expect((await theirs("GET", path)).status).toBe(404);
    expect((await theirs("DELETE", path)).status).toBe(404);
    expect((await mine("DELETE", path)).status).toBe(204);
  });
});
