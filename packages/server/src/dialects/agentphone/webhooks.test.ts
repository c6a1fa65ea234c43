import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newId } from "../../new-id.ts";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { type Receiver, startReceiver } from "../../webhooks/testing/receiver.ts";
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";
import { holdCall } from "./testing/held-call.ts";
import { sendAgentPhoneTurns } from "./voice-turns.ts";

/** As receivers do: the whole secret signs "<timestamp>.<raw body>", and old requests are refused. */
function verify(secret: string, request: { readonly headers: IncomingHttpHeaders; readonly body: string }): boolean {
  const timestamp = String(request.headers["x-webhook-timestamp"]);
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const signature = createHmac("sha256", secret).update(`${timestamp}.${request.body}`).digest("hex");
  return request.headers["x-webhook-signature"] === `sha256=${signature}`;
}

describeOnEachDatabase("webhooks of AgentPhone", (database) => {
  let server: AgentPhoneServer;
  let account: Receiver;
  let own: Receiver;
  beforeAll(async () => {
    server = await startAgentPhone(database());
    account = await startReceiver();
    own = await startReceiver();
    await server.deps.webhooks.start({ isAlone: true, onError: () => undefined });
  });
  afterAll(async () => {
    await server.deps.webhooks.close();
    await server.close();
    await account.close();
    await own.close();
  });

  test("tell of a message, signed, with what was said before and the conversation's state", async () => {
    const { client } = server;
    const { secret } = await client.webhooks.createOrUpdateWebhook({ body: { url: account.url, contextLimit: 2 } });
    const { id: agentId } = await client.agents.createAgent({ name: "Reads" });
    const ours = await client.numbers.createNumber({ agentId });
    const theirs = await client.numbers.createNumber({});
    const contact = await client.contacts.createContact({ phoneNumber: theirs.phoneNumber, name: "Bo" });
    const first = await client.messages.sendMessage({
      number_id: ours.id,
      to_number: theirs.phoneNumber,
      body: "Hello",
    });
    const conversation_id = first.conversation_id ?? "";
    await client.conversations.updateConversation({ conversation_id, metadata: { stage: "open" } });
    const before = account.received.length;
    await client.messages.sendMessage({ number_id: theirs.id, to_number: ours.phoneNumber, body: "Good day" });
    server.deps.webhooks.wake();
    const told = () => account.received.slice(before).find(({ body }) => body.includes('"message":"Good day"'));
    await vi.waitFor(() => expect(told()).toBeDefined(), 10_000);
    const request = told() ?? { headers: {}, body: "" };
    expect(verify(secret, request)).toBe(true);
    expect(verify(`${secret}x`, request)).toBe(false);
    expect(request.headers).toMatchObject({ "x-webhook-event": "agent.message", "x-webhook-id": expect.any(String) });
    expect(JSON.parse(request.body)).toEqual({
      event: "agent.message",
      channel: "sms",
      timestamp: expect.stringMatching(/Z$/),
      agentId,
      data: {
        messageId: expect.stringMatching(/^msg_/),
        conversationId: conversation_id,
        numberId: ours.id,
        from: theirs.phoneNumber,
        to: ours.phoneNumber,
        contact: { id: contact.id, name: "Bo", email: null, phoneNumber: theirs.phoneNumber },
        message: "Good day",
        mediaUrl: null,
        mediaUrls: [],
        direction: "inbound",
        receivedAt: expect.stringMatching(/Z$/),
        senderIdentifier: theirs.phoneNumber,
      },
      conversationState: { stage: "open" },
      recentHistory: [
        expect.objectContaining({ content: "Hello", direction: "outbound", channel: "sms", at: expect.any(String) }),
      ],
    });
  });

  test("tell the agent's own of a call's end, and not the account's", async () => {
    const { client } = server;
    const { id: agent_id } = await client.agents.createAgent({ name: "Talks", voiceMode: "hosted" });
    const { secret } = await client.agentWebhooks.createOrUpdateAgentWebhook({ agent_id, body: { url: own.url } });
    const { callId } = (await client.calls.createWebCall({ agentId: agent_id })) as { callId: string };
    await holdCall(server.deps, callId);
    server.deps.webhooks.wake();
    const told = () => own.received.find(({ body }) => body.includes(callId));
    await vi.waitFor(() => expect(told()).toBeDefined(), 10_000);
    const request = told() ?? { headers: {}, body: "" };
    expect(verify(secret, request)).toBe(true);
    expect(JSON.parse(request.body)).toEqual({
      event: "agent.call_ended",
      channel: "voice",
      timestamp: expect.any(String),
      agentId: agent_id,
      data: {
        ...{ callId, numberId: null, from: "", to: "", contact: null, direction: "web", status: "completed" },
        startedAt: "2026-03-01T12:00:00.000Z",
        endedAt: "2026-03-01T12:00:05.000Z",
        durationSeconds: 5,
        disconnectionReason: "user_hangup",
        transcript: [
          { role: "agent", content: "Hello!" },
          { role: "user", content: "When do you open?" },
          { role: "agent", content: "At nine, every day." },
        ],
        ...{ summary: null, userSentiment: null, callSuccessful: null },
      },
      ...{ conversationState: null, recentHistory: [] },
    });
    expect(account.received.some(({ body }) => body.includes(callId))).toBe(false);
    const [delivery] = await client.agentWebhooks.listAgentDeliveries({ agent_id });
    expect(delivery).toMatchObject({
      eventType: "agent.call_ended",
      channel: "voice",
      status: "success",
      httpStatus: 200,
    });
  });

  test("tell of a reaction", async () => {
    const { client } = server;
    const ours = await client.numbers.createNumber({});
    const theirs = await client.numbers.createNumber({});
    const sent = await client.messages.sendMessage({
      number_id: ours.id,
      to_number: theirs.phoneNumber,
      body: "Nice?",
    });
    const { data } = await client.numbers.getMessages({ number_id: theirs.id });
    await client.messages.sendReaction({ message_id: data[0]?.id ?? "", reaction: "love" });
    server.deps.webhooks.wake();
    const told = () => account.bodies().find(({ event }) => event === "agent.reaction");
    await vi.waitFor(() => expect(told()).toBeDefined(), 10_000);
    expect(told()).toMatchObject({
      data: { messageId: sent.id, reactionType: "love", fromNumber: theirs.phoneNumber, messageBody: "Nice?" },
    });
  });
});

test("turns of a call are sent signed in the same envelope", async () => {
  const receiver = await startReceiver();
  const guard = createUrlGuard({ allow: ["127.0.0.1"] });
  const createdAt = systemWallClock.now().toISOString();
  const call = {
    ...{
      id: newId("call", 1),
      workspaceId: "ws_default",
      agentId: "agt_1",
      agentName: "Hook",
      direction: "inbound" as const,
    },
    ...{ fromNumber: "+12125550101", toNumber: "+12125550100", phoneNumberId: "num_1", pace: "real" as const },
    ...{ status: "active" as const, createdAt, updatedAt: createdAt, variables: {}, metadata: {}, sent: {} },
  };
  const voiceTurns = {
    dialect: "agentphone",
    url: receiver.url,
    secret: "whsec_test",
    timeoutMs: 1000,
    details: { contextLimit: 1 },
  };
  const send = sendAgentPhoneTurns({ call, voiceTurns, guard, clock: systemWallClock });
  const messages = [
    { role: "caller" as const, text: "Hi" },
    { role: "agent" as const, text: "Hello!" },
    { role: "caller" as const, text: "Are you open?" },
  ];
  const { status } = await send({ number: 2, transcript: "Are you open?", messages }, new AbortController().signal);
  expect(status).toBe(200);
  const [request = { headers: {}, body: "{}" }] = receiver.received;
  expect(verify("whsec_test", request)).toBe(true);
  expect(request.headers).toMatchObject({ "x-webhook-event": "agent.message", "x-webhook-id": `${call.id}-2` });
  expect(JSON.parse(request.body)).toEqual({
    ...{ event: "agent.message", channel: "voice", timestamp: expect.any(String), agentId: "agt_1" },
    data: {
      ...{ callId: call.id, numberId: "num_1", from: "+12125550101", to: "+12125550100", direction: "inbound" },
      ...{ status: "in-progress", transcript: "Are you open?", confidence: null },
    },
    conversationState: null,
    recentHistory: [{ content: "Hello!", direction: "outbound", channel: "voice", at: expect.any(String) }],
  });
  await guard.close();
  await receiver.close();
});
