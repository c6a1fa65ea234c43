import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";

const WRITES = [
  ["POST", "/v1/agents"],
  ["PATCH", "/v1/agents/:agent"],
  ["POST", "/v1/agents/:agent/numbers"],
  ["POST", "/v1/agents/:agent/webhook"],
  ["POST", "/v1/numbers"],
  ["PUT", "/v1/numbers/:number/contact-card"],
  ["POST", "/v1/calls"],
  ["POST", "/v1/calls/web"],
  ["PATCH", "/v1/conversations/:id"],
  ["POST", "/v1/conversations/:id/background"],
  ["POST", "/v1/messages"],
  ["POST", "/v1/messages/:id/reactions"],
  ["POST", "/v1/contacts"],
  ["PATCH", "/v1/contacts/:id"],
  ["POST", "/v1/webhooks"],
  ["POST", "/v1/sub-accounts"],
  ["POST", "/v1/register"],
  ["POST", "/v0/agent/sign-up"],
  ["POST", "/v0/agent/verify"],
] as const;

const READS = [
  ...["/v1/agents", "/v1/agents/:id", "/v1/numbers", "/v1/numbers/:id/messages", "/v1/calls", "/v1/calls/:id"],
  ...["/v1/conversations", "/v1/conversations/:id/messages", "/v1/contacts", "/v1/contacts/capabilities"],
  ...["/v1/webhooks/deliveries", "/v1/webhooks/deliveries/stats", "/v1/usage/daily", "/v1/usage/by-agent"],
  ...["/v1/sub-accounts", "/v1/location/:id"],
] as const;

const FIELDS = [
  ...[
    "name",
    "voiceMode",
    "customTools",
    "maxSilenceMs",
    "voice",
    "language",
    "transferNumber",
    "beginMessage",
    "numberId",
  ],
  ...[
    "phoneNumber",
    "email",
    "agentId",
    "toNumber",
    "variables",
    "metadata",
    "body",
    "to_number",
    "recipients",
    "url",
    "timeout",
  ],
  ...[
    "reaction",
    "image_url",
    "country",
    "areaCode",
    "limit",
    "offset",
    "status",
    "hours",
    "period",
    "tz",
    "before",
    "search",
  ],
];

const name = fc.oneof(fc.constantFrom(...FIELDS), fc.string({ maxLength: 12 }));
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom("hosted", "+12125550100", "https://example.com/x", "de-DE", 0.5),
);
const document = fc.dictionary(name, value, { maxKeys: 8 });

describeOnEachDatabase("AgentPhone's routes", (database) => {
  let server: AgentPhoneServer;
  let agent: string;
  let number: string;
  beforeAll(async () => {
    server = await startAgentPhone(database());
    agent = (await server.client.agents.createAgent({ name: "Steady" })).id;
    number = (await server.client.numbers.createNumber({ agentId: agent })).id;
  });
  afterAll(() => server.close());
  const fill = (path: string, id: string) =>
    path.replace(":agent", agent).replace(":number", number).replace(":id", encodeURIComponent(id));

  test("answer any document without failing, and change nothing when they refuse it", async () => {
    const anyWrite = fc.tuple(
      fc.constantFrom(...WRITES),
      fc.oneof(document, fc.jsonValue()),
      fc.string({ minLength: 1, maxLength: 8, unit: "binary" }),
    );
    await fc.assert(
      fc.asyncProperty(anyWrite, async ([[method, path], body, id]) => {
        const before = (await server.send("GET", `/v1/agents/${agent}`)).body;
        const answer = await server.send(method, fill(path, id), body);
        expect(answer.status).toBeLessThan(500);
        if (answer.status < 400) return;
        expect(answer.body).toMatchObject({ detail: expect.anything(), error: { code: expect.any(String) } });
        expect((await server.send("GET", `/v1/agents/${agent}`)).body).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });

  test("answer any query without failing", async () => {
    const anyRead = fc.tuple(
      fc.constantFrom(...READS),
      fc.dictionary(name, fc.string({ maxLength: 12 }), { maxKeys: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(anyRead, async ([path, query]) => {
        const answer = await server.send("GET", `${fill(path, "x")}?${new URLSearchParams(query)}`);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
  });
});
