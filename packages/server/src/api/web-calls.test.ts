import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { createApp } from "./create-app.ts";
import type { Router } from "./router.ts";
import { TEST_KEY, testDeps } from "./testing/test-deps.ts";

const PAGE = "https://www.example.com";

let opened: EmbeddedTestDatabase;
let webDirectory: string;
let api: Router;
let agentId: string;

beforeAll(async () => {
  opened = await openEmbeddedForTest();
  webDirectory = await mkdtemp(join(tmpdir(), "earshot-web-"));
  await writeFile(join(webDirectory, "widget.js"), "/* widget */");
}, 60_000);
afterAll(async () => {
  await rm(webDirectory, { recursive: true });
  await opened.dispose();
});

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };

async function send(
  path: string,
  body: object,
  headers: Record<string, string> = {},
  remoteAddress = "127.0.0.1",
): Promise<Answer> {
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
  const answer = await api.request(path, request, { incoming: { socket: { remoteAddress } } });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

const withKey = { Authorization: `Bearer ${TEST_KEY}` };

async function makeKey(settings: object = {}): Promise<string> {
  const made = await send("/v1/public-keys", { name: "Site", agentId, allowedOrigins: [PAGE], ...settings }, withKey);
  return String(made.body["id"]);
}

const startPublic = (publicKey: string, { origin = PAGE, ...more }: { origin?: string; variables?: object } = {}) =>
  send("/v1/public/web-calls", { publicKey, ...more }, { Origin: origin });

beforeEach(async () => {
  api = createApp(testDeps(opened.database, { webDirectory }));
  agentId = String((await send("/v1/agents", { name: "Ada" }, withKey)).body["id"]);
});

describe("an access token", () => {
  test("names its call and lasts thirty seconds", async () => {
    const { status, body } = await send("/v1/web-calls", { agentId, variables: { name: "Bo" } }, withKey);
    expect(status).toBe(201);
    expect(body["token"]).toMatch(new RegExp(`^${String(body["callId"])}\\.[\\w-]{32}$`));
    expect(body["audioUrl"]).toBe(
      `ws://localhost/v1/calls/${String(body["callId"])}/audio?token=${String(body["token"])}`,
    );
    const leftMs = Date.parse(String(body["expiresAt"])) - Date.now();
    expect(leftMs).toBeGreaterThan(20_000);
    expect(leftMs).toBeLessThanOrEqual(30_000);
  });

  test("is not given to those without a key, nor for settings that are the server's to choose", async () => {
    expect((await send("/v1/web-calls", { agentId })).status).toBe(401);
    expect((await send("/v1/web-calls", { agentId, overrides: { prompt: "Obey." } }, withKey)).status).toBe(400);
  });
});

describe("a public key", () => {
  test("starts calls of its agent from the pages that it names", async () => {
    const key = await makeKey({ allowedVariables: ["plan"] });
    const { status, body, headers } = await startPublic(key, { variables: { plan: "pro" } });
    expect(status).toBe(201);
    expect(headers.get("Access-Control-Allow-Origin")).toBe(PAGE);
    const call = await api.request(`/v1/calls/${String(body["callId"])}`, { headers: withKey });
    expect(await call.json()).toMatchObject({ agentId, variables: { plan: "pro" }, metadata: { publicKey: key } });
  });

  test("is refused elsewhere, with an answer that the page can read", async () => {
    const { status, body, headers } = await startPublic(await makeKey(), { origin: "https://evil.example" });
    expect([status, body["code"]]).toEqual([403, "forbidden_origin"]);
    expect(headers.get("Access-Control-Allow-Origin")).toBe("https://evil.example");
    const key = await makeKey({ allowedOrigins: ["*"] });
    expect((await startPublic(key, { origin: "https://any.example" })).status).toBe(201);
  });

  test("lets a page set no variables but those it names", async () => {
    const { status, body } = await startPublic(await makeKey(), { variables: { isAdmin: "yes" } });
    expect([status, body["errors"]]).toMatchObject([400, [{ path: "variables.isAdmin" }]]);
  });

  test("starts so many calls a minute, and so many at once", async () => {
    const busy = await makeKey({ callsPerMinute: 2 });
    const codes: unknown[] = [];
    for (let turn = 0; turn < 3; turn++) codes.push((await startPublic(busy)).body["code"]);
    expect(codes).toEqual([undefined, undefined, "rate_limited"]);
    expect((await startPublic(await makeKey({ maxCalls: 2 }))).body["code"]).toBe("too_many_calls");
  });

  test("starts so many calls a minute for one visitor, and others for others", async () => {
    const key = await makeKey({ visitorCallsPerMinute: 2 });
    const from = (address: string) =>
      send("/v1/public/web-calls", { publicKey: key }, { Origin: PAGE, "X-Forwarded-For": `6.6.6.6, ${address}` });
    const codes: unknown[] = [];
    for (const visitor of ["203.0.113.7", "203.0.113.7", "203.0.113.7", "203.0.113.8"])
      codes.push((await from(visitor)).body["code"]);
    expect(codes).toEqual([undefined, undefined, "rate_limited", undefined]);
    const { status, headers, body } = await from("203.0.113.7");
    expect([status, body["detail"]]).toEqual([429, expect.stringMatching(/^too many calls of yours .* in (59|60) s$/)]);
    expect(Number(headers.get("Retry-After"))).toBeGreaterThan(55);
    expect(headers.get("Access-Control-Expose-Headers")).toBe("Retry-After");
    const forged = { Origin: PAGE, "X-Forwarded-For": "203.0.113.9" };
    for (let turn = 0; turn < 2; turn++) await send("/v1/public/web-calls", { publicKey: key }, forged, "198.51.100.4");
    const straight = await send("/v1/public/web-calls", { publicKey: key }, forged, "198.51.100.4");
    expect(straight.status).toBe(429);
  });

  test("starts so many calls at once for one visitor, also when they are asked for at once", async () => {
    const deps = testDeps(opened.database, { webDirectory });
    api = createApp(deps);
    const key = await makeKey({ visitorMaxCalls: 2, maxCalls: 20, callsPerMinute: 20 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => startPublic(key)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.body["code"], refused?.headers.has("Retry-After")]).toEqual(["too_many_calls", true]);
    const other = { Origin: PAGE, "X-Forwarded-For": "203.0.113.8" };
    expect((await send("/v1/public/web-calls", { publicKey: key }, other)).status).toBe(201);
    const callId = String(answers.find(({ status }) => status === 201)?.body["callId"]);
    const end = { reason: "caller-hung-up", endedAt: deps.clock.now().toISOString(), durationMs: 0 } as const;
    await deps.calls.markEnded(callId, end);
    expect((await startPublic(key)).status).toBe(201);
  });

  test("opens nothing else, and nothing once it is switched off", async () => {
    const key = await makeKey();
    const asked = await api.request("/v1/agents", { headers: { Authorization: `Bearer ${key}` } });
    expect(asked.status).toBe(401);
    const off = await makeKey({ isActive: false });
    expect((await startPublic(off)).status).toBe(401);
    expect((await startPublic("pub_0")).status).toBe(401);
  });

  test("is made for agents that there are, and for origins alone", async () => {
    const wrong = [{ agentId: "agt_0" }, { allowedOrigins: ["https://www.example.com/page"] }, { allowedOrigins: [] }];
    const made = wrong.map((settings) =>
      send("/v1/public-keys", { name: "Site", agentId, allowedOrigins: [PAGE], ...settings }, withKey),
    );
    expect((await Promise.all(made)).map(({ status }) => status)).toEqual([404, 400, 400]);
  });
});

describe("pages elsewhere", () => {
  test("may ask beforehand whether they may call", async () => {
    const headers = { Origin: PAGE, "Access-Control-Request-Method": "POST" };
    const answer = await api.request("/v1/public/web-calls", { method: "OPTIONS", headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Access-Control-Allow-Headers")).toBe("Content-Type");
    expect(answer.headers.get("Access-Control-Allow-Credentials")).toBeNull();
  });

  test("may load the scripts, and nothing else of the server's", async () => {
    const script = await api.request("/widget.js");
    expect([script.status, await script.text()]).toEqual([200, "/* widget */"]);
    expect(script.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(script.headers.get("Cache-Control")).toBe("public, max-age=300");
    expect((await api.request("/earshot-web.js")).status).toBe(503);
    const page = await api.request("/");
    expect(page.headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
  });
});
