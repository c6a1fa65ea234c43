import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  ConflictError,
  Earshot,
  InvalidRequestError,
  NotFoundError,
  verifyWebhook,
  type WebhookEvent,
} from "@earshot/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { sharedServer } from "./shared-server.ts";
import { untilEnded } from "./until-ended.ts";

const server = sharedServer();
let earshot: Earshot;
beforeAll(async () => {
  // The test listens for webhooks on loopback.
  earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
});

describe("the SDK against the product", () => {
  it("creates, reads, changes and deletes", async () => {
    const agent = await earshot.agents.create({ name: "Ann" });
    expect(await earshot.agents.get(agent.id)).toEqual(agent);
    const changed = await earshot.agents.update(agent.id, { prompt: "Be brief." });
    expect(changed).toMatchObject({ name: "Ann", prompt: "Be brief." });
    await earshot.agents.delete(agent.id);
    await expect(earshot.agents.get(agent.id)).rejects.toBeInstanceOf(NotFoundError);
  });

  it("iterates over all pages, once each", async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await earshot.agents.create({ name: "Paged" })).id);
    const seen: string[] = [];
    for await (const { id } of earshot.agents.list({ name: "Paged", limit: 2 })) seen.push(id);
    expect(seen).toEqual(made.toReversed());
  });

  it("writes once, however often it sends the same key", async () => {
    const idempotencyKey = `key-${crypto.randomUUID()}`;
    const create = (name: string) => earshot.agents.create({ name }, { idempotencyKey });
    const first = await create("Once");
    expect(await create("Once")).toEqual(first);
    await expect(create("Twice")).rejects.toMatchObject({ name: "ConflictError", code: "idempotency_key_reused" });
  });

  it("writes once when the answer to the first try is lost", async () => {
    let isLost = false;
    const unlucky = new Earshot({
      baseUrl: server.url,
      apiKey: server.apiKey,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (isLost) return response;
        isLost = true;
        throw new TypeError("the connection broke");
      },
    });
    const { id } = await unlucky.agents.create({ name: "Lost and found" });
    const all: string[] = [];
    for await (const agent of earshot.agents.list({ name: "Lost and found" })) all.push(agent.id);
    expect(all).toEqual([id]);
  });

  it("changes only the very agent that was read, where asked to", async () => {
    const read = await earshot.agents.create({ name: "Contended" });
    await earshot.agents.update(read.id, { prompt: "First." }, { ifMatch: read });
    const late = earshot.agents.update(read.id, { prompt: "Late." }, { ifMatch: read });
    await expect(late).rejects.toBeInstanceOf(ConflictError);
    expect((await earshot.agents.get(read.id)).prompt).toBe("First.");
  });

  it("deploys, compares and rolls back versions", async () => {
    const { id } = await earshot.agents.create({ name: "Versioned", prompt: "One." });
    expect(await earshot.agents.deploy(id, { note: "the first" })).toMatchObject({ version: 1, isDeployed: true });
    await earshot.agents.update(id, { prompt: "Two." });
    expect((await earshot.agents.versions(id)).data).toMatchObject([{ version: 1, note: "the first" }]);
    expect((await earshot.agents.version(id, 1)).prompt).toBe("One.");
    expect(JSON.stringify(await earshot.agents.compareVersions(id, { from: 1 }))).toContain("Two.");
    expect(await earshot.agents.rollBack(id, 1)).toMatchObject({ prompt: "One." });
  });

  it("names each wrong field and the request", async () => {
    const error = await earshot.agents.create({ name: "", voice: { speed: 9 } }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((error as InvalidRequestError).errors.map(({ path }) => path)).toEqual(["name", "voice.speed"]);
    expect((error as InvalidRequestError).requestId).toMatch(/./);
  });

  it("acts in a workspace below the key's own, and sees nothing of another one's", async () => {
    const { id: workspaceId } = await earshot.workspaces.create({ name: "Child" });
    const child = new Earshot({ baseUrl: server.url, apiKey: server.apiKey, workspaceId });
    const { id } = await child.agents.create({ name: "In the child" });
    expect((await earshot.agents.get(id, { workspaceId })).name).toBe("In the child");
    await expect(earshot.agents.get(id)).rejects.toBeInstanceOf(NotFoundError);
  });

  it("speaks and writes down", async () => {
    const wav = await earshot.speech.create({ text: "Good morning." });
    expect((await earshot.transcriptions.create(wav)).text.toLowerCase()).toContain("good morning");
  });
});

describe("two agents with phone numbers", () => {
  const received: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(204).end();
  });
  beforeAll(async () => {
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
  });
  afterAll(() => receiver.close());

  it("call and write to each other, and a webhook tells of a deployment", async () => {
    const ann = await earshot.agents.create({ name: "Ann", greeting: { mode: "off" } });
    const bo = await earshot.agents.create({
      name: "Bo",
      greeting: { mode: "static", text: "Good morning, this is the bakery." },
    });
    const from = await earshot.phoneNumbers.create({ agentId: ann.id });
    const to = await earshot.phoneNumbers.attach((await earshot.phoneNumbers.create({})).id, bo.id);
    expect(to).toMatchObject({ agentId: bo.id, status: "active" });

    const call = await earshot.calls.place({ agentId: ann.id, to: to.phoneNumber });
    expect(call).toMatchObject({ direction: "outbound", fromNumber: from.phoneNumber, toNumber: to.phoneNumber });
    const answered = (await earshot.calls.list({ agentId: bo.id })).data;
    expect(answered).toMatchObject([{ direction: "inbound", fromNumber: from.phoneNumber }]);
    await eventually(async () => {
      const heard = (await earshot.calls.get(call.id)).transcript.filter(({ role }) => role === "caller");
      expect(heard.map(({ text }) => text.toLowerCase()).join(" ")).toContain("bakery");
    });
    await earshot.calls.end(call.id);
    for (const { id } of [call, ...answered]) expect(await untilEnded(earshot, id)).toMatchObject({ status: "ended" });

    const message = { from: from.phoneNumber, to: to.phoneNumber, body: "Two loaves, please." };
    expect(await earshot.messages.send(message)).toMatchObject({ ...message, agentId: ann.id, direction: "outbound" });
    const [conversation] = (await earshot.conversations.list({ phoneNumberId: to.id })).data;
    expect(conversation).toMatchObject({ agentId: bo.id, participant: from.phoneNumber, messageCount: 1 });
    const { messages } = await earshot.conversations.get(conversation?.id ?? "");
    expect(messages).toMatchObject([{ ...message, direction: "inbound", status: "received" }]);
    await earshot.messages.react(messages[0]?.id ?? "", "👍");
    const reactions = (await earshot.messages.get(messages[0]?.id ?? "")).reactions;
    expect(reactions).toMatchObject([{ reaction: "👍" }]);

    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const { secret } = await earshot.webhookEndpoints.create({ url, events: ["agent.deployed"] });
    const { version } = await earshot.agents.deploy(bo.id);
    const event = await eventually(() => lastEvent(secret));
    expect(event).toMatchObject({ type: "agent.deployed", data: { agentId: bo.id, version } });

    expect(await earshot.phoneNumbers.detach(to.id)).not.toHaveProperty("agentId");
    expect(await earshot.phoneNumbers.release(to.id)).toMatchObject({ status: "released" });
    const used = (await earshot.usage.byNumber()).data.find(({ phoneNumberId }) => phoneNumberId === from.id);
    expect(used).toMatchObject({ calls: 1, messages: 1 });
  });

  it("has every message of a burst in its lists, once each", async () => {
    const [one, other] = [await earshot.phoneNumbers.create({}), await earshot.phoneNumbers.create({})];
    const send = (_: unknown, index: number) =>
      earshot.messages.send({ phoneNumberId: one.id, to: other.phoneNumber, body: `Message ${index}` });
    const sent = await Promise.all(Array.from({ length: 12 }, send));
    const listed: string[] = [];
    for await (const { id } of earshot.messages.list({ phoneNumberId: one.id, limit: 5 })) listed.push(id);
    expect(listed.toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
  });

  async function lastEvent(secret: string): Promise<WebhookEvent> {
    const last = received.at(-1);
    if (last === undefined) throw new Error("no webhook has come");
    return verifyWebhook({ ...last, secret });
  }
});
