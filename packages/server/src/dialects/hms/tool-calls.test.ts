import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { newAgentShape } from "../../agents/agent.ts";
import type { Call } from "../../calls/call.ts";
import { newId } from "../../new-id.ts";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { createToolRunner } from "../../tools/create-tool-runner.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { startReceiver } from "../../webhooks/testing/receiver.ts";
import { toNewAgent } from "./agent-codec.ts";
import { hmsToolPayload, toToolOutcome } from "./tool-calls.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const AT = "2026-03-04T05:06:07.000Z";
const call: Call = {
  id: newId("call", 1),
  workspaceId: "ws_default",
  agentName: "Ada",
  direction: "outbound",
  fromNumber: "+31850835037",
  toNumber: "+31612345678",
  pace: "real",
  status: "active",
  createdAt: AT,
  updatedAt: AT,
  variables: {},
  metadata: {},
  sent: { hms: { metadata: { crm_id: 7 } } },
};
const WEBHOOK = "https://example.com/hms";
const { signal } = new AbortController();

async function start(answer: string, tool: object = {}) {
  const receiver = await startReceiver((_request, response) => response.end(answer));
  const guard = createUrlGuard({ allow: ["127.0.0.1"] });
  closers.push(
    () => receiver.close(),
    () => guard.close(),
  );
  const { settings: agent } = toNewAgent({
    name: "Ada",
    llm_config: {
      provider: "openai",
      model: "gpt-4o",
      tools: [
        { name: "lookup", description: "Finds.", server: { url: receiver.url, secret: "sesame" }, ...tool },
        { name: "unsigned", description: "No secret of its own.", server: { url: receiver.url } },
        { name: "ours", description: "Ours.", url: receiver.url, dialect: "earshot" },
      ],
    },
  });
  const payloads = new Map([["hms", hmsToolPayload] as const]);
  const deps = { guard, clock: systemWallClock, secret: undefined, payloads };
  const webhook = { ...newAgentShape.shape.webhook.parse({ url: WEBHOOK, dialect: "hms", secret: "open sesame" }) };
  const runner = createToolRunner(deps, { callId: call.id, agent: { ...agent, webhook } as typeof agent, call });
  const run = (name: string) =>
    runner.run({ toolCallId: "tool_1", name, arguments: '{"query":"Jan"}', sceneId: "main" }, signal);
  return { receiver, run };
}

test("a tool of an HMS agent is asked as HMS asks, and its result understood", async () => {
  const { receiver, run } = await start('{"results":[{"tool_call_id":"tool_1","result":{"name":"Jan"}}]}');
  expect(await run("lookup")).toEqual({ outcome: "succeeded", result: '{"name":"Jan"}' });
  const [got] = receiver.received;
  expect(receiver.bodies()[0]).toMatchObject({
    message: {
      type: "tool-calls",
      call: { type: "outbound_phone_call", status: "in-progress" },
      customer: { number: "+31612345678" },
      assistant: { name: "Ada", metadata: { crm_id: 7 } },
      tool_call_list: [{ id: "tool_1", type: "function", function: { name: "lookup", arguments: { query: "Jan" } } }],
    },
  });
  expect(got?.body).not.toContain("sesame");
  expect(got?.headers).toMatchObject({ "x-webhook-event": "tool-calls", "user-agent": "HMS-Sovereign/1.0" });
  const expected = createHmac("sha256", "sesame")
    .update(`${got?.headers["x-webhook-timestamp"]}.${got?.body}`)
    .digest("hex");
  expect(got?.headers["x-webhook-signature"]).toBe(`sha256=${expected}`);
});

test("a tool without a secret is signed with that of the assistant's webhook, which nobody is told", async () => {
  const { receiver, run } = await start('{"result":1}');
  await run("unsigned");
  const [got] = receiver.received;
  expect(got?.headers["x-webhook-signature"]).toBe(
    `sha256=${createHmac("sha256", "open sesame").update(`${got?.headers["x-webhook-timestamp"]}.${got?.body}`).digest("hex")}`,
  );
  expect(got?.body).not.toContain("sesame");
  await run("ours");
  expect(receiver.received[1]?.headers).not.toHaveProperty("earshot-signature");
});

test("a tool that was made elsewhere is asked in our own format", async () => {
  const { receiver, run } = await start("plain");
  expect(await run("ours")).toEqual({ outcome: "succeeded", result: "plain" });
  expect(receiver.bodies()[0]).toEqual({
    callId: call.id,
    toolCallId: "tool_1",
    name: "ours",
    arguments: { query: "Jan" },
  });
});

test("an async tool's answer is told when it comes", async () => {
  const { receiver, run } = await start('{"result":"late"}', { async: true });
  expect(await run("lookup")).toMatchObject({ outcome: "succeeded", result: "late" });
  await expect.poll(() => receiver.received.length).toBe(1);
});

test.each([
  ['{"results":[{"tool_call_id":"other","result":1},{"tool_call_id":"t","result":"mine"}]}', "succeeded", "mine"],
  ['{"results":[{"tool_call_id":"t","error":"not found"}]}', "failed", "not found"],
  ['{"results":[]}', "failed", "The tool's server gave no result."],
  ['{"result":{"name":"Jan"}}', "succeeded", '{"name":"Jan"}'],
  ['{"name":"Jan"}', "succeeded", '{"name":"Jan"}'],
  ['{"error":"Contact not found"}', "failed", "Contact not found"],
  ["plain words", "succeeded", "plain words"],
  ["[1,2]", "succeeded", "[1,2]"],
  ["", "succeeded", ""],
])("the answer %s is understood", (text, outcome, result) => {
  expect(toToolOutcome(text, "t")).toEqual({ outcome, result });
});
