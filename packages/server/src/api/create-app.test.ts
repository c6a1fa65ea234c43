import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NotHealthyError } from "../health/check-health.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { QueryError } from "../storage/query-error.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { systemWallClock } from "../wall-clock.ts";
import { createApp } from "./create-app.ts";
import { renderApi } from "./testing/render-api.ts";
import { TEST_KEY, testDeps } from "./testing/test-deps.ts";

let opened: EmbeddedTestDatabase;
beforeAll(async () => {
  opened = await openEmbeddedForTest();
}, 60_000);
afterAll(() => opened.dispose());

const app = (overrides: Partial<AppDeps> = {}) => createApp(testDeps(opened.database, overrides));
const withKey = { Authorization: `Bearer ${TEST_KEY}` };
const json = { ...withKey, "Content-Type": "application/json" };

async function problem(response: Response | Promise<Response>) {
  const answered = await response;
  expect(answered.headers.get("Content-Type")).toBe("application/problem+json");
  return (await answered.json()) as {
    status: number;
    code: string;
    detail: string;
    requestId: string;
    errors?: object[];
  };
}

describe("agents", () => {
  test("can be created with a name alone, read, changed, listed and deleted", async () => {
    const api = app();
    const created = await api.request("/v1/agents", { method: "POST", headers: json, body: '{"name":"Ada"}' });
    expect(created.status).toBe(201);
    const agent = (await created.json()) as { id: string };
    expect(agent).toMatchObject({
      name: "Ada",
      revision: 1,
      version: 0,
      voice: { speed: 1 },
      turnTaking: { endOfTurnMinMs: 500 },
    });

    const path = `/v1/agents/${agent.id}`;
    const patch = '{"turnTaking":{"endOfTurnMinMs":700},"temperature":0.2,"greeting":{"mode":"off"}}';
    const changed = await api.request(path, { method: "PATCH", headers: json, body: patch });
    expect(await changed.json()).toMatchObject({
      revision: 2,
      temperature: 0.2,
      greeting: { mode: "off" },
      turnTaking: { endOfTurnMinMs: 700, endOfTurnMaxMs: 1600 },
    });
    const reset = await api.request(path, { method: "PATCH", headers: json, body: '{"temperature":null}' });
    expect(await reset.json()).not.toHaveProperty("temperature");

    const listed = await api.request("/v1/agents?name=ADA", { headers: withKey });
    expect(await listed.json()).toMatchObject({ data: [{ id: agent.id, revision: 3 }] });

    expect((await api.request(path, { method: "DELETE", headers: withKey })).status).toBe(204);
    expect(await problem(api.request(path, { headers: withKey }))).toMatchObject({ status: 404, code: "not_found" });
    expect(await problem(api.request(path, { method: "DELETE", headers: withKey }))).toMatchObject({ status: 404 });
  });

  test("come in pages, newest first, without gaps or repetitions", async () => {
    const api = app();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const body = `{"name":"Paged","notes":["${n}"]}`;
      const created = await api.request("/v1/agents", { method: "POST", headers: json, body });
      ids.push(((await created.json()) as { id: string }).id);
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await api.request(`/v1/agents?name=paged&limit=2${cursor}`, { headers: withKey });
      const { data, nextCursor } = (await page.json()) as { data: { id: string }[]; nextCursor?: string };
      seen.push(...data.map(({ id }) => id));
      cursor = nextCursor === undefined ? "" : `&cursor=${nextCursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(ids.toSorted().toReversed());
  });

  test.each([
    ['{"name":""}', "name"],
    ['{"name":"x","voice":{"speed":9}}', "voice.speed"],
    ['{"name":"x","greting":{}}', ""],
    ['{"name":"x\\u0000"}', "name"],
    ['{"name":"x","tools":[{"kind":"webhook","name":"a b","description":"","url":"ftp://x"}]}', "tools.0.name"],
    ['{"name":"x","turnTaking":{"endOfTurnMinMs":2000}}', "turnTaking.endOfTurnMaxMs"],
    ["[]", ""],
  ])("that are wrong are refused by name: %s", async (body, path) => {
    const answer = await problem(app().request("/v1/agents", { method: "POST", headers: json, body }));
    expect(answer).toMatchObject({ status: 400, code: "invalid_request" });
    expect(answer.errors).toContainEqual(expect.objectContaining({ path }));
  });

  test("with a wrong name among free ones are told what a name must be", async () => {
    const body = '{"type":"phone","agentId":"a","to":"+12125550100","headers":{"Via":"x"}}';
    const answer = await problem(app().request("/v1/calls", { method: "POST", headers: json, body }));
    expect(answer.errors).toEqual([{ path: "headers.Via", message: expect.stringContaining("must be X-…") }]);
  });

  test("can't be changed into something invalid", async () => {
    const api = app();
    const created = await api.request("/v1/agents", { method: "POST", headers: json, body: '{"name":"Ada"}' });
    const { id } = (await created.json()) as { id: string };
    const body = '{"turnTaking":{"endOfTurnMinMs":9000}}';
    const answer = await problem(api.request(`/v1/agents/${id}`, { method: "PATCH", headers: json, body }));
    expect(answer).toMatchObject({ code: "invalid_request", errors: [{ path: "turnTaking.endOfTurnMaxMs" }] });
  });
});

describe("a request", () => {
  test("that is broken gets an error that says how", async () => {
    const api = app();
    const post = (body: string, headers: Record<string, string> = json) =>
      problem(api.request("/v1/agents", { method: "POST", headers, body }));
    expect(await post("{")).toMatchObject({ status: 400, code: "malformed_json" });
    expect(await post("x".repeat(4_000_001))).toMatchObject({ status: 413, code: "payload_too_large" });
    expect(await post("name=x", { ...withKey, "Content-Type": "text/plain" })).toMatchObject({
      status: 415,
      code: "unsupported_media_type",
    });
    expect(await problem(api.request("/v1/agents?limit=0", { headers: withKey }))).toMatchObject({ status: 400 });
    expect(await problem(api.request("/v1/agents?cursor=x", { headers: withKey }))).toMatchObject({ status: 400 });
    expect(await problem(api.request("/v1/nothing", { headers: withKey }))).toMatchObject({ status: 404 });
  });

  test("carries an id through answer and error", async () => {
    const answer = await app().request("/v1/nothing", { headers: { ...withKey, "X-Request-Id": "my-id.1" } });
    expect(answer.headers.get("X-Request-Id")).toBe("my-id.1");
    expect(await problem(answer)).toMatchObject({ requestId: "my-id.1" });
    const odd = await app().request("/health", { headers: { "X-Request-Id": "a b" } });
    expect(odd.headers.get("X-Request-Id")).toMatch(/^[0-9a-z]{16}$/);
  });

  test("that fails inside tells nothing of the inside", async () => {
    const lines: string[] = [];
    const { createLog } = await import("../telemetry/log.ts");
    const log = createLog("info", { write: (line: string) => void lines.push(line) });
    const agents = new Proxy({} as AppDeps["agents"], {
      get: () => async () => {
        throw new Error("the password is sesame");
      },
    });
    const answer = await problem(app({ agents, log }).request("/v1/agents", { headers: withKey }));
    expect(answer).toMatchObject({ status: 500, code: "internal" });
    expect(JSON.stringify(answer)).not.toContain("sesame");
    expect(lines.join("")).toContain(answer.requestId);
  });

  test.each([
    ["53100", 503, "storage_unavailable"],
    [undefined, 503, "storage_unavailable"],
    ["22P02", 500, "internal"],
  ])("that meets the database's error %s is answered %i", async (sqlState, status, code) => {
    const agents = new Proxy({} as AppDeps["agents"], {
      get: () => async () => {
        throw new QueryError("insert", { sqlState, constraint: undefined, reason: "disk full" });
      },
    });
    const answer = await app({ agents }).request("/v1/agents", { headers: withKey });
    expect(answer.headers.get("Retry-After")).toBe(status === 503 ? "5" : null);
    expect(await problem(answer)).toMatchObject({ status, code });
  });

  test("without a valid key is refused", async () => {
    const api = app();
    expect(await problem(api.request("/v1/agents"))).toMatchObject({ status: 401, code: "unauthorized" });
    for (const Authorization of ["Bearer wrong", "Basic eDp5", `Bearer ${"x".repeat(600)}`])
      expect(await problem(api.request("/v1/agents", { headers: { Authorization } }))).toMatchObject({ status: 401 });
  });

  test("gets headers that keep browsers safe", async () => {
    const { headers } = await app().request("/health");
    expect(headers.get("Content-Security-Policy")).toContain("script-src 'self'");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Cache-Control")).toBe("no-store");
  });

  test("under another machine's name is refused on loopback, lest a page elsewhere reaches in", async () => {
    const from = (Host: string, isLoopback = true) => app({ isLoopback }).request("/health", { headers: { Host } });
    expect(await problem(from("evil.example"))).toMatchObject({ status: 403, code: "host_not_allowed" });
    expect(await problem(from("127.0.0.1.evil.example:8080"))).toMatchObject({ status: 403 });
    for (const host of ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"]) expect((await from(host)).status).toBe(200);
    expect((await from("earshot.example", false)).status).toBe(200);
  });
});

describe("the page", () => {
  let pageDirectory: string;
  beforeAll(async () => {
    pageDirectory = await mkdtemp(join(tmpdir(), "earshot-page-"));
    await mkdir(join(pageDirectory, "assets"));
    await writeFile(join(pageDirectory, "index.html"), "<!doctype html><title>page</title>");
    await writeFile(join(pageDirectory, "assets/app.js"), "1");
    await writeFile(join(pageDirectory, "../secret.txt"), "secret");
  });
  afterAll(() => rm(pageDirectory, { recursive: true }));

  test("opens a session with which the page needs no key", async () => {
    const api = app({ pageDirectory });
    const page = await api.request("/");
    expect(await page.text()).toContain("<title>page</title>");
    const cookie = page.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(/^earshot_session=.*HttpOnly; SameSite=Strict$/);
    const Cookie = cookie.split(";", 1)[0] ?? "";
    expect((await api.request("/v1/agents", { headers: { Cookie } })).status).toBe(200);
    const write = (extra: Record<string, string>) =>
      api.request("/v1/agents", {
        method: "POST",
        headers: { Cookie, "Content-Type": "application/json", ...extra },
        body: '{"name":"By page"}',
      });
    expect((await write({ "Sec-Fetch-Site": "same-origin" })).status).toBe(201);
    expect((await write({ Origin: "http://localhost", Host: "localhost" })).status).toBe(201);
    expect(await problem(write({ "Sec-Fetch-Site": "same-site" }))).toMatchObject({ code: "forbidden_origin" });
    expect(await problem(write({ Origin: "http://localhost:3000", Host: "localhost" }))).toMatchObject({ status: 403 });
    expect(await problem(write({}))).toMatchObject({ status: 403 });
    const forged = `${Cookie.slice(0, -3)}abc`;
    expect((await api.request("/v1/agents", { headers: { Cookie: forged } })).status).toBe(401);
  });

  test("asks for a key where others can connect", async () => {
    const api = app({ pageDirectory, isLoopback: false });
    expect((await api.request("/", { headers: { Host: "localhost" } })).headers.get("Set-Cookie")).toBeNull();
    const signIn = (apiKey: string) =>
      api.request("/v1/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ apiKey }),
      });
    expect(await problem(signIn("wrong"))).toMatchObject({ status: 401 });
    const Cookie = (await signIn(TEST_KEY)).headers.get("Set-Cookie")?.split(";", 1)[0] ?? "";
    expect((await api.request("/v1/agents", { headers: { Cookie } })).status).toBe(200);
    expect((await api.request("/metrics")).status).toBe(401);
  });

  test("may do no more than the key that it was given", async () => {
    const verifyApiKey = async () => ({ kind: "key", workspaceId: "ws_default", scopes: ["agents:read"] }) as const;
    const api = app({ pageDirectory, isLoopback: false, verifyApiKey });
    const signedIn = await api.request("/v1/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ apiKey: "a key for reading" }),
    });
    const Cookie = signedIn.headers.get("Set-Cookie")?.split(";", 1)[0] ?? "";
    expect((await api.request("/v1/agents", { headers: { Cookie } })).status).toBe(200);
    const headers = { Cookie, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin" };
    const write = api.request("/v1/agents", { method: "POST", headers, body: '{"name":"By page"}' });
    expect(await problem(write)).toMatchObject({ status: 403 });
  });

  test("is signed out at once when its key is revoked, or has expired", async () => {
    let nowMs = Date.now();
    const clock = { ...systemWallClock, now: () => systemWallClock.at(nowMs) };
    const api = app({ pageDirectory, isLoopback: false, clock });
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${TEST_KEY}` };
    const signIn = async (settings: object) => {
      const body = JSON.stringify({ name: "Page", ...settings });
      const made = await api.request("/v1/api-keys", { method: "POST", headers, body });
      const { id, key } = (await made.json()) as { id: string; key: string };
      const session = { method: "POST", headers, body: JSON.stringify({ apiKey: key }) };
      const signedIn = await api.request("/v1/session", session);
      const Cookie = signedIn.headers.get("Set-Cookie")?.split(";", 1)[0] ?? "";
      expect(Cookie).not.toContain(key);
      return { id, look: async () => (await api.request("/v1/agents", { headers: { Cookie } })).status };
    };
    const revoked = await signIn({});
    const expiring = await signIn({ expiresAt: clock.at(nowMs + 60_000).toISOString() });
    expect([await revoked.look(), await expiring.look()]).toEqual([200, 200]);
    const gone = await api.request(`/v1/api-keys/${revoked.id}`, { method: "DELETE", headers });
    expect(gone.status).toBe(204);
    expect([await revoked.look(), await expiring.look()]).toEqual([401, 200]);
    nowMs += 60_000;
    expect(await expiring.look()).toBe(401);
  });

  test("lets browsers keep hashed files for ever, and nothing else", async () => {
    const api = app({ pageDirectory });
    const asset = await api.request("/assets/app.js");
    expect(asset.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
    expect((await api.request("/")).headers.get("Cache-Control")).toBe("no-store");
    expect((await api.request("/calls/call_1")).status).toBe(200);
  });

  test("gives no file outside its folder", async () => {
    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/assets/..%2f..%2fsecret.txt",
      "/%2e%2e%2fsecret.txt",
    ]) {
      const answer = await app({ pageDirectory }).request(path);
      expect([path, await answer.text()]).not.toContain("secret");
    }
  });

  test("says so when it isn't built", async () => {
    const answer = await app().request("/");
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("has not been built yet");
  });
});

describe("the operator", () => {
  test("learns why the node isn't ready", async () => {
    const full = { name: "disk", check: async () => Promise.reject(new NotHealthyError("only 3 MB are free")) };
    const answer = await app({ healthSources: [full] }).request("/health");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: "not_ready",
      checks: [{ name: "disk", isOk: false, reason: "only 3 MB are free" }],
    });
    expect((await app({ healthSources: [full] }).request("/ready")).status).toBe(503);
  });

  test("isn't kept waiting by a check that hangs", async () => {
    const after = (_delayMs: number, run: () => void) => {
      queueMicrotask(run);
      return () => {};
    };
    const clock = { ...systemWallClock, after };
    const hanging = { name: "speech", check: () => new Promise<void>(() => {}) };
    const answer = await app({ healthSources: [hanging], clock }).request("/health");
    expect(await answer.json()).toMatchObject({ checks: [{ reason: "no answer within 2 seconds" }] });
  });

  test("finds requests by route, not by path, in the metrics", async () => {
    const api = app();
    await api.request("/v1/agents/agt_1", { headers: withKey });
    await api.request("/wp-admin.php");
    const text = await (await api.request("/metrics")).text();
    expect(text).toContain('earshot_http_request_ms_count{method="GET",route="/v1/agents/:id",status="404"} 1');
    expect(text).toContain('route="other",status="404"} 1');
    expect(text).toContain("earshot_active_calls 0");
    expect(text).toContain('earshot_event_loop_delay_ms{quantile="0.99"}');
  });
});

test("keys can be made, used, listed and revoked", async () => {
  let nowMs = 1_000_000;
  const clock = { ...systemWallClock, now: () => new Date(nowMs) };
  const { createApiKeyVerifier } = await import("../api-keys/verify-api-key.ts");
  const { apiKeys } = testDeps(opened.database);
  const api = app({ clock, verifyApiKey: createApiKeyVerifier({ store: apiKeys, clock, configuredKey: TEST_KEY }) });
  const made = await api.request("/v1/api-keys", { method: "POST", headers: json, body: '{"name":"CI"}' });
  const { id, key, prefix } = (await made.json()) as { id: string; key: string; prefix: string };
  expect(key).toMatch(/^ear_[\w-]{43}$/);
  expect(key.startsWith(prefix)).toBe(true);
  const headers = { Authorization: `Bearer ${key}` };
  const listed = await (await api.request("/v1/api-keys", { headers })).text();
  expect(listed).toContain(id);
  expect(listed).not.toContain(key);
  expect((await api.request(`/v1/api-keys/${id}`, { method: "DELETE", headers })).status).toBe(204);
  nowMs += 5_001;
  expect((await api.request("/v1/agents", { headers })).status).toBe(401);
});

test("speech goes both ways", async () => {
  const api = app();
  const said = await api.request("/v1/speech", { method: "POST", headers: json, body: '{"text":"hello"}' });
  expect([said.headers.get("Content-Type"), await said.text()]).toEqual(["audio/wav", "hello"]);
  const headers = { ...withKey, "Content-Type": "audio/wav" };
  const heard = await api.request("/v1/transcriptions", { method: "POST", headers, body: new Uint8Array(5_000_000) });
  expect(await heard.json()).toMatchObject({ text: "5000000 bytes" });
  const asJson = await problem(api.request("/v1/transcriptions", { method: "POST", headers: json, body: "{}" }));
  expect(asJson).toMatchObject({ status: 415 });
});

test("speech is the same bytes each time, with an Idempotency-Key too", async () => {
  const wav = Uint8Array.of(255, 0, 128, 7);
  const { speech } = testDeps(opened.database);
  const api = app({ speech: { ...speech, say: async () => wav } });
  const headers = { ...json, "Idempotency-Key": `speech-${crypto.randomUUID()}` };
  for (let n = 0; n < 2; n++) {
    const said = await api.request("/v1/speech", { method: "POST", headers, body: '{"text":"hello"}' });
    expect(new Uint8Array(await said.arrayBuffer())).toEqual(wav);
  }
});

test("a DELETE needs no Content-Type where it has no body, as clients send it", async () => {
  const api = app();
  const created = await api.request("/v1/agents", { method: "POST", headers: json, body: '{"name":"Short-lived"}' });
  const { id } = (await created.json()) as { id: string };
  const body = new ReadableStream({ start: (controller) => controller.close() });
  const bare = { method: "DELETE", headers: withKey, body, duplex: "half" } as RequestInit;
  expect((await api.request(`/v1/agents/${id}`, bare)).status).toBe(204);
  const typed = { method: "DELETE", headers: { ...withKey, "Content-Type": "text/plain" }, body: "x" };
  expect(await problem(api.request(`/v1/agents/${id}`, typed))).toMatchObject({ status: 415 });
});

test("voices and models are listed", async () => {
  const list = async (path: string) => (await app().request(path, { headers: withKey })).json();
  expect(await list("/v1/voices")).toMatchObject({ data: [{ id: "flite:slt" }] });
  expect(await list("/v1/models")).toMatchObject({ data: [{ name: "builtin/receptionist" }] });
});

test("the committed description of the API is fresh", async () => {
  const { readFile } = await import("node:fs/promises");
  const { openApiPath } = await import("./testing/render-api.ts");
  const committed = await readFile(openApiPath, "utf8");
  expect(committed === (await renderApi()), "run `npm run openapi -w packages/server`").toBe(true);
});
