import { describe, expect, test } from "vitest";
import { testDeps } from "../api/testing/test-deps.ts";
import { listConversations } from "../conversations/list-conversations.ts";
import { openConversation } from "../conversations/open-conversation.ts";
import { readConversation } from "../conversations/read-conversation.ts";
import { updateConversation } from "../conversations/update-conversation.ts";
import { createPhoneNumber } from "../phone-numbers/create-phone-number.ts";
import { newPhoneNumberShape, type PhoneNumber } from "../phone-numbers/phone-number.ts";
import { releasePhoneNumber } from "../phone-numbers/release-phone-number.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { FakeWallClock } from "../testing/fake-wall-clock.ts";
import { systemWallClock } from "../wall-clock.ts";
import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import { listMessages } from "./list-messages.ts";
import { newMessageShape } from "./message.ts";
import { parseDestination } from "./parse-destination.ts";
import { reactToMessage } from "./react-to-message.ts";
import { readMessage } from "./read-message.ts";
import { sendMessage } from "./send-message.ts";
import { createMessageStore } from "./store.ts";

describeOnEachDatabase("messages", (database) => {
  let suffix = 0;
  async function setUp() {
    suffix += 1;
    const events: NewDomainEvent[] = [];
    const messages = createMessageStore(database(), {
      async record(_, recorded) {
        events.push(...recorded);
      },
      wake() {},
    });
    const deps = testDeps(database(), { messages });
    const numberIn = (workspaceId: string) =>
      createPhoneNumber(deps, workspaceId, newPhoneNumberShape.parse({ country: "SE", name: "x" }));
    const [mine, theirs] = [`ws_mine${suffix}`, `ws_theirs${suffix}`];
    const [a, b] = [await numberIn(mine), await numberIn(theirs)];
    const send = (from: PhoneNumber, input: object) =>
      sendMessage(deps, from.workspaceId, newMessageShape.parse({ phoneNumberId: from.id, ...input }));
    const inbox = async (number: PhoneNumber) =>
      (await listMessages(deps.messages, number.workspaceId, { phoneNumberId: number.id, limit: 50 })).data;
    return { deps, events, numberIn, a, b, send, inbox };
  }

  test("have times in the order of their ids, also when one takes longer to be sent than the next", async () => {
    const { deps, a, b } = await setUp();
    const clock = new FakeWallClock();
    const slow = Promise.withResolvers<void>();
    const routed = deps.messageCarrier.route.bind(deps.messageCarrier);
    const send = (body: string) =>
      sendMessage(
        {
          ...deps,
          clock,
          messageCarrier: {
            ...deps.messageCarrier,
            route: async (request) => {
              if (request.body === "slow") await slow.promise;
              return routed(request);
            },
          },
        },
        a.workspaceId,
        newMessageShape.parse({ phoneNumberId: a.id, to: b.phoneNumber, body }),
      );
    const first = send("slow");
    clock.advance(5);
    await send("quick");
    slow.resolve();
    await first;
    // The clock is set right.
    clock.advance(-20);
    await send("early");
    const { data } = await listMessages(deps.messages, a.workspaceId, { limit: 5 });
    expect(data.map(({ body }) => body)).toEqual(["early", "slow", "quick"]);
    const times = data.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  test("between local numbers arrive at once in the other workspace's own conversation", async () => {
    const { deps, a, b, send, inbox, events } = await setUp();
    const sent = await send(a, { to: b.phoneNumber, body: "Hello", mediaUrls: ["https://example.com/a.png"] });
    expect(sent).toMatchObject({ direction: "outbound", status: "delivered", channel: "mms", from: a.phoneNumber });
    const [received] = await inbox(b);
    expect(received).toMatchObject({
      workspaceId: b.workspaceId,
      direction: "inbound",
      status: "received",
      body: "Hello",
      from: a.phoneNumber,
      to: b.phoneNumber,
      mediaUrls: ["https://example.com/a.png"],
    });
    expect(received?.conversationId).not.toBe(sent.conversationId);
    expect(events.map(({ type, workspaceId }) => [type, workspaceId])).toEqual([
      ["message.sent", a.workspaceId],
      ["message.received", b.workspaceId],
    ]);
    await expect(readMessage(deps.messages, b.workspaceId, sent.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(readConversation(deps.conversations, b.workspaceId, sent.conversationId)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("to numbers that no carrier reaches are kept as failed, and nobody is told", async () => {
    const { a, send, events } = await setUp();
    const failed = await send(a, { to: "+442079460000", body: "Hi" });
    expect(failed).toMatchObject({ status: "failed", error: "no carrier is connected" });
    expect(events).toEqual([]);
  });

  test("count in their conversation, which shows the last one", async () => {
    const { deps, a, b, send } = await setUp();
    await send(a, { to: b.phoneNumber, body: "One" });
    const { conversationId } = await send(a, { to: b.phoneNumber, body: `${"🙂".repeat(150)}` });
    await send(b, { to: a.phoneNumber, body: "Three" });
    const conversation = await readConversation(deps.conversations, a.workspaceId, conversationId);
    expect(conversation).toMatchObject({ messageCount: 3, lastMessagePreview: "Three", participant: b.phoneNumber });
    const { data } = await listConversations(deps.conversations, b.workspaceId, { limit: 5 });
    expect(data).toMatchObject([{ messageCount: 3, participant: a.phoneNumber }]);
    expect(await deps.conversations.count(b.workspaceId)).toBe(1);
  });

  test("answered refer to the other side's own copy", async () => {
    const { a, b, send, inbox } = await setUp();
    const question = await send(a, { to: b.phoneNumber, body: "Coming?" });
    const [copy] = await inbox(b);
    const answer = await send(b, { to: a.phoneNumber, body: "Yes", replyToId: copy?.id });
    expect(answer.replyToId).toBe(copy?.id);
    const [received] = await inbox(a);
    expect(received).toMatchObject({ body: "Yes", replyToId: question.id });
    await expect(send(b, { to: "+442079460000", body: "?", replyToId: copy?.id })).rejects.toMatchObject({
      code: "invalid_request",
      details: { errors: [{ path: "replyToId" }] },
    });
  });

  test("carry reactions to the other side, each once", async () => {
    const { deps, a, b, send, inbox, events } = await setUp();
    const sent = await send(a, { to: b.phoneNumber, body: "Done" });
    const [copy] = await inbox(b);
    const react = () => reactToMessage(deps, b.workspaceId, { id: copy?.id ?? "", reaction: "love" });
    const { reaction } = await react();
    expect(reaction).toMatchObject({ reaction: "love", from: b.phoneNumber, direction: "outbound" });
    await react();
    const { reactions } = await readMessage(deps.messages, a.workspaceId, sent.id);
    expect(reactions).toMatchObject([{ id: reaction.id, direction: "inbound", from: b.phoneNumber }]);
    const told = events.filter(({ type }) => type === "message.reaction");
    expect(told).toMatchObject([{ workspaceId: a.workspaceId, data: { messageId: sent.id, reaction: "love" } }]);
    await expect(reactToMessage(deps, b.workspaceId, { id: sent.id, reaction: "love" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("to a group reach every local member, and can be answered to the group", async () => {
    const { deps, a, b, send, inbox, numberIn } = await setUp();
    const c = await numberIn("ws_third");
    const recipients = [b.phoneNumber, c.phoneNumber, "+442079460000"];
    const sent = await send(a, { recipients, body: "Lunch?", groupName: "Team" });
    expect(sent.status).toBe("sent");
    expect(sent.error).toContain("+442079460000");
    const [copy] = await inbox(c);
    expect(copy).toMatchObject({ to: sent.to, from: a.phoneNumber });
    const theirs = await readConversation(deps.conversations, "ws_third", copy?.conversationId ?? "");
    expect(theirs).toMatchObject({ isGroup: true, groupName: "Team", participant: sent.to });
    expect(theirs.participants.map(({ address }) => address)).toEqual([a.phoneNumber, b.phoneNumber, "+442079460000"]);
    await send(c, { to: sent.to, body: "Yes", replyToId: copy?.id });
    expect(await inbox(a)).toMatchObject([{ body: "Yes", from: c.phoneNumber, replyToId: sent.id }, { id: sent.id }]);
    const outsider = await numberIn("ws_outside");
    await expect(send(outsider, { to: sent.to, body: "Hey" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("are listed by time, newest first", async () => {
    const { deps, a, b, send } = await setUp();
    const sent: Awaited<ReturnType<typeof send>>[] = [];
    for (const body of ["1", "2", "3"]) {
      sent.push(await send(a, { to: b.phoneNumber, body }));
      while (systemWallClock.now().toISOString() === sent.at(-1)?.createdAt) await Promise.resolve();
    }
    const at = (index: number) => new Date(sent[index]?.createdAt ?? "");
    const { conversationId } = sent[0] ?? { conversationId: "" };
    const list = async (filter: object) => {
      const page = await listMessages(deps.messages, a.workspaceId, { conversationId, limit: 2, ...filter });
      return [page.data.map(({ body }) => body).join(""), page.hasMore];
    };
    expect(await list({})).toEqual(["32", true]);
    expect(await list({ before: at(2) })).toEqual(["21", false]);
    expect(await list({ after: at(1) })).toEqual(["3", false]);
    expect(await list({ after: at(0), before: at(2) })).toEqual(["2", false]);
    expect(await deps.messages.count(a.workspaceId)).toBe(3);
    expect((await listMessages(deps.messages, b.workspaceId, { conversationId, limit: 2 })).data).toEqual([]);
  });

  test("go out from the named number, the agent's or the first, and from nobody else's", async () => {
    const { deps, a, b } = await setUp();
    const send = (input: object) =>
      sendMessage(deps, a.workspaceId, newMessageShape.parse({ to: b.phoneNumber, body: "x", ...input }));
    expect((await send({})).from).toBe(a.phoneNumber);
    expect((await send({ from: a.phoneNumber })).from).toBe(a.phoneNumber);
    await expect(send({ from: b.phoneNumber })).rejects.toMatchObject({ code: "not_found" });
    await expect(send({ phoneNumberId: b.id })).rejects.toMatchObject({ code: "not_found" });
    await expect(send({ agentId: "agt_none" })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(send({ to: a.phoneNumber })).rejects.toMatchObject({ code: "invalid_request" });
    await expect(send({ body: "" })).rejects.toMatchObject({ code: "invalid_request" });
    await releasePhoneNumber(deps, a.workspaceId, a.id);
    await expect(send({ phoneNumberId: a.id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("that two send each other at the same time all arrive", async () => {
    const { deps, a, b, send } = await setUp();
    const both = Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? ([a, b] as const) : ([b, a] as const)));
    await Promise.all(both.map(([from, to]) => send(from, { to: to.phoneNumber, body: "x" })));
    const { data } = await listConversations(deps.conversations, a.workspaceId, { limit: 5 });
    expect(data).toMatchObject([{ messageCount: 10 }]);
    expect(await deps.messages.count(b.workspaceId)).toBe(10);
  });

  test("that can't be told about are not stored either", async () => {
    const { deps, a, b } = await setUp();
    const messages = createMessageStore(database(), {
      record: () => Promise.reject(new Error("no outbox")),
      wake() {},
    });
    const input = newMessageShape.parse({ to: b.phoneNumber, body: "x" });
    await expect(sendMessage({ ...deps, messages }, a.workspaceId, input)).rejects.toThrow("no outbox");
    expect(await deps.conversations.count(a.workspaceId)).toBe(0);
  });

  test("have a conversation that can be opened before the first, and labelled", async () => {
    const { deps, a, b } = await setUp();
    const open = () =>
      openConversation(deps, a.workspaceId, { phoneNumberId: a.id, participant: ` ${b.phoneNumber} ` });
    const { id, ...opened } = await open();
    expect(opened).toMatchObject({ messageCount: 0, participant: b.phoneNumber });
    expect((await open()).id).toBe(id);
    const patch = { metadata: { step: 2 }, groupName: "Us" };
    const updated = await updateConversation(deps, a.workspaceId, { id, patch });
    expect(updated).toMatchObject(patch);
    expect(await updateConversation(deps, a.workspaceId, { id, patch: { metadata: null } })).not.toHaveProperty(
      "metadata",
    );
    await expect(updateConversation(deps, b.workspaceId, { id, patch })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a destination", () => {
  test.each([
    ["+1 (212) 555-0100", "+12125550100"],
    ["40404", "40404"],
    ["Ada@Example.com", "ada@example.com"],
  ])("%s is written %s", (text, parsed) => {
    expect(parseDestination(text, "to")).toBe(parsed);
  });

  test.each(["911", "+1911", "hello", "", "+1", "12125550100"])("%j is refused", (text) => {
    expect(() => parseDestination(text, "to")).toThrow(/^to: must/);
  });
});
