import { describe, expect, it } from "vitest";
import {
  AuthenticationError,
  ConflictError,
  ConnectionError,
  EarshotError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  RateLimitError,
  ServerError,
} from "./earshot-error.ts";
import { FakeTiming } from "./testing/fake-timing.ts";
import { type EarshotOptions, Transport } from "./transport.ts";

type Answer = Response | Error | "silence";
const json = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const broken = () => new TypeError("fetch failed");

describe("a request that fails for a passing reason", () => {
  it.each([408, 429, 500, 502, 503, 504])("is tried twice more after status %i, then fails", async (status) => {
    const { run, seen } = setUp([json(status), json(status), json(status), json(200)]);
    await expect(run({ path: "/x" })).rejects.toMatchObject({ status });
    expect(seen).toHaveLength(3);
  });

  it("succeeds when a later try does, also after a lost connection", async () => {
    const { run, seen } = setUp([broken(), json(503), json(200, { ok: true })]);
    expect(await run({ path: "/x" })).toEqual({ ok: true });
    expect(seen).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 409, 412, 422, 501])("is not tried again after status %i", async (status) => {
    const { run, seen } = setUp([json(status)]);
    await expect(run({ path: "/x" })).rejects.toMatchObject({ status });
    expect(seen).toHaveLength(1);
  });

  it("is tried as often as the client, or the request, says", async () => {
    const once = setUp([broken()], { maxRetries: 0 });
    await expect(once.run({ path: "/x" })).rejects.toBeInstanceOf(ConnectionError);
    expect(once.seen).toHaveLength(1);
    const four = setUp([json(500), json(500), json(500), json(200, { n: 4 })], { maxRetries: 0 });
    expect(await four.run({ path: "/x", maxRetries: 3 })).toEqual({ n: 4 });
  });

  it("is tried again when a try took too long", async () => {
    const { run, seen, timing } = setUp(["silence", json(200, { ok: true })], { timeoutMs: 1000 });
    expect(await run({ path: "/x" })).toEqual({ ok: true });
    expect(seen).toHaveLength(2);
    expect(timing.nowMs()).toBeGreaterThanOrEqual(1000);
  });

  it("leaves no timer behind", async () => {
    const { run, timing } = setUp([json(500), json(200)]);
    await run({ path: "/x" });
    expect(timing.pending).toBe(0);
  });
});

describe("the wait before a retry", () => {
  it("grows exponentially, is a random share of that, and never exceeds 8 s", async () => {
    const failures = () => Array.from({ length: 8 }, () => json(500));
    const high = setUp(failures(), { maxRetries: 6, timeoutMs: 0, random: 0.999 });
    await expect(high.run({ path: "/x" })).rejects.toBeInstanceOf(ServerError);
    expect(high.timing.asked.map(Math.ceil)).toEqual([500, 999, 1998, 3996, 7992, 7992]);
    const low = setUp(failures(), { maxRetries: 6, timeoutMs: 0, random: 0 });
    await expect(low.run({ path: "/x" })).rejects.toBeInstanceOf(ServerError);
    expect(low.timing.asked).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each([
    ["7", 7000],
    ["0", 0],
    ["Thu, 01 Jan 1970 00:00:12 GMT", 2000],
    ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
    ["86400", 60_000],
    ["soon", 250],
  ])("follows Retry-After: %s", async (header, waitMs) => {
    const refusal = json(429, {}, { "retry-after": header });
    const { run, timing } = setUp([refusal, json(200)], { timeoutMs: 0, random: 0.5, nowMs: 10_000 });
    await run({ path: "/x" });
    expect(timing.asked).toEqual([waitMs]);
  });

  it("ends at once with the signal's reason", async () => {
    const { transport, timing } = setUp([json(503, {}, { "retry-after": "30" })], { isManual: true });
    const controller = new AbortController();
    const request = transport.json({ path: "/x", signal: controller.signal });
    await until(() => timing.asked.includes(30_000));
    const reason = new Error("changed my mind");
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    expect(timing.pending).toBe(0);
  });
});

describe("a write", () => {
  it.each(["POST", "PATCH", "PUT", "DELETE"] as const)("by %s keeps its key over its tries", async (method) => {
    const { run, keys } = setUp([json(500), broken(), json(200), json(200)]);
    await run({ path: "/x", method });
    await run({ path: "/x", method });
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it("carries the key that the user gives, and a read carries none", async () => {
    const { run, keys } = setUp([json(200), json(200)]);
    await run({ path: "/x", method: "POST", idempotencyKey: "order-7" });
    await run({ path: "/x" });
    expect(keys).toEqual(["order-7", null]);
  });
});

it("waits for an earlier try of the same write that is still under way", async () => {
  const { run, keys } = setUp([broken(), json(409, { code: "idempotency_in_progress" }), json(200, { ok: true })]);
  expect(await run({ path: "/x", method: "POST" })).toEqual({ ok: true });
  expect(new Set(keys).size).toBe(1);
});

it("sends no key with what changes nothing, and tries it again all the same", async () => {
  const { run, keys } = setUp([json(500), json(200)]);
  await run({ path: "/x", method: "POST", isHarmless: true });
  expect(keys).toEqual([null, null]);
});

it("asks for the very agent that was read, or for an ETag", async () => {
  const { run, seen } = setUp([json(200), json(200)]);
  await run({ path: "/x", method: "PATCH", ifMatch: { revision: 7, version: 2 } });
  await run({ path: "/x", method: "PATCH", ifMatch: '"abc"' });
  expect(seen.map((headers) => headers.get("if-match"))).toEqual(['"7-2"', '"abc"']);
});

it("acts in the workspace of the request, else in that of the client", async () => {
  const { run, seen } = setUp([json(200), json(200)], { workspaceId: "ws_client" });
  await run({ path: "/x" });
  await run({ path: "/x", workspaceId: "ws_request" });
  expect(seen.map((headers) => headers.get("earshot-workspace"))).toEqual(["ws_client", "ws_request"]);
});

describe("an error", () => {
  it.each([
    [400, InvalidRequestError],
    [401, AuthenticationError],
    [403, PermissionError],
    [404, NotFoundError],
    [409, ConflictError],
    [412, ConflictError],
    [413, InvalidRequestError],
    [415, InvalidRequestError],
    [422, InvalidRequestError],
    [429, RateLimitError],
    [500, ServerError],
    [503, ServerError],
    [418, EarshotError],
  ])("of status %i is of its own kind", async (status, kind) => {
    const { run } = setUp([json(status)], { maxRetries: 0 });
    const error = await run({ path: "/x" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EarshotError);
    expect((error as Error).constructor).toBe(kind);
    expect((error as Error).name).toBe(kind.name);
  });

  it("carries the request's id, the wrong fields and the time to wait", async () => {
    const errors = [{ path: "voice.speed", message: "must be at most 2" }, "odd", { path: 3 }];
    const problem = { code: "invalid_request", detail: "The body is wrong.", requestId: "req_1", errors };
    const { run } = setUp([json(400, problem, { "x-request-id": "other", "retry-after": "3" })]);
    await expect(run({ path: "/x" })).rejects.toMatchObject({
      message: "The body is wrong.",
      code: "invalid_request",
      requestId: "req_1",
      retryAfterMs: 3000,
      errors: [
        { path: "voice.speed", message: "must be at most 2" },
        { path: "", message: "is wrong" },
      ],
    });
    const bare = setUp([new Response("<html>", { status: 404, headers: { "x-request-id": "req_2" } })]);
    await expect(bare.run({ path: "/x" })).rejects.toMatchObject({ code: "http_404", requestId: "req_2", errors: [] });
  });

  it("is of the kind ConnectionError where no answer comes", async () => {
    const away = setUp([broken()], { maxRetries: 0 });
    await expect(away.run({ path: "/x" })).rejects.toMatchObject({ name: "ConnectionError", code: "unreachable" });
    const slow = setUp(["silence"], { maxRetries: 0, timeoutMs: 5 });
    await expect(slow.run({ path: "/x" })).rejects.toMatchObject({ name: "ConnectionError", code: "timeout" });
  });

  it("tells a base URL and a key that can't be used", async () => {
    expect(() => new Transport({ baseUrl: "localhost:8080" })).toThrow(/"localhost:8080" is not the URL of a server/);
    const { run, seen } = setUp([json(200)], { apiKey: "line\nbreak" });
    await expect(run({ path: "/x" })).rejects.toMatchObject({ code: "invalid_header" });
    expect(seen).toHaveLength(0);
  });
});

type SetUp = EarshotOptions & { random?: number; nowMs?: number; isManual?: boolean };

/** A transport whose answers are given and whose time passes by itself, unless it is `isManual`. */
function setUp(answers: readonly Answer[], { random = 0.5, nowMs = 0, isManual = false, ...options }: SetUp = {}) {
  const timing = new FakeTiming(nowMs);
  timing.next = random;
  const seen: Headers[] = [];
  const keys: (string | null)[] = [];
  const left = [...answers];
  const transport = new Transport({
    ...options,
    timing,
    fetch: (_, init) => {
      const headers = new Headers(init?.headers);
      seen.push(headers);
      keys.push(headers.get("idempotency-key"));
      const answer = left.shift();
      if (answer === undefined || answer === "silence") return untilAborted(init?.signal);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  const run = async (request: Parameters<Transport["json"]>[0]) => {
    let isOver = isManual;
    const result = transport.json(request).finally(() => {
      isOver = true;
    });
    result.catch(() => undefined);
    while (!isOver) {
      await settle();
      if (!isOver) timing.advance(100_000);
    }
    return result;
  };
  return { transport, timing, seen, run, keys };
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}
