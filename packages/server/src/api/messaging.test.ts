import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { testDeps } from "./testing/test-deps.ts";
import { twoWorkspaces } from "./testing/two-workspaces.ts";

describeOnEachDatabase("numbers, contacts and messages of the API", (database) => {
  const setUp = () => twoWorkspaces(testDeps(database()));

  test("numbers are drawn, attached, listed and released", async () => {
    const { mine, theirs } = await setUp();
    const agent = await mine("POST", "/v1/agents", { name: "Ada" });
    const number = await mine("POST", "/v1/phone-numbers", { country: "CA", agentId: agent.body.id, name: "Desk" });
    expect(number).toMatchObject({ status: 201, body: { country: "CA", source: "local", status: "active" } });
    expect(number.body).not.toHaveProperty("sent");
    expect(number.body).not.toHaveProperty("workspaceId");
    const path = `/v1/phone-numbers/${number.body.id}`;
    expect((await mine("GET", path)).body).toEqual(number.body);
    expect((await mine("GET", `/v1/agents/${agent.body.id}`)).body).toMatchObject({
      phoneNumbers: [{ id: number.body.id }],
    });
    for (const method of ["GET", "DELETE"]) expect((await theirs(method, path)).status).toBe(404);
    expect((await theirs("PATCH", path, { agentId: null })).status).toBe(404);
    const theirAgent = await theirs("POST", "/v1/agents", { name: "Eve" });
    expect((await mine("PATCH", path, { agentId: theirAgent.body.id })).status).toBe(404);
    expect((await mine("PATCH", path, { agentId: null })).body).not.toHaveProperty("agentId");
    expect((await mine("DELETE", path)).body).toMatchObject({ status: "released" });
    expect((await mine("DELETE", path)).status).toBe(409);
    expect((await mine("GET", "/v1/phone-numbers?status=active")).body).toEqual({ data: [] });
    expect((await mine("GET", "/v1/phone-numbers")).body["data"]).toHaveLength(1);
    for (const wrong of [{ phoneNumber: "911" }, { country: "us" }, { country: "ZZ" }, { areaCode: "1" }])
      expect((await mine("POST", "/v1/phone-numbers", wrong)).status).toBe(400);
  });

  test("contacts are created once a number, found, changed and deleted", async () => {
    const { mine, theirs } = await setUp();
    const input = { phoneNumber: "+12125550170", name: "Bo", email: "bo@example.com" };
    const contact = await mine("POST", "/v1/contacts", input);
    expect(contact).toMatchObject({ status: 201, body: input });
    expect((await mine("POST", "/v1/contacts", input)).status).toBe(409);
    const path = `/v1/contacts/${contact.body.id}`;
    expect((await theirs("GET", path)).status).toBe(404);
    expect((await theirs("PATCH", path, { name: "x" })).status).toBe(404);
    expect((await theirs("DELETE", path)).status).toBe(404);
    expect((await mine("PATCH", path, { email: null, name: "Bob" })).body).toMatchObject({ name: "Bob" });
    expect((await mine("GET", "/v1/contacts?search=bob")).body["data"]).toHaveLength(1);
    expect((await mine("GET", "/v1/contacts?search=example")).body["data"]).toHaveLength(0);
    expect((await mine("DELETE", path)).status).toBe(204);
  });

  test("messages go from one workspace to the other and back", async () => {
    const { mine, theirs } = await setUp();
    const a = (await mine("POST", "/v1/phone-numbers", { country: "FR" })).body["phoneNumber"] as string;
    const b = (await theirs("POST", "/v1/phone-numbers", { country: "FR" })).body["phoneNumber"] as string;
    const sent = await mine("POST", "/v1/messages", { to: b, body: "Hi" });
    expect(sent).toMatchObject({ status: 201, body: { status: "delivered", from: a, to: b } });
    expect((await theirs("GET", `/v1/messages/${sent.body.id}`)).status).toBe(404);
    const inbox = (await theirs("GET", "/v1/messages")).body["data"] as { id: string; conversationId: string }[];
    const [copy] = inbox;
    expect(inbox).toMatchObject([{ direction: "inbound", status: "received", body: "Hi" }]);
    const reaction = await theirs("POST", `/v1/messages/${copy?.id}/reactions`, { reaction: "👍" });
    expect(reaction).toMatchObject({ status: 201, body: { reaction: "👍" } });
    await theirs("POST", "/v1/messages", { to: a, body: "Hello", replyToId: copy?.id });
    const conversation = await mine("GET", `/v1/conversations/${sent.body["conversationId"]}`);
    expect(conversation.body).toMatchObject({
      messageCount: 2,
      lastMessagePreview: "Hello",
      messages: [{ body: "Hello", replyToId: sent.body.id }, { reactions: [{ reaction: "👍", direction: "inbound" }] }],
    });
    const path = `/v1/conversations/${sent.body["conversationId"]}`;
    for (const [method, to, body] of [
      ["GET", path],
      ["PATCH", path, {}],
      ["GET", `${path}/messages`],
      ["POST", `/v1/messages/${sent.body.id}/reactions`, { reaction: "x" }],
    ] as const)
      expect((await theirs(method, to, body)).status).toBe(404);
    expect((await mine("PATCH", path, { metadata: { deep: [1] } })).body).toMatchObject({ metadata: { deep: [1] } });
    const page = await mine("GET", `${path}/messages?limit=1`);
    expect(page.body).toMatchObject({ data: [{ body: "Hello" }], hasMore: true });
    const now = encodeURIComponent(new Date().toISOString());
    expect((await mine("GET", `${path}/messages?after=${now}`)).body).toEqual({ data: [], hasMore: false });
    expect((await mine("GET", `${path}/messages?before=yesterday`)).status).toBe(400);
    expect((await mine("GET", "/v1/conversations")).body["data"]).toHaveLength(1);
  });

  test("messages that can't be sent are refused, naming the field", async () => {
    const { mine } = await setUp();
    const fieldOf = async (input: object) => {
      const { status, body } = await mine("POST", "/v1/messages", input);
      return [status, (body["errors"] as { path: string }[] | undefined)?.[0]?.path];
    };
    expect(await fieldOf({ to: "+12125550123", body: "x" })).toEqual([400, "from"]);
    // Nobody writes to their own number.
    await mine("POST", "/v1/phone-numbers", { areaCode: "415" });
    expect(await fieldOf({ to: "911", body: "x" })).toEqual([400, "to"]);
    expect(await fieldOf({ body: "x" })).toEqual([400, "to"]);
    expect(await fieldOf({ to: "+12125550123" })).toEqual([400, "body"]);
    expect(await fieldOf({ recipients: ["+12125550123", "+12125550123"], body: "x" })).toEqual([400, "recipients"]);
    const mediaUrls = ["http://a.example/b.png"];
    expect(await fieldOf({ to: "+12125550123", mediaUrls })).toEqual([400, "mediaUrls.0"]);
    expect(await fieldOf({ to: "+12125550123", body: "x", replyToId: "msg_none" })).toEqual([400, "replyToId"]);
    expect((await mine("GET", "/v1/messages")).body).toEqual({ data: [], hasMore: false });
  });

  test("a message is told to the receiver's webhooks, and counted as used", async () => {
    const { mine, theirs } = await setUp();
    await mine("POST", "/v1/phone-numbers", { country: "DE" });
    const b = (await theirs("POST", "/v1/phone-numbers", { country: "DE" })).body["phoneNumber"];
    const endpoint = { url: "https://hooks.example/a", events: ["message.received"] };
    for (const workspace of [mine, theirs])
      expect((await workspace("POST", "/v1/webhook-endpoints", endpoint)).status).toBe(201);
    await mine("POST", "/v1/messages", { to: b, body: "Hi" });
    expect((await mine("GET", "/v1/webhook-deliveries")).body["data"]).toHaveLength(0);
    expect((await theirs("GET", "/v1/webhook-deliveries")).body["data"]).toMatchObject([
      { eventType: "message.received" },
    ]);
    expect((await theirs("GET", "/v1/usage")).body).toMatchObject({
      messages: { last24h: 1, total: 1 },
      webhookDeliveries: { total: 1 },
      activeNumbers: 1,
    });
    for (const path of ["daily?days=2", "monthly?months=2&timeZone=Asia/Tokyo"]) {
      const { body } = await theirs("GET", `/v1/usage/${path}`);
      expect(body["data"]).toMatchObject([{ messages: 0 }, { messages: 1, webhookDeliveries: 1 }]);
    }
    expect((await theirs("GET", "/v1/usage/by-number")).body["data"]).toMatchObject([{ phoneNumber: b, messages: 1 }]);
    expect((await theirs("GET", "/v1/usage/by-agent?period=year")).body["data"]).toMatchObject([{ messages: 1 }]);
    for (const wrong of ["daily?days=0", "monthly?timeZone=Nowhere", "by-agent?period=day"])
      expect((await theirs("GET", `/v1/usage/${wrong}`)).status).toBe(400);
  });
});
