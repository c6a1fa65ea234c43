/** Whatever is sent, it is the client's mistake or it works: never a 5xx but for what isn't supported yet. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { testDeps } from "./testing/test-deps.ts";
import { type ApiClient, twoWorkspaces } from "./testing/two-workspaces.ts";

let opened: EmbeddedTestDatabase;
let send: ApiClient;
let agentId: string;
let phoneNumberId: string;
beforeAll(async () => {
  opened = await openEmbeddedForTest();
  send = (await twoWorkspaces(testDeps(opened.database))).mine;
  agentId = (await send("POST", "/v1/agents", { name: "Ada" })).body.id;
  phoneNumberId = (await send("POST", "/v1/phone-numbers", {})).body.id;
}, 60_000);
afterAll(() => opened.dispose());

const VALID: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  agents: { name: "A", tools: [], voice: { speed: 1 }, turnTaking: { endOfTurnMinMs: 1 }, variables: [], metadata: {} },
  "webhook-endpoints": { url: "https://a.example/", events: ["call.ended"], headers: {}, timeoutMs: 1000 },
  workspaces: { name: "W", metadata: {} },
  "phone-numbers": {
    country: "US",
    areaCode: "415",
    name: "Desk",
    contactCard: { firstName: "A" },
    metadata: { a: "b" },
  },
  contacts: { phoneNumber: "+12125550100", name: "Bo", email: "a@b.example", notes: "n", metadata: {} },
  conversations: { phoneNumberId: "NUMBER", participant: "+12125550100" },
  messages: {
    to: "+12125550100",
    recipients: ["+12125550100", "40404"],
    body: "x",
    mediaUrls: [],
    from: "+12125550101",
  },
  "tool-templates": { name: "T", tool: { kind: "endCall" }, metadata: {} },
  "analysis-templates": { name: "A", schema: {}, minMessages: 2 },
  "mcp-servers": { name: "M", url: "https://a.example", headers: { a: "b" }, timeoutMs: 5000 },
  campaigns: { name: "C", timeZone: "UTC", scheduleStartTime: "09:00:00", agentId: "AGENT" },
  workflows: { name: "W", definition: { entryNode: "a", nodes: [{ id: "a", type: "conversation" }], edges: [] } },
  "sip-trunks": { name: "S", host: "a.example", port: 5060, password: "x", username: "u" },
  "test-suites": { name: "S", cases: [{ id: "1", input: { turns: [{ content: "x" }] }, expected: {} }] },
  experiments: { name: "E", controlAgentId: "AGENT", variants: [{ name: "a", traffic: 1 }], stopRule: {} },
  secrets: { provider: "openai", name: "n", value: "v" },
  transcripts: { audioUrl: "http://10.0.0.1/a.wav", redact: [], language: "en" },
};

/** No two secrets have one name, and no two contacts one number. */
const UNUSED = { name: "unused", phoneNumber: "+12125550187" };
/** What isn't changed once it is there. */
const UNCHANGING = ["messages", "transcripts"];

function withIds(document: unknown): unknown {
  const text = JSON.stringify(document).replaceAll('"AGENT"', `"${agentId}"`);
  return JSON.parse(text.replaceAll('"NUMBER"', `"${phoneNumberId}"`));
}

const json = fc.jsonValue({ maxDepth: 3 });
const mutated = (valid: Readonly<Record<string, unknown>>) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(valid), "sent", "id", "status", "__proto__"), json)
    .map(([name, value]) => ({ ...valid, [name]: value }));

test.each(Object.entries(VALID))(
  "/v1/%s stand random documents",
  async (name, valid) => {
    const path = `/v1/${name}`;
    const document = fc.oneof(json, mutated(valid));
    await fc.assert(
      fc.asyncProperty(document, async (body) => {
        const created = await send("POST", path, withIds(body));
        expect(created.status, JSON.stringify([body, created.body])).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
    if (UNCHANGING.includes(name)) return;
    const unused = Object.entries(UNUSED).filter(([field]) => field in valid);
    const made = await send("POST", path, withIds({ ...valid, ...Object.fromEntries(unused) }));
    expect(made.status, JSON.stringify(made.body)).toBeLessThan(300);
    const one = `${path}/${made.body.id}`;
    await fc.assert(
      fc.asyncProperty(document, async (patch) => {
        const before = (await send("GET", one)).body;
        const changed = await send("PATCH", one, withIds(patch));
        expect(changed.status, JSON.stringify([patch, changed.body])).toBeLessThan(500);
        if (changed.status >= 400) expect((await send("GET", one)).body).toEqual(before);
      }),
      { numRuns: 60 },
    );
  },
  60_000,
);

test("queries stand random values", async () => {
  const queries = ["limit", "cursor", "search", "status", "before", "after", "agentId", "timeZone", "days", "period"];
  const paths = [...Object.keys(VALID), "usage/daily", "usage/monthly", "usage/by-agent", "usage"];
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("0", "-1", "1e9", "\0", "Etc/UTC"),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.constantFrom(...queries), value, async (path, name, text) => {
      const answer = await send("GET", `/v1/${path}?${new URLSearchParams({ [name]: text })}`);
      expect(answer.status, JSON.stringify([path, name, text, answer.body])).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("text that no database can hold is refused wherever it stands", async () => {
  expect((await send("GET", "/v1/contacts?search=%00")).status).toBe(400);
  expect((await send("GET", "/v1/contacts/%00")).status).toBe(404);
  expect((await send("POST", "/v1/contacts", { phoneNumber: "+12125550100", name: "\0" })).status).toBe(400);
});

test("ids stand random values", async () => {
  const id = fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit: "binary", minLength: 1 }), fc.constant("\0"));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(VALID)), id, async (path, text) => {
      const encoded = text.isWellFormed() ? encodeURIComponent(text) : "%00";
      const answer = await send("GET", `/v1/${path}/${encoded}`);
      expect(answer.status, JSON.stringify([path, text, answer.body])).toBeLessThan(500);
    }),
    { numRuns: 200 },
  );
}, 60_000);
