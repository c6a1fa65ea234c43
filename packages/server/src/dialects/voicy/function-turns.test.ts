import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { agentToolShape } from "../../agents/agent-tool.ts";
import { entry, journal } from "../../calls/testing/journal.ts";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { callWebhook } from "../../tools/call-webhook.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { toFunctionTurns } from "./function-turns.ts";
import { redactHeaders, redactUrl, redactValue } from "./redact.ts";

const tool = (url: string) => {
  const timeoutMs = url.endsWith("/slow") ? 100 : 10_000;
  const parsed = agentToolShape.parse({ kind: "webhook", name: "look_up", description: "", url, timeoutMs });
  if (parsed.kind !== "webhook") throw new Error("a webhook tool is one");
  return { ...parsed, url };
};

/** The result of a tool call as the transcript shows it. */
async function resultOf(url: string, given = "{}") {
  const guard = createUrlGuard({ allow: ["127.0.0.1"] });
  const call = { callId: "call_1", toolCallId: "t1", arguments: given };
  const outcome = await callWebhook(
    { guard, clock: systemWallClock, secret: undefined },
    tool(url),
    call,
    new AbortController().signal,
  );
  await guard.close();
  const requested = { type: "tool-requested", replyId: "r1", toolCallId: "t1", name: "look_up" } as const;
  const turns = toFunctionTurns(
    journal([
      entry({ ...requested, arguments: given, atMs: 5 }),
      entry({ type: "tool-finished", toolCallId: "t1", ...outcome, atMs: 9 }),
    ]),
    [tool(url)],
  );
  expect(turns).toHaveLength(2);
  return turns[1]?.function_result;
}

test("classes what went wrong by what was told to the model", async () => {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/slow")) return;
    if (path.startsWith("/large")) return void response.end("x".repeat(70_000));
    response.writeHead(path.startsWith("/moved") ? 302 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await resultOf(`${base}/broken`)).toMatchObject({ status_code: 503, error: "non_2xx" });
  expect(await resultOf(`${base}/moved`)).toMatchObject({ status_code: 302, error: "non_2xx" });
  expect(await resultOf(`${base}/slow`)).toMatchObject({ status_code: null, error: "timeout", duration_ms: 4 });
  expect(await resultOf(`${base}/large`)).toMatchObject({ error: "bad_response_json" });
  expect(await resultOf(`${base}/any`, "[]")).toMatchObject({ error: "type_validation_failed" });
  expect(await resultOf("http://10.0.0.1/")).toMatchObject({ error: "ssrf_blocked" });
  server.closeAllConnections();
  server.close();
  expect(await resultOf(`${base}/closed`)).toMatchObject({ status_code: null, error: "network" });
});

test("takes credentials out of headers, URLs and bodies, whatever surrounds them", () => {
  expect(redactHeaders({ Authorization: "a", "X-Api-Key": "b", Cookie: "c", Accept: "d" })).toEqual({
    Authorization: "[REDACTED]",
    "X-Api-Key": "[REDACTED]",
    Cookie: "[REDACTED]",
    Accept: "d",
  });
  const url = redactUrl("https://user:hunter2@example.com/p?access_token=abc&q=1");
  expect(url).not.toMatch(/hunter2|user|abc/);
  expect(url).toMatch(/example\.com\/p\?access_token=.*&q=1$/);
  const names = fc.constantFrom("password", "client_secret", "accessToken", "API_KEY", "bearer");
  fc.assert(
    fc.property(names, fc.jsonValue(), fc.array(fc.string(), { maxLength: 4 }), (name, around, path) => {
      const hidden = path.reduce<unknown>((inner, key) => ({ [key]: [inner, around] }), { [name]: { x: "hunter2" } });
      expect(JSON.stringify(redactValue(hidden))).not.toContain("hunter2");
    }),
  );
});
