/** AgentPhone's published client, unmodified, drives every one of its methods against a listening server. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentPhoneClient } from "agentphone";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { type Receiver, startReceiver } from "../../webhooks/testing/receiver.ts";
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";
import { listMethods, recordCalls } from "./testing/client-methods.ts";
import { holdCall } from "./testing/held-call.ts";

type Untyped = Record<string, unknown> & { id: string };

describeOnEachDatabase("AgentPhone's client", (database) => {
  const called = new Set<string>();
  let server: AgentPhoneServer;
  let client: AgentPhoneClient;
  let receiver: Receiver;
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), "earshot-agentphone-"));
    server = await startAgentPhone(database(), { dataDirectory });
    client = recordCalls(server.client, called);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await server.close();
    await receiver.close();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  test("manages agents", async () => {
    expect(await client.agents.listVoices()).toEqual({
      data: [
        {
          voice_id: "flite:slt",
          voice_name: "Slt",
          provider: "flite",
          gender: null,
          accent: "en-US",
          preview_audio_url: null,
        },
      ],
    });
    const agent = await client.agents.createAgent({ name: "Support Bot", voiceMode: "hosted" });
    expect(await client.agents.listAgents()).toEqual({ data: [agent], total: 1 });
    expect(await client.agents.updateAgent({ agent_id: agent.id, name: "Sales" })).toEqual({ ...agent, name: "Sales" });
    expect(await client.agents.getAgent({ agent_id: agent.id })).toMatchObject({ name: "Sales" });
    expect(await client.agents.deleteAgent({ agent_id: agent.id })).toEqual({
      success: true,
      id: agent.id,
      name: "Sales",
    });
  });

  test("manages numbers and who answers them", async () => {
    const { id: agent_id } = await client.agents.createAgent({ name: "Answers" });
    const number = await client.numbers.createNumber({ country: "US", areaCode: "415" });
    expect(number).toEqual({
      id: expect.stringMatching(/^num_/),
      phoneNumber: expect.stringMatching(/^\+141555501/),
      country: "US",
      status: "active",
      type: "sms",
      agentId: null,
      createdAt: expect.any(String),
    });
    const { id: numberId, phoneNumber } = number;
    const attached = { id: numberId, phoneNumber, status: "active", type: "sms" };
    expect(await client.agents.attachNumberToAgent({ agent_id, numberId })).toEqual({
      agentId: agent_id,
      number: attached,
    });
    expect((await client.agents.getAgent({ agent_id })).numbers).toEqual([attached]);
    expect(await client.numbers.getNumber({ number_id: numberId })).toEqual({ ...number, agentId: agent_id });
    expect(await client.agents.detachNumberFromAgent({ agent_id, number_id: numberId })).toEqual({ success: true });
    expect(await client.numbers.listNumbers()).toEqual({ data: [number], hasMore: false, total: 1 });
    expect(await client.numbers.getMessages({ number_id: numberId })).toEqual({ data: [], hasMore: false });
    const released = { success: true, phoneNumber, status: "released" };
    expect(await client.numbers.deleteNumber({ number_id: numberId })).toEqual(released);
    expect(await client.numbers.listNumbers()).toEqual({ data: [], hasMore: false, total: 0 });
    expect(await client.numbers.getNumber({ number_id: numberId })).toMatchObject({ status: "released" });
    await expect(client.agents.attachNumberToAgent({ agent_id, numberId })).rejects.toMatchObject({ statusCode: 409 });
    await expect(client.numbers.getNumber({ number_id: "num_none" })).rejects.toMatchObject({
      statusCode: 404,
      body: { error: { code: "PHONE_NUMBER_NOT_FOUND" } },
    });
  });

  test("manages contact cards", async () => {
    const { id: number_id } = await client.numbers.createNumber({});
    const none = { firstName: null, lastName: null, displayName: null, hasAvatar: false };
    expect(await client.contactCards.getContactCard({ number_id })).toEqual(none);
    const avatarUrl = "https://example.com/a.png";
    const card = await client.contactCards.putContactCard({ number_id, firstName: "Ada", avatarUrl });
    expect(card).toEqual({ ...none, firstName: "Ada", hasAvatar: true });
    expect(await client.contactCards.getContactCard({ number_id })).toEqual(card);
    expect(await client.contactCards.deleteContactCard({ number_id })).toBeUndefined();
    expect(await client.contactCards.getContactCard({ number_id })).toEqual(none);
  });

  test("manages contacts", async () => {
    const contact = await client.contacts.createContact({
      phoneNumber: "+1 212-555-0111",
      name: "Bo",
      notes: "Rings late",
    });
    expect(contact).toMatchObject({ phoneNumber: "+12125550111", name: "Bo", email: null, notes: "Rings late" });
    const contact_id = contact.id;
    expect(await client.contacts.getContact({ contact_id })).toEqual(contact);
    expect(await client.contacts.listContacts({ limit: 1 })).toEqual({ data: [contact], hasMore: false, total: 1 });
    const updated = await client.contacts.updateContact({ contact_id, email: "bo@example.com", notes: null });
    expect(updated).toMatchObject({ email: "bo@example.com", notes: null, name: "Bo" });
    await expect(client.contacts.createContact({ phoneNumber: "+12125550111", name: "Twin" })).rejects.toMatchObject({
      statusCode: 409,
    });
    const local = await client.numbers.createNumber({});
    expect(await client.contacts.getContactCapabilities({ phone_number: local.phoneNumber })).toEqual({
      phoneNumber: local.phoneNumber,
      capabilities: { imessage: false, sms: true },
      checkedAt: expect.any(String),
    });
    expect(await client.contacts.getContactCapabilities({ phone_number: "+447911123456" })).toMatchObject({
      capabilities: { imessage: false, sms: false },
    });
    expect(await client.contacts.deleteContact({ contact_id })).toBeUndefined();
    await expect(client.contacts.getContact({ contact_id })).rejects.toMatchObject({ statusCode: 404 });
  });

  test("makes calls in the browser and reads what was said", async () => {
    const { id: agentId } = await client.agents.createAgent({ name: "Hosted", voiceMode: "hosted" });
    const made = await client.calls.createWebCall({
      agentId,
      metadata: { plan: { tier: 1 } },
      variables: { who: "Ada", not: null },
    });
    const { callId, accessToken } = made as { callId: string; accessToken: string };
    expect(made).toMatchObject({ audioUrl: expect.stringContaining(`/v1/calls/${callId}/audio?token=${accessToken}`) });
    expect((await server.deps.calls.find("ws_default", callId))?.variables).toEqual({ who: "Ada" });
    expect(await client.calls.getCall({ call_id: callId })).toMatchObject({ status: "registered", direction: "web" });
    await holdCall(server.deps, callId);
    await mkdir(join(dataDirectory, "recordings"), { recursive: true });
    await writeFile(join(dataDirectory, "recordings", `${callId}.wav`), "RIFF of a kind");

    const transcripts = [
      { transcript: "", response: "Hello!", createdAt: "2026-03-01T12:00:00.100Z" },
      { transcript: "When do you open?", response: "At nine, every day.", createdAt: "2026-03-01T12:00:01.500Z" },
    ].map((turn, index) => ({ ...turn, id: expect.stringMatching(`^tr_.*_${index}$`), confidence: null }));
    const summary = {
      id: callId,
      agentId,
      phoneNumberId: null,
      phoneNumber: null,
      fromNumber: "",
      toNumber: "",
      direction: "web",
      status: "completed",
      startedAt: "2026-03-01T12:00:00.000Z",
      endedAt: "2026-03-01T12:00:05.000Z",
      durationSeconds: 5,
    };
    expect(await client.calls.getCall({ call_id: callId })).toEqual({
      ...summary,
      lastTranscriptSnippet: "At nine, every day.",
      recordingUrl: `${server.baseUrl}/v1/calls/${callId}/recording`,
      recordingAvailable: true,
      disconnectionReason: "user_hangup",
      metadata: { plan: { tier: 1 } },
      transcripts,
    });
    expect(await client.calls.getCallTranscript({ call_id: callId })).toEqual({ data: transcripts });
    expect(await client.calls.listCalls({ status: "completed", type: "web" })).toEqual({
      data: [{ ...summary, lastTranscriptSnippet: "every day." }],
      hasMore: false,
      total: 1,
    });
    expect(await client.calls.listCalls({ status: "failed" })).toEqual({ data: [], hasMore: false, total: 0 });
    expect(await client.agents.listAgentCalls({ agent_id: agentId })).toMatchObject({
      data: [{ id: callId }],
      total: 1,
    });
    const { id: number_id } = await client.numbers.createNumber({});
    expect(await client.calls.listCallsForNumber({ number_id })).toEqual({ data: [], hasMore: false, total: 0 });
    expect(await client.calls.endCall({ call_id: callId })).toMatchObject({ status: "completed" });
    // The client takes every answer for JSON and hands over the text of any other.
    expect(await client.calls.getCallRecording({ call_id: callId })).toMatchObject({
      error: { rawBody: "RIFF of a kind" },
    });
    expect(await client.calls.streamCallTranscript({ call_id: callId })).toMatchObject({
      error: { rawBody: expect.stringContaining("event: ended") },
    });
  });

  test("places phone calls", async () => {
    const { id: agentId } = await client.agents.createAgent({ name: "Caller", voiceMode: "hosted" });
    const call = { agentId, toNumber: "+12025550175" };
    await expect(client.calls.createOutboundCall(call)).rejects.toMatchObject({ statusCode: 422 });
    const { id: phoneNumberId, phoneNumber } = await client.numbers.createNumber({ agentId });
    const placed = await client.calls.createOutboundCall({
      ...{ ...call, initialGreeting: "Hi there", systemPrompt: "Be brief.", modelTier: "max", voice: "flite:slt" },
      ...{ variables: { who: "Ada" }, callScreeningIdentity: "Acme" },
    });
    expect(placed).toMatchObject({
      ...{ id: expect.stringMatching(/^call_/), agentId, phoneNumberId, phoneNumber, fromNumber: phoneNumber },
      ...{ toNumber: call.toNumber, direction: "outbound", status: "failed", startedAt: expect.any(String) },
      ...{ endedAt: expect.any(String), retellCallId: null, errorMessage: expect.stringContaining("SIP trunk") },
    });
    await expect(client.calls.createOutboundCall({ agentId, toNumber: "911" })).rejects.toMatchObject({
      statusCode: 422,
      body: { error: { details: [{ field: "toNumber" }] } },
    });
    const { id: other } = await client.numbers.createNumber({});
    await expect(client.calls.createOutboundCall({ ...call, fromNumberId: other })).rejects.toMatchObject({
      body: { error: { details: [{ field: "fromNumberId" }] } },
    });
    expect(await client.calls.listCalls({ direction: "outbound", search: "0175" })).toMatchObject({ total: 1 });
    expect(await client.calls.listCalls({ status: "failed", type: "pstn" })).toMatchObject({ total: 1 });
  });

  test("ends calls", async () => {
    const { id: agentId } = await client.agents.createAgent({ name: "Short" });
    const { callId } = (await client.calls.createWebCall({ agentId })) as { callId: string };
    expect(await client.calls.endCall({ call_id: callId })).toMatchObject({ id: callId, status: "completed" });
  });

  test("writes messages and reads conversations", async () => {
    const { id: agent_id } = await client.agents.createAgent({ name: "Texts" });
    const ours = await client.numbers.createNumber({ agentId: agent_id });
    const theirs = await client.numbers.createNumber({});
    const sent = await client.messages.sendMessage({
      agent_id,
      to_number: theirs.phoneNumber,
      body: "Hi!",
      send_style: "confetti",
    });
    expect(sent).toEqual({
      id: expect.stringMatching(/^msg_/),
      status: "sent",
      channel: "sms",
      from_number: ours.phoneNumber,
      to_number: theirs.phoneNumber,
      conversation_id: expect.stringMatching(/^conv_/),
      media_urls: [],
      reply_to_message_id: null,
      reply_parent_unresolved: null,
    });
    const conversation_id = sent.conversation_id ?? "";
    const { data: received } = await client.numbers.getMessages({ number_id: theirs.id });
    expect(received).toEqual([
      {
        ...{
          id: expect.any(String),
          body: "Hi!",
          direction: "inbound",
          channel: "sms",
          receivedAt: expect.any(String),
        },
        ...{ from_: ours.phoneNumber, from: ours.phoneNumber, to: theirs.phoneNumber },
      },
    ]);
    const reaction = await client.messages.sendReaction({ message_id: received[0]?.id ?? "", reaction: "love" });
    expect(reaction).toMatchObject({ reaction_type: "love", message_id: received[0]?.id, channel: "sms" });
    const reply = await client.messages.sendMessage({
      ...{ number_id: theirs.id, to_number: ours.phoneNumber, body: "Hello" },
      ...{ media_urls: ["https://example.com/a.png"], reply_to_message_id: received[0]?.id ?? "" },
    });
    expect(reply).toMatchObject({
      channel: "mms",
      reply_to_message_id: received[0]?.id,
      reply_parent_unresolved: false,
    });
    const lost = await client.messages.sendMessage({
      agent_id,
      to_number: theirs.phoneNumber,
      body: "?",
      reply_to_message_id: "msg_none",
    });
    expect(lost).toMatchObject({ status: "sent", reply_to_message_id: null, reply_parent_unresolved: true });

    const { data } = await client.conversations.getConversationMessages({ conversation_id, limit: 2 });
    expect(data.map(({ body }) => body)).toEqual(["?", "Hello"]);
    expect(data[1]).toMatchObject({
      mediaUrl: "https://example.com/a.png",
      replyTo: { messageId: sent.id, message: "Hi!" },
    });
    const detail = await client.conversations.getConversation({ conversation_id, message_limit: 200 });
    expect(detail).toMatchObject({
      agentId: agent_id,
      participant: theirs.phoneNumber,
      messageCount: 3,
      isGroup: false,
      metadata: null,
    });
    expect(detail.messages.at(-1)?.reactions).toMatchObject([
      { reactionType: "love", fromNumber: theirs.phoneNumber, direction: "inbound" },
    ]);
    const changed = await client.conversations.updateConversation({
      conversation_id,
      metadata: { stage: { n: 1 } },
      group_name: "No group",
    });
    expect(changed).toMatchObject({ metadata: { stage: { n: 1 } }, groupName: null });
    expect(await client.conversations.listConversations()).toMatchObject({ hasMore: false, total: 2 });
    expect(await client.agents.listAgentConversations({ agent_id })).toMatchObject({
      data: [{ id: conversation_id, lastMessagePreview: "?", messageCount: 3 }],
      total: 1,
    });
    expect(await client.conversations.sendTypingIndicator({ conversation_id })).toEqual({
      ...{ conversationId: conversation_id, channel: "sms", status: "not_supported" },
    });
    const image_url = "https://example.com/sea.jpg";
    const shown = await client.conversations.setChatBackground({ conversation_id, image_url });
    expect(shown).toMatchObject({
      conversationId: conversation_id,
      hasBackground: true,
      backgroundVersion: 1,
      changed: true,
    });
    expect(await client.conversations.setChatBackground({ conversation_id, image_url })).toEqual({
      ...shown,
      changed: false,
    });
    expect(await client.conversations.removeChatBackground({ conversation_id })).toBeUndefined();
  });

  test("writes to groups", async () => {
    const [ours, one, two] = await Promise.all([1, 2, 3].map(() => client.numbers.createNumber({})));
    const recipients = [one?.phoneNumber ?? "", two?.phoneNumber ?? ""];
    const first = await client.messages.sendMessage({ number_id: ours?.id ?? "", recipients, body: "All of you" });
    expect(first.to_number).toMatch(/^grp_/);
    const next = await client.messages.sendMessage({
      number_id: ours?.id ?? "",
      to_number: first.to_number,
      body: "Again",
    });
    expect(next.conversation_id).toBe(first.conversation_id);
    const conversation_id = first.conversation_id ?? "";
    const renamed = await client.conversations.updateConversation({ conversation_id, group_name: "Crew" });
    expect(renamed).toMatchObject({ isGroup: true, groupId: first.to_number, groupName: "Crew" });
    expect(renamed.participants?.map(({ identifier }) => identifier).sort()).toEqual(recipients.sort());
  });

  test("says of a message that nobody carries that it failed", async () => {
    const { id: number_id } = await client.numbers.createNumber({});
    const sent = await client.messages.sendMessage({ number_id, to_number: "+447911123456", body: "Hello?" });
    expect(sent).toMatchObject({ status: "failed", error_message: expect.stringContaining("carrier") });
    await expect(client.messages.sendMessage({ number_id, to_number: "911", body: "Help" })).rejects.toMatchObject({
      statusCode: 422,
      body: { error: { details: [{ field: "to_number" }] } },
    });
  });

  test("manages the account's webhook", async () => {
    expect(await client.webhooks.getWebhook()).toBeNull();
    const { url } = receiver;
    const webhook = await client.webhooks.createOrUpdateWebhook({ body: { url, timeout: 5 } });
    expect(webhook).toEqual({
      id: expect.any(String),
      url,
      secret: expect.stringMatching(/^whsec_/),
      status: "active",
      contextLimit: 10,
      timeout: 5,
      createdAt: expect.any(String),
    });
    expect(await client.webhooks.getWebhook()).toEqual(webhook);
    const again = await client.webhooks.createOrUpdateWebhook({ body: { url, contextLimit: 0 } });
    expect(again).toMatchObject({ id: webhook.id, contextLimit: 0, timeout: 30 });
    expect(again.secret).not.toBe(webhook.secret);
    const tested = await client.webhooks.testWebhook();
    expect(tested).toEqual({
      success: true,
      httpStatus: 200,
      errorMessage: null,
      statusCode: 200,
      responseMs: expect.any(Number),
      error: null,
    });
    const deliveries = await client.webhooks.listDeliveries({ hours: 1 });
    expect(deliveries).toMatchObject({ total: 1, offset: 0, limit: 50 });
    expect(deliveries.items).toEqual([
      {
        id: expect.any(String),
        messageId: null,
        eventType: "agent.message",
        channel: "sms",
        status: "success",
        httpStatus: 200,
        errorMessage: null,
        responseBody: "ok",
        attemptCount: 1,
        lastAttemptAt: expect.any(String),
        nextRetryAt: null,
        createdAt: expect.any(String),
      },
    ]);
    expect(await client.webhooks.deliveryStats()).toMatchObject({
      ...{ total: 1, success: 1, failed: 0, pending: 0, successRate: 100 },
      byEventType: { "agent.message": { success: 1 } },
      byHour: [{ success: 1 }],
    });
    expect(await client.webhooks.allTimeStats()).toEqual({ total: 1, success: 1, failed: 0, successRate: 100 });
    expect(await client.webhooks.deleteWebhook()).toEqual({ success: true });
    await expect(client.webhooks.testWebhook()).rejects.toMatchObject({ statusCode: 404 });
  });

  test("manages an agent's own webhook", async () => {
    const { id: agent_id } = await client.agents.createAgent({ name: "Hooked" });
    expect(await client.agentWebhooks.getAgentWebhook({ agent_id })).toBeNull();
    const body = { url: receiver.url, contextLimit: 3, timeout: 7 };
    const webhook = await client.agentWebhooks.createOrUpdateAgentWebhook({ agent_id, body });
    expect(webhook).toMatchObject({ url: receiver.url, contextLimit: 3, timeout: 7, status: "active" });
    expect(await client.agentWebhooks.getAgentWebhook({ agent_id })).toEqual(webhook);
    expect((await server.deps.agents.find("ws_default", agent_id))?.agent.webhook).toMatchObject({ url: receiver.url });
    expect(await client.agentWebhooks.testAgentWebhook({ agent_id })).toMatchObject({ success: true, httpStatus: 200 });
    expect(await client.agentWebhooks.listAgentDeliveries({ agent_id, limit: 5 })).toMatchObject([
      { status: "success" },
    ]);
    expect(await client.agentWebhooks.deleteAgentWebhook({ agent_id })).toEqual({ success: true });
    expect(await client.agentWebhooks.getAgentWebhook({ agent_id })).toBeNull();
    expect(await client.webhooks.getWebhook()).toBeNull();
  });

  test("reads its usage", async () => {
    const usage = await client.usage.getUsage();
    expect(usage).toMatchObject({
      plan: { name: "self-hosted", limits: { maxCallDurationMinutes: 1440 } },
      numbers: { used: expect.any(Number) },
      stats: { totalCalls: 3, callsLast24h: 3, totalMessages: expect.any(Number), totalWebhookDeliveries: 2 },
      periodStart: expect.stringMatching(/-01T00:00:00/),
    });
    const daily = await client.usage.getDailyUsage({ days: 3 });
    expect(daily.days).toBe(3);
    expect(daily.data).toHaveLength(3);
    expect(daily.data.at(-1)).toMatchObject({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      calls: 3,
      webhooks: 2,
    });
    const monthly = await client.usage.getMonthlyUsage({});
    expect(monthly).toMatchObject({ months: 6, data: { length: 6 } });
    expect(monthly.data.at(-1)).toMatchObject({ month: expect.stringMatching(/^\d{4}-\d\d$/), calls: 3 });
    const { data: numbers } = await client.usage.getUsageByNumber();
    expect(numbers).toContainEqual(
      expect.objectContaining({
        numberId: expect.any(String),
        country: "US",
        agentName: "Texts",
        messages: 3,
        calls: 0,
      }),
    );
    const byAgent = await client.usage.getUsageByAgent({ period: "week", tz: "America/New_York" });
    expect(byAgent).toMatchObject({ period: "week", periodStart: expect.any(String), periodEnd: expect.any(String) });
    expect(byAgent.data).toContainEqual(
      expect.objectContaining({ agentName: "Hosted", calls: 1, totalSeconds: 5, isOrphan: false }),
    );
  });

  test("manages sub-accounts", async () => {
    const made = (await client.subAccounts.createSubAccount({ name: "Branch" })) as Untyped;
    expect(made).toMatchObject({ id: expect.any(String), name: "Branch" });
    const renamed = await client.subAccounts.updateSubAccount({ sub_account_id: made.id, name: "Twig" });
    expect(renamed).toMatchObject({ id: made.id, name: "Twig" });
    expect(await client.subAccounts.listSubAccounts({ limit: 5 })).toMatchObject({
      data: [{ name: "Twig" }],
      total: 1,
    });
    expect(await client.subAccounts.deleteSubAccount({ sub_account_id: made.id })).toEqual({
      success: true,
      id: made.id,
    });
    expect(await client.subAccounts.listSubAccounts()).toMatchObject({ data: [], total: 0 });
  });

  test("registers to text businesses' customers", async () => {
    expect(await client.registration.getRegistrationStatus()).toMatchObject({ campaign_status: "not_registered" });
    const form = {
      registration_type: "sole_proprietor",
      ...{ first_name: "Ada", last_name: "Byron", email: "ada@example.com", phone_number: "+12125550100" },
      ...{ street_address: "1 Main St", city: "New York", state: "NY", zip_code: "10001" },
      description: "We remind people of the appointments that they made with us.",
      use_cases: ["customer_care"],
      message_samples: ["Ada: your appointment is at nine.", "Ada: your appointment was moved to ten."],
      consent_flow: "Customers tick a box on our website when they make an appointment.",
      opt_in_image_url: "https://example.com/opt-in.png",
    } as const;
    const request = { ...form, use_cases: [...form.use_cases], message_samples: [...form.message_samples] };
    const registered = await client.registration.registerA2P(request);
    expect(registered).toEqual({
      ok: true,
      message: expect.stringContaining("No carrier"),
      campaign_status: "not_submitted",
      sub_account_id: expect.any(String),
      fee_cents: 0,
    });
    const scope = { "X-Sub-Account-Id": registered.sub_account_id ?? "" };
    expect(await client.registration.getRegistrationStatus(scope)).toMatchObject({ campaign_status: "not_submitted" });
    await expect(
      client.registration.registerA2P({ ...request, registration_type: "standard_brand" }),
    ).rejects.toMatchObject({ statusCode: 422 });
  });

  test("asks where a phone is, which nobody knows", async () => {
    expect(await client.location.getLocation({ phone_number: "+12125550100" })).toEqual({
      ...{ phoneNumber: "+12125550100", latitude: null, longitude: null, status: "unavailable" },
      lastUpdated: expect.any(Number),
    });
    expect(await client.location.refreshLocations()).toEqual({ success: false });
  });

  test("has no method that isn't driven here", () => {
    expect([...called].toSorted()).toEqual(listMethods(server.client).toSorted());
  });
});
