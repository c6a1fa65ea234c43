import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../api-keys/create-api-key.ts";
import { createPhoneNumber } from "../../phone-numbers/create-phone-number.ts";
import { newPhoneNumberShape } from "../../phone-numbers/phone-number.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../storage/testing/each-database.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import { seedCall } from "./testing/seed-call.ts";
import { voicyClient } from "./testing/voicy-client.ts";
import { fromVoicyId, toVoicyId } from "./voicy-id.ts";

let opened: EmbeddedTestDatabase;
beforeAll(async () => {
  opened = await openEmbeddedForTest();
}, 60_000);
afterAll(() => opened.dispose());

const workspaceId = DEFAULT_WORKSPACE_ID;
const E164 = "Invalid phone number format. Use E.164 (e.g. +11234567890)";
const NOT_YOURS = "Phone number not found or not assigned to your account";

describe("an error", () => {
  test("says of a key what is wrong with it", async () => {
    const { send } = voicyClient(opened.database);
    const ask = async (path: string, key: string) => {
      const { status, json, headers } = await send("GET", path, undefined, { key });
      expect(headers.get("Content-Type")).toContain("application/json");
      return [status, json];
    };
    expect(await ask("/v1/list-agents", "")).toEqual([401, { error: "Missing authorization" }]);
    expect(await ask("/v1/list-agents", "voicy_sk_live_no")).toEqual([401, { error: "Invalid API key" }]);
    expect(await ask("/functions/v1/agent-list", "")).toEqual([
      401,
      { status: "error", message: "Missing authorization", error: "Missing authorization" },
    ]);
  });

  test("refuses a key what its scopes don't cover, and lets one that may read list calls by POST", async () => {
    const { send, deps } = voicyClient(opened.database);
    const { key } = await createApiKey(deps.apiKeys, deps.clock, {
      workspaceId,
      name: "reader",
      scopes: ["calls:read"],
      kind: "voicy_sk_live",
    });
    expect(key).toMatch(/^voicy_sk_live_/);
    const denied = await send("GET", "/v1/list-agents", undefined, { key });
    expect([denied.status, denied.json]).toEqual([403, { error: "Access denied" }]);
    expect((await send("POST", "/v1/list-calls", {}, { key })).status).toBe(200);
    expect((await send("POST", "/v1/delete-calls", { call_ids: ["x"] }, { key })).status).toBe(403);
  });

  test.each([
    ["GET", "/v1/get-agent/550e8400-e29b-41d4-a716-446655440001", "Agent not found"],
    ["GET", "/v1/get-call/anything", "Call not found"],
    ["PATCH", "/v1/update-agent/%00", "Not found"],
    ["DELETE", "/v1/delete-call/call_1", "Call not found"],
    ["GET", "/v1/nothing", "Not found"],
  ])("says that there is nothing: %s %s", async (method, path, text) => {
    const { send } = voicyClient(opened.database);
    const answer = await send(method, path, method === "PATCH" ? {} : undefined);
    expect([answer.status, answer.json]).toEqual([404, { error: text }]);
  });

  test.each([
    ["{", {}, 400, "Invalid JSON in the request body"],
    ["a=b", { "Content-Type": "text/plain" }, 415, "Content-Type must be application/json"],
    [" ".repeat(4_000_001), {}, 413, "The body must be at most 4 MB"],
    ["[]", {}, 400, "Invalid input: expected object, received array"],
    ['{"limit":0}', {}, 400, "limit: Too small: expected number to be >=1"],
    ['{"limit":1001}', {}, 400, "limit: Too big: expected number to be <=1000"],
    ['{"pagination_key":"x"}', {}, 400, "pagination_key must be the call_id of a call"],
  ])("names what is broken in a body: %#", async (body, headers, status, text) => {
    const { send } = voicyClient(opened.database);
    const answer = await send("POST", "/v1/list-calls", body, { headers });
    expect([answer.status, String(answer.json["error"])]).toEqual([status, expect.stringContaining(text)]);
  });

  test("tells when to come back after too many requests", async () => {
    const clock = new FakeWallClock("2026-03-04T05:06:30.000Z");
    const { send } = voicyClient(opened.database, { clock, rateLimit: 1 });
    const first = await send("GET", "/v1/list-agents");
    expect(first.headers.get("X-RateLimit-Remaining")).toBe("0");
    clock.advance(30_000);
    const second = await send("GET", "/v1/list-agents");
    expect([second.status, second.json, second.headers.get("Retry-After")]).toEqual([
      429,
      { error: "Rate limit exceeded. Please retry after 30 seconds." },
      "30",
    ]);
  });
});

describe("dialling", () => {
  const from = "+12125550123";
  const to = "+15559876543";

  test.each([
    [{}, 400, "from_number is required"],
    [{ from_number: from }, 400, "to_number is required"],
    [{ from_number: from, to_number: "555" }, 400, E164],
    [{ from_number: "0049", to_number: to }, 400, E164],
    [{ from_number: from, to_number: "+1911" }, 400, E164],
    [{ from_number: "+12125550199", to_number: to }, 404, NOT_YOURS],
    [{ from_number: from, to_number: to, vars_provided: { "a b": "c" } }, 400, "vars_provided"],
  ])("is refused in Voicy's words: %j", async (body, status, text) => {
    const { send } = voicyClient(opened.database);
    for (const path of ["/v1/create-phone-call", "/functions/v1/call-dial"]) {
      const answer = await send("POST", path, body);
      expect([answer.status, answer.json["error"]]).toEqual([status, expect.stringContaining(text)]);
    }
  });

  test("takes only the workspace's own numbers, and wants an agent", async () => {
    const client = voicyClient(opened.database);
    const input = newPhoneNumberShape.parse({ phoneNumber: from });
    await createPhoneNumber(client.deps, workspaceId, input);
    const dial = async (more: object, headers = {}) => {
      const body = { from_number: from, to_number: to, ...more };
      const { status, json } = await client.send("POST", "/v1/create-phone-call", body, { headers });
      return [status, json["error"]];
    };
    const child = (await client.send("POST", "own:/v1/workspaces", { name: "Child" })).json;
    expect(await dial({}, { "Earshot-Workspace": child["id"] })).toEqual([404, NOT_YOURS]);
    expect(await dial({})).toEqual([400, expect.stringContaining("No agent is assigned")]);
    expect(await dial({ override_agent_id: "550e8400-e29b-41d4-a716-446655440001" })).toEqual([404, "Agent not found"]);
    expect(await dial({ override_agent_id: "x" })).toEqual([404, "Agent not found"]);
  });

  test("places the call with the deployed version of the agent, and says that it began", async () => {
    const client = voicyClient(opened.database);
    const made = await client.send("POST", "/functions/v1/agent-create", { name: "Caller", prompt: "P" });
    const number = newPhoneNumberShape.parse({ phoneNumber: "+12125550177", agentId: made.json["agent_id"] });
    const agentId = fromVoicyId("agt", String(made.json["agent_id"]));
    await createPhoneNumber(client.deps, workspaceId, { ...number, agentId });
    const body = { from_number: "+12125550177", to_number: "+12125550178", dynamic_variables: { n: 1, gone: null } };
    const placed = await client.send("POST", "/v1/create-phone-call", body);
    expect([placed.status, placed.json]).toEqual([
      201,
      {
        call_id: expect.any(String),
        call_status: "initiated",
        call_type: "phone_call",
        agent_id: made.json["agent_id"],
        from_number: body.from_number,
        to_number: body.to_number,
        direction: "outgoing",
      },
    ]);
    const call = await client.send("GET", `/v1/get-call/${String(placed.json["call_id"])}`);
    expect(call.json).toMatchObject({
      call_status: "error",
      direction: "outgoing",
      agent: { id: made.json["agent_id"], version: 1 },
      vars_provided: { n: "1" },
    });
  });
});

describe("extracting", () => {
  const said = [
    {
      seq: 1,
      atMs: 0,
      event: { type: "transcript-final" as const, utteranceId: 1, text: "On the fifth.", atMs: 0 },
      effects: [],
    },
  ];

  test("asks a language model for a summary and the agent's variables, and keeps them", async () => {
    const asked: string[] = [];
    const client = voicyClient(opened.database, {
      async *complete({ messages }) {
        asked.push(JSON.stringify(messages));
        yield { type: "text", text: '```json\n{"summary":"They agreed.","variables":{"day":5,"other":"x"}}' };
        yield { type: "text", text: "\n```" };
      },
    });
    const made = await client.send("POST", "own:/v1/agents", {
      name: "A",
      variables: [
        { name: "day", type: "number" },
        { name: "time", type: "time" },
      ],
    });
    const { calls } = client.deps;
    const agentId = String(made.json["id"]);
    const call = await seedCall(calls, { agentId, agentRevision: 1, endReason: "caller-hung-up" }, said);
    const extracted = await client.send("POST", `/functions/v1/call-extract/${toVoicyId(call.id)}`);
    const found = { summary: "They agreed.", vars_extracted: { day: "5", time: null } };
    expect([extracted.status, extracted.json]).toEqual([200, { success: true, ...found }]);
    expect(asked).toEqual([expect.stringContaining("caller: On the fifth.")]);
    expect((await client.send("GET", `/v1/get-call/${toVoicyId(call.id)}`)).json).toMatchObject(found);
  });

  test("says so when the model writes no JSON, and when there is nothing to read", async () => {
    const client = voicyClient(opened.database);
    const spoken = await seedCall(client.deps.calls, { endReason: "caller-hung-up" }, said);
    const silent = await seedCall(client.deps.calls, { endReason: "caller-hung-up" });
    const extract = async (id: string) => {
      const { status, json } = await client.send("POST", `/functions/v1/call-extract/${toVoicyId(id)}`);
      return [status, json["message"]];
    };
    expect(await extract(spoken.id)).toEqual([502, expect.stringContaining("gave no summary")]);
    expect(await extract(silent.id)).toEqual([422, "The call must be completed and have a transcript"]);
  });
});

test("no document whatever makes a route fail, and what fails changes nothing", async () => {
  const { send, deps } = voicyClient(opened.database);
  const made = await send("POST", "/functions/v1/agent-create", { name: "Kept", prompt: "P" });
  const agent = String(made.json["agent_id"]);
  const call = toVoicyId((await seedCall(deps.calls, { endReason: "caller-hung-up" })).id);
  const names = fc.constantFrom(
    ...["name", "prompt", "language", "voice", "welcome_message", "variables_provided", "variables_extracted"],
    ...["agent_name", "voice_id", "begin_message", "begin_message_mode", "agent_prompt", "vars_provided"],
    ...["vars_extracted", "pronunciations", "notification_emails", "operating_hours", "agent_id", "account"],
    ...["filter_criteria", "sort_order", "limit", "pagination_key", "call_ids", "metadata", "url", "custom_headers"],
    ...["from_number", "to_number", "override_agent_id", "dynamic_variables", "default", "description", "required"],
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      fc.constantFrom("static", "he", "https://example.com", "+12125550123", "ascending", [call], [agent]),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(names, tie("any"), { maxKeys: 6 }),
    ),
  })).any;
  const document = fc.oneof(fc.dictionary(names, value, { maxKeys: 8 }), value);
  const routes = [
    ["POST", "/functions/v1/agent-create"],
    ["PATCH", `/functions/v1/agent-modify/${agent}`],
    ["PATCH", `/v1/update-agent/${agent}`],
    ["POST", "/v1/list-calls"],
    ["POST", "/functions/v1/call-list"],
    ["POST", "/v1/create-phone-call"],
    ["PATCH", `/v1/update-call/${call}`],
    ["POST", "/v1/delete-calls"],
    ["POST", `/v1/agent-webhooks/${agent}`],
  ] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), document, async ([method, path], body) => {
      const before = (await send("GET", `/v1/get-agent/${agent}`)).text;
      const answer = await send(method, path, body);
      expect(answer.status, answer.text).toBeLessThan(500);
      if (answer.status < 400) return;
      expect(typeof answer.json["error"]).toBe("string");
      expect((await send("GET", `/v1/get-agent/${agent}`)).text).toBe(before);
    }),
    { numRuns: 250 },
  );
}, 60_000);
