import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createWebhooks } from "../deliveries/webhooks.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { systemWallClock } from "../wall-clock.ts";
import { createLoad, noConversations } from "../webhooks/create-load.ts";
import { recordEvents } from "../webhooks/store.ts";
import { type Receiver, startReceiver } from "../webhooks/testing/receiver.ts";
import { createApp } from "./create-app.ts";
import { TEST_KEY, testDeps } from "./testing/test-deps.ts";

let opened: EmbeddedTestDatabase;
let hook: Receiver;
let answer = 200;
beforeAll(async () => {
  opened = await openEmbeddedForTest();
  hook = await startReceiver((_request, response) => response.writeHead(answer).end());
}, 60_000);
afterAll(async () => {
  await hook.close();
  await opened.dispose();
});

const withKey = { Authorization: `Bearer ${TEST_KEY}` };
const json = { ...withKey, "Content-Type": "application/json" };

function setUp() {
  const deps = testDeps(opened.database);
  const webhooks = createWebhooks({
    ...{ database: opened.database, vault: deps.vault, clock: systemWallClock },
    guard: createUrlGuard({ allow: ["127.0.0.1"] }),
    load: createLoad({ ...deps, conversations: noConversations }),
  });
  const app = createApp({ ...deps, webhooks });
  const send = async (method: string, path: string, body?: unknown) => {
    const init =
      body === undefined ? { method, headers: withKey } : { method, headers: json, body: JSON.stringify(body) };
    const response = await app.request(`/v1/${path}`, init);
    const text = await response.text();
    return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> };
  };
  return { send, webhooks };
}

test("an endpoint is made, tried out, changed, given another secret and deleted", async () => {
  const { send } = setUp();
  const created = await send("POST", "webhook-endpoints", { url: hook.url, headers: { "X-Mine": "1" } });
  expect(created).toMatchObject({ status: 201, body: { events: ["*"], isEnabled: true, timeoutMs: 10_000 } });
  const { id, secret } = created.body;
  expect(await send("POST", `webhook-endpoints/${id}/test`)).toMatchObject({
    body: { success: true, statusCode: 200 },
  });
  expect(hook.received.at(-1)?.headers).toMatchObject({ "earshot-event": "webhook.test", "x-mine": "1" });
  const patched = await send("PATCH", `webhook-endpoints/${id}`, { events: ["call.ended"], timeoutMs: 5000 });
  expect(patched.body).toMatchObject({ events: ["call.ended"], timeoutMs: 5000, headers: { "X-Mine": "1" } });
  const rotated = await send("POST", `webhook-endpoints/${id}/rotate-secret`, {});
  expect(rotated.body["secret"]).not.toBe(secret);
  const read = await send("GET", `webhook-endpoints/${id}`);
  expect(read.body).toMatchObject({ id, isSigned: true });
  expect(JSON.stringify(read.body)).not.toContain("whsec_");
  expect((await send("GET", "webhook-endpoints?limit=5")).body["data"]).toMatchObject([{ id }]);
  expect((await send("DELETE", `webhook-endpoints/${id}`)).status).toBe(204);
  expect((await send("GET", `webhook-endpoints/${id}`)).status).toBe(404);
});

test("what is wrong with an endpoint is told by field", async () => {
  const { send } = setUp();
  const wrong = [
    [{}, "url"],
    [{ url: "nonsense" }, "url"],
    [{ url: "http://169.254.169.254/" }, "url"],
    [{ url: "https://user:pass@example.com/" }, "url"],
    [{ url: hook.url, events: ["nope"] }, "events.0"],
    [{ url: hook.url, secret: "short" }, "secret"],
    [{ url: hook.url, timeoutMs: 1 }, "timeoutMs"],
    [{ url: hook.url, headers: { Host: "x" } }, "headers.Host"],
  ] as const;
  for (const [body, path] of wrong) {
    const answered = await send("POST", "webhook-endpoints", body);
    expect(answered).toMatchObject({ status: 400, body: { code: "invalid_request", errors: [{ path }] } });
  }
  expect((await send("POST", "webhook-endpoints", { url: hook.url, agentId: "agt_none" })).status).toBe(404);
});

test("deliveries are listed, read, counted and sent again", async () => {
  const { send, webhooks } = setUp();
  const created = await send("POST", "webhook-endpoints", { url: hook.url });
  const workspaceId = (await opened.database.pool.query("select workspace_id from webhook_endpoints limit 1")).rows[0]
    .workspace_id as string;
  await webhooks.start({ isAlone: true, onError: (error) => expect.unreachable(String(error)) });
  answer = 410;
  const occurredAt = systemWallClock.now();
  const data = { callId: "call_1", direction: "web", startedAt: occurredAt.toISOString() };
  await recordEvents(opened.database.drizzle, [{ type: "call.started", workspaceId, occurredAt, data }]);
  webhooks.wake();
  const list = async () =>
    (await send("GET", `webhook-deliveries?endpointId=${created.body["id"]}&eventType=call.started`)).body["data"] as {
      id: string;
      status: string;
    }[];
  await vi.waitFor(async () => expect(await list()).toMatchObject([{ status: "failed", responseStatus: 410 }]));
  const [{ id } = { id: "" }] = await list();
  answer = 200;
  await send("PATCH", `webhook-endpoints/${created.body["id"]}`, { isEnabled: true });
  expect(await send("POST", `webhook-deliveries/${id}/redeliver`)).toMatchObject({ status: 202 });
  await vi.waitFor(async () => expect((await list())[0]?.status).toBe("delivered"));
  const read = await send("GET", `webhook-deliveries/${id}`);
  expect(read.body).toMatchObject({ requestHeaders: { "Earshot-Delivery": id }, history: [{ status: 410 }] });
  expect(JSON.parse(String(read.body["body"]))).toMatchObject({ type: "call.started", workspaceId, data });
  const stats = await send("GET", `webhook-deliveries/stats?endpointId=${created.body["id"]}&hours=1`);
  expect(stats.body).toMatchObject({ total: 1, success: 1, successRate: 1 });
  expect((await send("GET", "webhook-deliveries?since=yesterday")).status).toBe(400);
  expect((await send("GET", "webhook-deliveries/dlv_none")).status).toBe(404);
  await webhooks.close();
});
