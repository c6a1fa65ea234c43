import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { newAgentShape } from "../../agents/agent.ts";
import { createAgent } from "../../agents/create-agent.ts";
import { createAgentStore } from "../../agents/store.ts";
import type { Call } from "../../calls/call.ts";
import { chooseAgent } from "../../calls/choose-agent.ts";
import { newId } from "../../new-id.ts";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import type { PhoneNumber } from "../../phone-numbers/phone-number.ts";
import { createVault, toVaultKey } from "../../secrets/vault.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { verifyHex } from "../../webhooks/signature.ts";
import { createWebhookEndpointStore } from "../../webhooks/store.ts";
import { startReceiver } from "../../webhooks/testing/receiver.ts";
import { askAssistant, createAskAssistant } from "./assistant-request.ts";
import { toVendorId } from "./ids.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const clock = systemWallClock;
const AT = "2026-03-04T05:06:07.000Z";

describeOnEachDatabase("HMS assistant-request", (database) => {
  const start = async (reply: (response: ServerResponse) => void, webhook: object = {}) => {
    const receiver = await startReceiver((_request, response) => reply(response));
    const guard = createUrlGuard({ allow: ["127.0.0.1"] });
    closers.push(
      () => receiver.close(),
      () => guard.close(),
    );
    const vault = createVault(toVaultKey("for tests only"));
    const agents = createAgentStore(database(), vault);
    const create = async (input: object) =>
      (await createAgent({ agents, clock }, { workspaceId: "ws_a", settings: newAgentShape.parse(input) })).agent;
    const saved = await create({
      name: "Saved",
      prompt: "Saved.",
      webhook: { url: receiver.url, secret: "sesame-sesame", dialect: "hms", ...webhook },
    });
    const other = await create({ name: "Other", prompt: "Other." });
    const number: PhoneNumber = {
      id: newId("num", 1),
      workspaceId: "ws_a",
      phoneNumber: "+31850835037",
      country: "NL",
      name: "Main",
      source: "local",
      status: "active",
      agentId: saved.id,
      metadata: {},
      sent: {},
      createdAt: AT,
      updatedAt: AT,
    };
    const call: Call = {
      id: newId("call", 1),
      workspaceId: "ws_a",
      agentName: "",
      direction: "inbound",
      fromNumber: "+31612345678",
      toNumber: "+31850835037",
      phoneNumberId: number.id,
      pace: "real",
      status: "ringing",
      createdAt: AT,
      updatedAt: AT,
      variables: {},
      metadata: {},
      sent: {},
    };
    const agent = await chooseAgent(agents, "ws_a", { agentId: saved.id }, "deployed");
    const deps = { guard, clock, agents };
    const asked = { call, number, agent, webhook: { url: receiver.url, secret: "sesame-sesame" } };
    const ask = createAskAssistant({ ...deps, vault, endpoints: createWebhookEndpointStore(database()) });
    const viaEndpoint = () => ask({ call, number, callerName: "" }, agent);
    return { receiver, deps, asked, viaEndpoint, other, saved };
  };
  const json = (body: unknown) => (response: ServerResponse) => response.end(JSON.stringify(body));

  test("is sent signed, with the ringing call, to the agent's own webhook", async () => {
    const { receiver, viaEndpoint } = await start(json({}));
    expect(await viaEndpoint()).toBeUndefined();
    const [got] = receiver.received;
    const signature = String(got?.headers["x-webhook-signature"]);
    const timestampS = Number(got?.headers["x-webhook-timestamp"]);
    expect(verifyHex("sesame-sesame", { body: got?.body ?? "", timestampS }, signature)).toBe(true);
    expect(got?.headers).toMatchObject({ "x-webhook-event": "assistant-request", "user-agent": "HMS-Sovereign/1.0" });
    expect(receiver.bodies()[0]).toMatchObject({
      message: {
        type: "assistant-request",
        call: { type: "inbound_phone_call", status: "ringing" },
        phone_number: { number: "+31850835037", name: "Main" },
        customer: { number: "+31612345678" },
        assistant: { name: "Saved" },
      },
    });
    expect(got?.body).not.toContain("sesame");
  });

  test("isn't sent to a webhook that doesn't want it, or speaks another dialect", async () => {
    const unwanted = await start(json({ error: "No" }), { events: ["call.ended"] });
    expect(await unwanted.viaEndpoint()).toBeUndefined();
    const ours = await start(json({ error: "No" }), { dialect: "earshot" });
    expect(await ours.viaEndpoint()).toBeUndefined();
    expect([unwanted.receiver.received.length, ours.receiver.received.length]).toEqual([0, 0]);
  });

  test("may change fields of the assistant, and leaves the rest", async () => {
    const llm = { provider: "openai", model: "gpt-4o", messages: [{ role: "system", content: "VIP." }] };
    const { deps, asked } = await start(
      json({ assistant: { first_message: "Hello Jan", llm_config: llm, metadata: { crm_id: 7 } } }),
    );
    expect(await askAssistant(asked, deps)).toMatchObject({
      agent: {
        agentId: asked.agent.agentId,
        isOwn: true,
        settings: { name: "Saved", prompt: "VIP.", greeting: { mode: "static", text: "Hello Jan" } },
      },
      sent: { hms: { assistant: { first_message: "Hello Jan" }, metadata: { crm_id: 7 } } },
    });
  });

  test("may name another assistant and what differs from it", async () => {
    const reply = { assistant_id: "", assistant_override: { max_duration_seconds: 60 } };
    const { deps, asked, other } = await start((response) =>
      response.end(JSON.stringify({ ...reply, assistant_id: toVendorId(other.id) })),
    );
    expect(await askAssistant(asked, deps)).toMatchObject({
      agent: { agentId: other.id, settings: { prompt: "Other.", maxDurationMs: 60_000 } },
    });
  });

  test("may limit the call, or reject it", async () => {
    const limited = await start(json({ max_duration_seconds: 300 }));
    expect(await askAssistant(limited.asked, limited.deps)).toMatchObject({
      agent: { settings: { maxDurationMs: 300_000 } },
    });
    const rejected = await start(json({ error: "Sorry, we are closed." }));
    expect(await askAssistant(rejected.asked, rejected.deps)).toEqual({ rejected: "Sorry, we are closed." });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ["no JSON", (response) => response.end("<html>")],
    ["a bad status", (response) => response.writeHead(500).end('{"error":"boom"}')],
    ["settings that aren't valid", json({ assistant: { max_duration_seconds: -1 } })],
    ["an assistant that isn't there", json({ assistant_id: "nobody" })],
    ["a list", json([1])],
  ])("leaves the assistant as it is after %s", async (_what, reply) => {
    const { deps, asked } = await start(reply);
    expect(await askAssistant(asked, deps)).toBeUndefined();
  });

  test("leaves the assistant as it is when no answer comes in time", async () => {
    const { deps, asked, receiver } = await start(() => undefined);
    const controller = new AbortController();
    const asking = askAssistant(asked, { ...deps, signal: controller.signal });
    await expect.poll(() => receiver.received.length).toBe(1);
    controller.abort();
    expect(await asking).toBeUndefined();
  });
});
