import { afterEach, expect, it } from "vitest";
import { Earshot } from "./earshot.ts";
import { InvalidRequestError } from "./earshot-error.ts";

type Sent = { readonly request: string; readonly body?: unknown };

const sent: Sent[] = [];
afterEach(() => void sent.splice(0));

it.each([
  "contacts",
  "toolTemplates",
  "analysisTemplates",
  "mcpServers",
  "workflows",
  "campaigns",
  "publicKeys",
  "sipTrunks",
  "carrierAccounts",
  "testSuites",
  "experiments",
  "secrets",
] as const)("%s can be created, read, listed, changed and deleted", async (noun) => {
  const client = answering(() => ({ id: "x" }));
  const path = `/v1/${noun.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
  const resource = client[noun];
  await resource.create({ name: "One" } as never);
  await resource.get("a/b");
  await resource.list({ limit: 2, cursor: undefined });
  await resource.update("x", { name: "Two" } as never);
  await resource.delete("x");
  expect(sent).toEqual([
    { request: `POST ${path}`, body: { name: "One" } },
    { request: `GET ${path}/a%2Fb` },
    { request: `GET ${path}?limit=2` },
    { request: `PATCH ${path}/x`, body: { name: "Two" } },
    { request: `DELETE ${path}/x` },
  ]);
});

it("attaches, detaches and releases phone numbers", async () => {
  const { phoneNumbers } = answering(() => ({ id: "num_1", status: "released" }));
  await phoneNumbers.attach("num_1", "agt_1");
  await phoneNumbers.detach("num_1");
  expect(await phoneNumbers.release("num_1")).toMatchObject({ status: "released" });
  expect(sent).toEqual([
    { request: "PATCH /v1/phone-numbers/num_1", body: { agentId: "agt_1" } },
    { request: "PATCH /v1/phone-numbers/num_1", body: { agentId: null } },
    { request: "DELETE /v1/phone-numbers/num_1" },
  ]);
});

it("searches, buys, imports and moves numbers, and adds ranges", async () => {
  const { phoneNumbers, carrierAccounts, optOuts } = answering(() => ({ data: [] }));
  await phoneNumbers.available({ carrierAccountId: "car_1", areaCode: "212" });
  await phoneNumbers.buy({ carrierAccountId: "car_1", phoneNumber: "+12125557001" });
  await phoneNumbers.import({ carrierAccountId: "car_1" });
  await phoneNumbers.addRange({ from: "+12125557001", to: "+12125557009", sipTrunkId: "trk_1" });
  await phoneNumbers.move("num_1", "ws_1");
  await phoneNumbers.release("num_1", { keepAtCarrier: true });
  await carrierAccounts.check("car_1");
  await optOuts.list({ limit: 5 });
  await optOuts.create({ phoneNumber: "+12125557001", recipient: "+12125557002" });
  await optOuts.delete({ phoneNumber: "+12125557001", recipient: "+12125557002" });
  expect(sent.map(({ request }) => request)).toEqual([
    "GET /v1/phone-numbers/available?carrierAccountId=car_1&areaCode=212",
    "POST /v1/phone-numbers/buy",
    "POST /v1/phone-numbers/import",
    "POST /v1/phone-numbers/range",
    "POST /v1/phone-numbers/num_1/move",
    "DELETE /v1/phone-numbers/num_1?keepAtCarrier=true",
    "POST /v1/carrier-accounts/car_1/check",
    "GET /v1/opt-outs?limit=5",
    "POST /v1/opt-outs",
    "DELETE /v1/opt-outs?phoneNumber=%2B12125557001&recipient=%2B12125557002",
  ]);
});

it("links, deletes, pauses and resumes recordings", async () => {
  const { calls } = answering(() => ({ url: "https://x" }));
  await calls.linkRecording("call_1");
  await calls.linkRecording("call_1", { expiresInS: 60 });
  await calls.pauseRecording("call_1");
  await calls.resumeRecording("call_1");
  await calls.deleteRecording("call_1");
  await calls.delete("call_1");
  expect(sent.map(({ request }) => request)).toEqual([
    "POST /v1/calls/call_1/recording/link",
    "POST /v1/calls/call_1/recording/link?expiresInS=60",
    "POST /v1/calls/call_1/recording/pause",
    "POST /v1/calls/call_1/recording/resume",
    "DELETE /v1/calls/call_1/recording",
    "DELETE /v1/calls/call_1",
  ]);
});

it("opens and changes conversations, sends messages and reacts to them", async () => {
  const { conversations, messages } = answering(() => ({ id: "x" }));
  await conversations.open({ phoneNumberId: "num_1", participant: "+12125550100" });
  await conversations.get("conv_1", { messageLimit: 5 });
  await conversations.update("conv_1", { metadata: null });
  await messages.send({ to: "+12125550100", body: "Hi" });
  await messages.react("msg_1", "👍");
  expect(sent).toEqual([
    { request: "POST /v1/conversations", body: { phoneNumberId: "num_1", participant: "+12125550100" } },
    { request: "GET /v1/conversations/conv_1?messageLimit=5" },
    { request: "PATCH /v1/conversations/conv_1", body: { metadata: null } },
    { request: "POST /v1/messages", body: { to: "+12125550100", body: "Hi" } },
    { request: "POST /v1/messages/msg_1/reactions", body: { reaction: "👍" } },
  ]);
});

it("starts and stops what runs by itself, and reaches what belongs to it", async () => {
  const { campaigns, experiments, testSuites } = answering(() => ({ id: "x" }));
  for (const verb of ["start", "pause", "cancel"] as const) await campaigns[verb]("cmp_1");
  const leads = campaigns.leads("cmp/1");
  await leads.create({ phoneNumber: "+12125550100" });
  await leads.delete("lead_1");
  for (const verb of ["start", "stop"] as const) await experiments[verb]("exp_1");
  await testSuites.run("suite_1");
  await testSuites.runs("suite_1", { limit: 1 });
  expect(sent.map(({ request }) => request)).toEqual([
    ...["start", "pause", "cancel"].map((verb) => `POST /v1/campaigns/cmp_1/${verb}`),
    "POST /v1/campaigns/cmp%2F1/leads",
    "DELETE /v1/campaigns/cmp%2F1/leads/lead_1",
    "POST /v1/experiments/exp_1/start",
    "POST /v1/experiments/exp_1/stop",
    "POST /v1/test-suites/suite_1/runs",
    "GET /v1/test-suites/suite_1/runs?limit=1",
  ]);
});

it("writes down recordings that are given as bytes or by their URL", async () => {
  const { transcripts } = answering(() => ({ id: "tr_1" }));
  await transcripts.create(Uint8Array.of(82, 73));
  await transcripts.create({ audioUrl: "https://example.org/a.wav" });
  await transcripts.delete("tr_1");
  expect(sent).toEqual([
    { request: "POST /v1/transcripts", body: "audio/wav, 2 bytes" },
    { request: "POST /v1/transcripts", body: { audioUrl: "https://example.org/a.wav" } },
    { request: "DELETE /v1/transcripts/tr_1" },
  ]);
});

it("reads usage in total, over time, by number and by agent", async () => {
  const { usage } = answering(() => ({ data: [] }));
  await usage.get();
  await usage.daily({ days: 7 });
  await usage.monthly({ timeZone: "Europe/Amsterdam" });
  await usage.byNumber();
  await usage.byAgent({ period: "week" });
  expect(sent.map(({ request }) => request)).toEqual([
    "GET /v1/usage",
    "GET /v1/usage/daily?days=7",
    "GET /v1/usage/monthly?timeZone=Europe%2FAmsterdam",
    "GET /v1/usage/by-number",
    "GET /v1/usage/by-agent?period=week",
  ]);
});

/** Newest first; three of one millisecond. */
const MESSAGES = ["05", "04", "04", "04", "03", "02"].map((ms, index) => ({
  id: `msg_${index}`,
  createdAt: `2026-01-02T03:04:05.0${ms}Z`,
}));

it.each([1, 2, 3, 4, 50])("lists every message once, also those of one millisecond, %i a page", async (limit) => {
  const { messages, conversations } = answering(pageOfMessages);
  const seen: string[] = [];
  for await (const { id } of messages.list({ limit, agentId: "agt_1" })) seen.push(id);
  expect(seen).toEqual(MESSAGES.map(({ id }) => id));
  expect(sent.every(({ request }) => request.includes("agentId=agt_1"))).toBe(true);
  const first = await conversations.messages("conv_1", { limit });
  expect(first.data).toHaveLength(Math.min(limit, MESSAGES.length));
  if (first.nextCursor === undefined) return;
  const next = await conversations.messages("conv_1", { limit, cursor: first.nextCursor });
  expect(next.data[0]).toEqual(MESSAGES[limit]);
});

it("refuses a cursor of another list", async () => {
  const { messages } = answering(pageOfMessages);
  await expect(messages.list({ cursor: "agt_1" })).rejects.toBeInstanceOf(InvalidRequestError);
  expect(sent).toEqual([]);
});

function pageOfMessages(url: URL): object {
  const before = url.searchParams.get("before") ?? "9";
  const older = MESSAGES.filter(({ createdAt }) => createdAt < before);
  const limit = Number(url.searchParams.get("limit"));
  return { data: older.slice(0, limit), hasMore: older.length > limit };
}

function answering(answer: (url: URL) => object): Earshot {
  return new Earshot({
    maxRetries: 0,
    fetch: async (input, { method = "GET", body } = {}) => {
      const url = new URL(String(input));
      sent.push({
        request: `${method} ${url.pathname}${url.search}`,
        ...(body == null ? {} : { body: describe(body) }),
      });
      return method === "DELETE" && !url.pathname.includes("phone-numbers")
        ? new Response(null, { status: 204 })
        : Response.json(answer(url));
    },
  });
}

function describe(body: unknown): unknown {
  return typeof body === "string" ? JSON.parse(body) : `audio/wav, ${(body as Uint8Array).length} bytes`;
}
