/** Agents that answer texts, between numbers of one installation. */
import type { ReplyPart } from "@earshot/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import type { CompletionRequest } from "../models/completion-request.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { FakeWallClock } from "../testing/fake-wall-clock.ts";
import { startReceiver } from "../webhooks/testing/receiver.ts";
import { answerMessage } from "./answer-message.ts";

const CALLER = "+12125550150";

describe("an agent with messaging enabled", () => {
  let opened: EmbeddedTestDatabase;
  beforeAll(async () => {
    opened = await openEmbeddedForTest();
  }, 60_000);
  afterAll(() => opened.dispose());

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
      toolsOf: () => ({ guard: createUrlGuard({ allow: ["127.0.0.1"] }), clock, secret: undefined }),
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
