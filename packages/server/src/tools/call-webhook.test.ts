import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import type { WebhookTool } from "../agents/agent-tool.ts";
import { createUrlGuard, type ResolveHost } from "../outbound-http/guard-url.ts";
import { systemWallClock } from "../wall-clock.ts";
import { callWebhook } from "./call-webhook.ts";
import { createToolRunner } from "./create-tool-runner.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Received = { headers: IncomingMessage["headers"]; body: string };

async function webhookServer(answer: (path: string) => { status?: number; body?: string; headers?: object }) {
  const received: Received[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body });
    const { status = 200, body: text = "", headers = {} } = answer(request.url ?? "");
    if (status === 0) return;
    response.writeHead(status, { ...headers }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, received };
}

function setUp(options: { allow?: string[]; resolve?: ResolveHost; secret?: string } = {}) {
  const { allow = ["127.0.0.0/8"], resolve, secret } = options;
  const guard = createUrlGuard(resolve === undefined ? { allow } : { allow, resolve });
  closers.push(() => guard.close());
  return { guard, clock: systemWallClock, secret };
}

const tool = (url: string, timeoutMs = 2000): WebhookTool & { url: string } => ({
  kind: "webhook",
  name: "book",
  description: "",
  parameters: {},
  phrases: [],
  url,
  method: "POST",
  headers: {},
  isAsync: false,
  timeoutMs,
});
const call = { callId: "call_1", toolCallId: "tool_1", arguments: '{"people":2}' };
const signal = new AbortController().signal;

describe("callWebhook", () => {
  test("posts the arguments with a key that lets the server tell repetitions", async () => {
    const { port, received } = await webhookServer(() => ({ body: '{"ok":true}' }));
    const outcome = await callWebhook(setUp(), tool(`http://127.0.0.1:${port}/`), call, signal);
    expect(outcome).toEqual({ outcome: "succeeded", result: '{"ok":true}' });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      callId: "call_1",
      toolCallId: "tool_1",
      name: "book",
      arguments: { people: 2 },
    });
    expect(received[0]?.headers).toMatchObject({
      "idempotency-key": "call_1-tool_1",
      "content-type": "application/json",
    });
    expect(received[0]?.headers["earshot-signature"]).toBeUndefined();
  });

  test("signs what it sends", async () => {
    const { port, received } = await webhookServer(() => ({}));
    await callWebhook(setUp({ secret: "sesame" }), tool(`http://127.0.0.1:${port}/`), call, signal);
    const [, seconds, digest] = /^t=(\d+),v1=(\w+)$/.exec(String(received[0]?.headers["earshot-signature"])) ?? [];
    expect(digest).toBe(createHmac("sha256", "sesame").update(`${seconds}.${received[0]?.body}`).digest("hex"));
  });

  test("tells the model what went wrong, and never throws", async () => {
    const { port } = await webhookServer((path) => {
      if (path === "/redirect") return { status: 302, headers: { location: "/" } };
      if (path === "/slow") return { status: 0 };
      if (path === "/long") return { body: "x".repeat(70_000) };
      return { status: 500, body: "out of order" };
    });
    const at = (path: string, timeoutMs?: number) => tool(`http://127.0.0.1:${port}${path}`, timeoutMs);
    const results: string[] = [];
    for (const each of [at("/redirect"), at("/slow", 100), at("/long"), at("/broken"), tool("http://127.0.0.1:1/")])
      results.push((await callWebhook(setUp(), each, call, signal)).result);
    expect(results).toEqual([
      "The tool's server answered with a redirect (302).",
      "The tool gave no result within 0.1 seconds.",
      "The tool's answer is longer than 64 kB.",
      "The tool's server answered with status 500. It said: out of order",
      "The tool's server can't be reached.",
    ]);
  });

  test("sends nothing when the model's arguments are no JSON object", async () => {
    const { port, received } = await webhookServer(() => ({}));
    const broken = { ...call, arguments: '{"people":' };
    const outcome = await callWebhook(setUp(), tool(`http://127.0.0.1:${port}/`), broken, signal);
    expect(outcome.outcome).toBe("failed");
    expect(received).toEqual([]);
  });

  test("stops when the call no longer wants the result", async () => {
    const { port } = await webhookServer(() => ({ status: 0 }));
    const controller = new AbortController();
    const calling = callWebhook(setUp(), tool(`http://127.0.0.1:${port}/`), call, controller.signal);
    controller.abort();
    expect(await calling).toEqual({ outcome: "failed", result: "The tool was cancelled." });
  });
});

describe("a webhook tool that fails", () => {
  const notes = () => {
    const noted: string[] = [];
    return {
      noted,
      note: ({ attempt, reason }: { attempt: number; reason: string }) => noted.push(`${attempt} ${reason}`),
    };
  };

  test("is asked again when its server was not reached, and no more often than twice", async () => {
    const { noted, note } = notes();
    const outcome = await callWebhook(setUp(), tool("http://127.0.0.1:1/"), { ...call, note }, signal);
    expect(outcome.result).toBe("The tool's server can't be reached.");
    expect(noted).toEqual(["2 ECONNREFUSED", "3 ECONNREFUSED"]);
  });

  test("is not asked again when its work may have been done", async () => {
    let asked = 0;
    const { port } = await webhookServer(() => ({ status: asked++ < 0 ? 200 : 503 }));
    const { noted, note } = notes();
    const outcome = await callWebhook(setUp(), tool(`http://127.0.0.1:${port}/`), { ...call, note }, signal);
    expect(outcome.outcome).toBe("failed");
    expect([asked, noted]).toEqual([1, []]);
  });

  test.each([{ isIdempotent: true }, { method: "GET" as const }])("is asked again with %o", async (settings) => {
    let asked = 0;
    const { port, received } = await webhookServer(() => (asked++ === 0 ? { status: 503 } : { body: "ok" }));
    const { noted, note } = notes();
    const outcome = await callWebhook(
      setUp(),
      { ...tool(`http://127.0.0.1:${port}/`), ...settings },
      { ...call, note },
      signal,
    );
    expect(outcome).toEqual({ outcome: "succeeded", result: "ok" });
    expect(noted).toEqual(["2 status 503"]);
    expect(received.map(({ headers }) => headers["idempotency-key"])).toEqual(["call_1-tool_1", "call_1-tool_1"]);
  });

  test("has another key in another call, and one that fits a header whatever the model calls it", async () => {
    const { port, received } = await webhookServer(() => ({}));
    for (const each of [
      { ...call, callId: "call_2" },
      { ...call, toolCallId: "ä\n\ud800" },
    ])
      await callWebhook(setUp(), tool(`http://127.0.0.1:${port}/`), each, signal);
    const keys = received.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual(["call_2-tool_1", "call_1-%C3%A4%0A%EF%BF%BD"]);
  });
});

describe("the guard of webhook URLs", () => {
  const refused = [
    "http://127.0.0.1/",
    "http://0x7f.1/",
    "http://2130706433/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://100.64.0.1/",
    "http://[::1]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[64:ff9b::a00:1]/",
    "http://user:secret@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "nonsense",
  ];

  test.each(refused)("refuses %s", (url) => {
    expect(() => setUp({ allow: [] }).guard.check(url)).toThrow();
  });

  test("lets public addresses and names through", () => {
    for (const url of ["https://example.com/hook", "http://93.184.216.34/", "http://[2606:2800:220:1::1]/"])
      expect(setUp({ allow: [] }).guard.check(url).href).toContain("://");
  });

  test("refuses a public name that resolves to a private address, even among public ones", async () => {
    const { port, received } = await webhookServer(() => ({}));
    const resolve: ResolveHost = (_host, done) =>
      done(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]);
    const outcome = await callWebhook(
      setUp({ allow: [], resolve }),
      tool(`http://hooks.example:${port}/`),
      call,
      signal,
    );
    expect(outcome.result).toContain("hooks.example is a private address");
    expect(received).toEqual([]);
  });

  test("connects to the address that was checked, without asking again", async () => {
    const { port, received } = await webhookServer(() => ({}));
    let asked = 0;
    const resolve: ResolveHost = (_host, done) => done(null, [{ address: "127.0.0.1", family: asked++ === 0 ? 4 : 6 }]);
    const deps = setUp({ allow: ["hooks.example"], resolve });
    await callWebhook(deps, tool(`http://hooks.example:${port}/`), call, signal);
    expect([asked, received.length]).toEqual([1, 1]);
    expect(received[0]?.headers.host).toBe(`hooks.example:${port}`);
  });
});

test("a tool that the agent doesn't have fails", async () => {
  const runner = createToolRunner(setUp(), { callId: "call_1", agent: newAgentShape.parse({ name: "Ada" }) });
  expect(await runner.run({ toolCallId: "t", name: "nope", arguments: "{}", sceneId: "main" }, signal)).toEqual({
    outcome: "failed",
    result: 'There is no tool "nope".',
  });
});
