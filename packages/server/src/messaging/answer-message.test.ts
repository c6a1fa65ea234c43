/** Agents that answer texts, between numbers of one installation. */
import type { ReplyPart } from "@earshot/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import { toolPayloads } from "../call-thread/tool-payloads.ts";
import { createFindMcpServers } from "../mcp-servers/find-mcp-servers.ts";
import type { McpEndpoint } from "../mcp-servers/mcp-connection.ts";
import { McpConnections } from "../mcp-servers/mcp-connections.ts";
import { startMcpServer } from "../mcp-servers/testing/mcp-test-server.ts";
import type { CompletionRequest } from "../models/completion-request.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { FakeWallClock } from "../testing/fake-wall-clock.ts";
import { systemWallClock } from "../wall-clock.ts";
import { startReceiver } from "../webhooks/testing/receiver.ts";
import { answerMessage } from "./answer-message.ts";

const CALLER = "+12125550150";

describe("an agent with messaging enabled", () => {
  const guard = createUrlGuard({ allow: ["127.0.0.1"] });
  const connections = new McpConnections({ guard, clock: systemWallClock });
  /** Where servers really are, by the URL that they are known by. */
  const here = new Map<string, string>();
  let opened: EmbeddedTestDatabase;
  beforeAll(async () => {
    opened = await openEmbeddedForTest();
  }, 60_000);
  afterAll(async () => {
    await connections.close();
    await opened.dispose();
  });

  /** @param replies what the model writes, one round after the other; the last one again and again */
  const setUp = async (agent: object, replies: readonly (readonly ReplyPart[])[]) => {
    await opened.database.pool.query("truncate phone_numbers, messages, conversations, opt_outs, agents cascade");
    const clock = new FakeWallClock();
    const requests: CompletionRequest[] = [];
    const waiting: string[] = [];
    const carrierJobs = {
      confirmOrder: async () => {},
      sendMessage: async () => {},
      answerMessage: async (id: string) => void waiting.push(id),
    };
    const client = apiClient(opened.database, { clock, carrierJobs });
    const deps = {
      ...client.deps,
      complete: () =>
        async function* (request: CompletionRequest) {
          requests.push(structuredClone(request));
          yield* replies[Math.min(requests.length, replies.length) - 1] ?? [];
        },
      toolsOf: () => ({ guard, clock, secret: undefined, payloads: toolPayloads }),
      findMcpServers: createFindMcpServers({ ...client.deps, clock }),
      connectMcp: (endpoint: McpEndpoint) =>
        connections.get({ ...endpoint, url: here.get(endpoint.url) ?? endpoint.url }),
    };
    const settings = { name: "Ada", prompt: "You are Ada.", messaging: { isEnabled: true }, ...agent };
    const { id: agentId } = (await client.send("POST", "/v1/agents", settings)).body;
    const number = (await client.send("POST", "/v1/phone-numbers", { phoneNumber: "+12125550151", agentId })).body;
    await client.send("POST", "/v1/phone-numbers", { phoneNumber: CALLER });
    const write = async (body: string) => {
      clock.advance(1_000);
      return client.send("POST", "/v1/messages", { from: CALLER, to: number["phoneNumber"], body });
    };
    /** Does what waits, also twice, as queues may. */
    const work = async () => {
      clock.advance(1_000);
      for (const id of waiting.splice(0)) {
        await answerMessage(deps, id);
        await answerMessage(deps, id);
      }
    };
    const inbox = async () => {
      const { data } = (await client.send("GET", "/v1/messages?limit=200")).body as {
        data: { from: string; to: string; direction: string; body: string }[];
      };
      return data.filter(({ to, direction }) => to === CALLER && direction === "inbound").map(({ body }) => body);
    };
    return { ...client, agentId, deps, requests, waiting, write, work, inbox, clock };
  };
  const say = (text: string): ReplyPart[] => [{ type: "text", text }];

  test("answers once, with its prompt, its notes and what was written before", async () => {
    const { write, work, inbox, requests } = await setUp({ notes: ["Open from nine."] }, [
      say("At nine."),
      say("Yes."),
    ]);
    await write("When do you open?");
    await work();
    await write("Also on Monday?");
    await work();
    expect(await inbox()).toEqual(["Yes.", "At nine."]);
    expect(requests).toHaveLength(2);
    expect(requests[0]?.system).toMatch(/^You are Ada\.[\s\S]*text message[\s\S]*- Open from nine\./);
    expect(requests[1]?.messages).toEqual([
      { role: "caller", text: "When do you open?" },
      { role: "agent", text: "At nine." },
      { role: "caller", text: "Also on Monday?" },
    ]);
  });

  test("answers several messages in a row with one", async () => {
    const { write, work, inbox, requests } = await setUp({}, [say("Hello!")]);
    await write("Hi");
    await write("Anybody there?");
    await work();
    expect(await inbox()).toEqual(["Hello!"]);
    expect(requests[0]?.messages).toHaveLength(2);
  });

  test("runs its tools as in a call", async () => {
    const server = await startReceiver((_, response) => response.end("table 5"));
    const tool = {
      kind: "webhook",
      name: "book",
      description: "Books.",
      url: server.url,
      parameters: { type: "object" },
    };
    const call: ReplyPart = { type: "tool-call", call: { id: "t1", name: "book", arguments: '{"at":"7pm"}' } };
    const { write, work, inbox, requests } = await setUp({ tools: [tool] }, [[call], say("Table 5 it is.")]);
    await write("A table at seven?");
    await work();
    expect(await inbox()).toEqual(["Table 5 it is."]);
    expect(server.bodies()).toMatchObject([{ name: "book", arguments: { at: "7pm" } }]);
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(["book"]);
    expect(requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", outcome: "succeeded", result: "table 5" });
    await server.close();
  });

  const use = (name: string, given: object = {}): ReplyPart[] => [
    { type: "tool-call", call: { id: `use-${name}`, name, arguments: JSON.stringify(given) } },
  ];

  test("uses the tools of MCP servers, and waits for one that it can't do without", async () => {
    const schema = { type: "object", properties: {} };
    const kitchen = await startMcpServer("streamable_http", {
      tools: [{ name: "stock", description: "What is left.", inputSchema: schema }],
      call: () => ({ content: [{ type: "text", text: "two cakes" }] }),
    });
    const kit = await setUp({}, [use("stock"), say("Two are left.")]);
    const server = await kit.send("POST", "/v1/mcp-servers", { name: "Kitchen", url: "https://kitchen.test/mcp" });
    here.set("https://kitchen.test/mcp", kitchen.url);
    const tools = [{ kind: "mcp", name: "kitchen", mcpServerId: server.body["id"] }];
    await kit.send("PATCH", `/v1/agents/${kit.agentId}`, { tools });
    await kit.send("POST", `/v1/agents/${kit.agentId}/deploy`);
    await kit.write("How many cakes?");
    await kit.work();
    expect(await kit.inbox()).toEqual(["Two are left."]);
    expect(kit.requests[0]?.tools).toMatchObject([{ name: "stock", description: "What is left." }]);
    expect(kit.requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", result: "two cakes" });
    kitchen.close();
    await kit.send("DELETE", `/v1/mcp-servers/${server.body["id"]}`);
    await kit.write("And pies?");
    await expect(kit.work()).rejects.toThrow("can't be reached");
    expect(kit.requests).toHaveLength(2);
  });

  test("hands the conversation to another agent, which goes on until a day has passed", async () => {
    const replies = [use("to_billing"), say("Billing here."), say("Still billing."), say("Ada again.")];
    const kit = await setUp({}, replies);
    const billing = { name: "Billing", prompt: "You are Billing.", notes: ["Bills are due in May."] };
    const { id } = (await kit.send("POST", "/v1/agents", billing)).body;
    const tools = [{ kind: "handoff", name: "to_billing", description: "For bills.", agentId: id }];
    await kit.send("PATCH", `/v1/agents/${kit.agentId}`, { tools });
    await kit.send("POST", `/v1/agents/${kit.agentId}/deploy`);
    for (const text of ["My bill?", "And the next?"]) {
      await kit.write(text);
      await kit.work();
    }
    kit.clock.advance(25 * 3_600_000);
    await kit.write("Hello?");
    await kit.work();
    expect(await kit.inbox()).toEqual(["Ada again.", "Still billing.", "Billing here."]);
    expect(kit.requests.map(({ system }) => /^You are (\w+)/.exec(system)?.[1])).toEqual([
      ...["Ada", "Billing", "Billing", "Ada"],
    ]);
    expect(kit.requests[2]?.system).toContain("May");
  });

  test("keeps what it learns with the conversation, and knows it the next time", async () => {
    const variables = [{ name: "guests", type: "number" }];
    const replies = [
      use("remember", { guests: "four" }),
      use("remember", { guests: 4 }),
      say("For four."),
      say("Yes."),
    ];
    const { write, work, requests, send } = await setUp({ variables }, replies);
    const mine = async () => {
      const { data } = (await send("GET", "/v1/conversations")).body as { data: { id: string; participant: string }[] };
      return `/v1/conversations/${data.find(({ participant }) => participant === CALLER)?.id}`;
    };
    await write("A table for four");
    await send("PATCH", await mine(), { metadata: { order: 7 } });
    await work();
    expect(requests[1]?.messages.at(-1)).toMatchObject({
      outcome: "failed",
      result: expect.stringContaining("guests"),
    });
    expect((await send("GET", await mine())).body).toMatchObject({ metadata: { order: 7, variables: { guests: 4 } } });
    await write("Right?");
    await work();
    expect(requests[3]?.system).toContain("- guests: 4");
  });

  test("tells the number instead of putting through, and offers nothing that needs a call", async () => {
    const transfers = [
      { destination: "+12125550188", description: "Bills" },
      { destination: "sip:desk@example.com", description: "Desk" },
    ];
    const tools = ["transfer", "sendDigits", "voicemail", "pauseRecording", "resumeRecording"].map((kind) => ({
      kind,
    }));
    const told = await setUp({ transfers, tools }, [use("transfer_call"), say("Call them.")]);
    await told.write("A human, please");
    await told.work();
    expect(told.requests[0]?.tools.map(({ name }) => name)).toEqual(["transfer_call"]);
    expect(JSON.stringify(told.requests[0]?.tools)).not.toContain("sip:");
    expect(told.requests[1]?.messages.at(-1)).toMatchObject({ outcome: "succeeded" });
    expect(told.requests[1]?.messages.at(-1)).toMatchObject({ result: expect.stringContaining("call +12125550188") });
    const { warnings } = (await told.send("GET", `/v1/agents/${told.agentId}`)).body as { warnings?: object[] };
    const text = JSON.stringify(warnings);
    expect(["send_digits", "leave_voicemail", "pause_recording"].filter((name) => !text.includes(name))).toEqual([]);
    expect(text).not.toContain("transfer_call");
    const spoken = await setUp({ transfers, tools, messaging: { isEnabled: false } }, []);
    const silent = (await spoken.send("GET", `/v1/agents/${spoken.agentId}`)).body;
    expect(JSON.stringify(silent["warnings"])).not.toContain("send_digits");
    const desk = await setUp({ transfers: transfers.slice(1), tools: [{ kind: "transfer" }] }, [use("transfer_call")]);
    const warned = (await desk.send("GET", `/v1/agents/${desk.agentId}`)).body["warnings"];
    expect(warned).toMatchObject([{ field: "tools.0", message: expect.stringContaining("transfer_call") }]);
  });

  test("ends with a last word, or with none", async () => {
    const last: ReplyPart[] = [...say("Bye!"), ...use("end_call")];
    const { write, work, inbox, requests } = await setUp({ tools: [{ kind: "endCall" }] }, [last, use("end_call")]);
    await write("Thanks, that is all");
    await work();
    await write("Bye");
    await work();
    expect(await inbox()).toEqual(["Bye!"]);
    expect(requests[0]?.tools).toMatchObject([{ name: "end_call", description: expect.stringContaining("last word") }]);
  });

  test("writes to others than whom it answers, once, and to nobody without the tool", async () => {
    const tools = [{ kind: "sendMessage", name: "text" }];
    const order = { to: "+1 212 555 0152", body: "An order." };
    const kit = await setUp({ tools }, [use("text", { body: "Hi" }), use("text", order), use("text", order), []]);
    await kit.send("POST", "/v1/phone-numbers", { phoneNumber: "+12125550152" });
    await kit.write("Cake, please");
    await kit.work();
    const results = kit.requests.slice(1, 4).map(({ messages }) => messages.at(-1));
    expect(results).toMatchObject([{ outcome: "failed" }, { outcome: "succeeded" }, { outcome: "succeeded" }]);
    const { data } = (await kit.send("GET", "/v1/messages?limit=200")).body as {
      data: { to: string; direction: string }[];
    };
    const sent = data.filter(({ to, direction }) => to === "+12125550152" && direction === "outbound");
    expect(sent).toHaveLength(1);
    const without = await setUp({}, [use("send_message", order), say("Done.")]);
    await without.write("Tell them");
    await without.work();
    expect(without.requests[0]?.tools).toEqual([]);
    expect(without.requests[1]?.messages.at(-1)).toMatchObject({ outcome: "failed" });
  });

  test("stays silent when messaging is off, to who opted out, and when it has nothing to say", async () => {
    const off = await setUp({ messaging: { isEnabled: false } }, [say("No.")]);
    await off.write("Hi");
    expect(off.waiting).toEqual([]);
    const quiet = await setUp({}, [[]]);
    await quiet.write("Hi");
    await quiet.work();
    expect(await quiet.inbox()).toEqual([]);
    const left = await setUp({}, [say("Hello!")]);
    await left.write("Hi");
    await left.write("STOP");
    await left.work();
    expect([left.requests.length, await left.inbox()]).toEqual([0, []]);
    const stopped = await left.send("POST", "/v1/messages", { from: "+12125550151", to: CALLER, body: "Wait" });
    expect(stopped.body).toMatchObject({ code: "opted_out" });
    await left.write("START");
    await left.write("Hi again");
    await left.work();
    expect(await left.inbox()).toEqual(["Hello!"]);
  });

  test("that writes to another one comes to an end within the hour", async () => {
    const messaging = { isEnabled: true, maxAnswersPerHour: 3 };
    const kit = await setUp({ messaging }, [say("And you?")]);
    const { send, agentId, waiting, work, write, clock } = kit;
    const { data } = (await send("GET", "/v1/phone-numbers")).body as { data: { id: string; phoneNumber: string }[] };
    const caller = data.find(({ phoneNumber }) => phoneNumber === CALLER);
    await send("PATCH", `/v1/phone-numbers/${caller?.id}`, { agentId });
    await write("How are you?");
    for (let round = 0; round < 20 && waiting.length > 0; round++) await work();
    expect(waiting).toEqual([]);
    expect(kit.requests).toHaveLength(6);
    clock.advance(3_700_000);
    await write("Still there?");
    await work();
    expect(kit.requests).toHaveLength(7);
  });
});
