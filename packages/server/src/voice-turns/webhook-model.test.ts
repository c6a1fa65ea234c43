/** Turns over real HTTP to a server in this process. */

import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { END_CALL_TOOL, type ReplyPart, type ReplyRequest, SystemClock } from "@earshot/engine";
import { describeLanguageModel } from "@earshot/engine/testing/contracts/language-model-contract";
import { afterEach, describe, expect, it } from "vitest";
import type { Call } from "../calls/call.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { systemWallClock } from "../wall-clock.ts";
import { sendEarshotTurns } from "./earshot-turns.ts";
import { answerJson, answerLines, type ReceivedTurn, TurnServer } from "./testing/turn-server.ts";
import { TURN_ACTION_PREFIX } from "./turn-action.ts";
import type { VoiceTurns } from "./voice-turn.ts";
import { createWebhookModel, type WebhookModelOptions } from "./webhook-model.ts";

const never = new AbortController().signal;
const HANG_UP: ReplyPart = {
  type: "tool-call",
  call: { id: expect.stringMatching(/^hangup-/), name: END_CALL_TOOL, arguments: "{}" },
};
const call = { id: "call_1", agentId: "agt_1", variables: { name: "Bo" } } as unknown as Call;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function asking(text: string): ReplyRequest {
  return { system: "", messages: [{ role: "caller", text }], tools: [] };
}

type Answer = (response: ServerResponse, turn: ReceivedTurn) => void;

async function setUp(answer: Answer, options: Partial<WebhookModelOptions & VoiceTurns> & { allow?: string[] } = {}) {
  const server = await TurnServer.listen(answer);
  const guard = createUrlGuard({ allow: options.allow ?? ["127.0.0.0/8"] });
  closers.push(
    () => server.close(),
    () => guard.close(),
  );
  const voiceTurns = { dialect: "earshot", url: server.url, timeoutMs: 2_000, ...options };
  const model = createWebhookModel({
    send: sendEarshotTurns({ call, voiceTurns, guard, clock: systemWallClock }),
    clock: new SystemClock(),
    politeText: "Sorry.",
    ...voiceTurns,
  });
  const reply = async (request = asking("When are you open?")) => {
    const parts: ReplyPart[] = [];
    for await (const part of model.reply(request, never)) parts.push(part);
    return parts;
  };
  return { server, model, reply };
}

const text = (words: string): ReplyPart => ({ type: "text", text: `${words}\n` });
const interim = (words: string): ReplyPart => ({ type: "text", text: `${words}\n`, isFiller: true });
const asked = (id: string, name: string, given: object): ReplyPart => ({
  type: "tool-call",
  call: { id: `${TURN_ACTION_PREFIX}${id}`, name, arguments: JSON.stringify(given) },
});

describeLanguageModel("The customer's webhook", async () => {
  const { model, server } = await setUp((response, { body }) =>
    answerLines(response, { text: "One moment.", interim: true }, { text: "At nine.", hangup: body.includes("Bye") }),
  );
  const close = closers.splice(0);
  const endCall = { name: END_CALL_TOOL, description: "", parameters: {} };
  return {
    model,
    requestWithToolCall: { ...asking("Bye."), tools: [endCall] },
    close: async () => {
      for (const step of close) await step();
      server.close();
    },
  };
});

describe("a turn", () => {
  it("is posted with what the caller said and everything before, signed", async () => {
    const { server, reply } = await setUp((response) => answerJson(response, { text: "At nine." }), { secret: "s" });
    expect(await reply()).toEqual([text("At nine.")]);
    const [{ headers, body } = { headers: {}, body: "" }] = server.received;
    expect(JSON.parse(body)).toEqual({
      type: "voice.turn",
      callId: "call_1",
      agentId: "agt_1",
      turn: 1,
      transcript: "When are you open?",
      messages: [{ role: "caller", text: "When are you open?" }],
      variables: { name: "Bo" },
    });
    const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["earshot-signature"])) ?? [];
    expect(digest).toBe(createHmac("sha256", "s").update(`${seconds}.${body}`).digest("hex"));
    expect(headers["idempotency-key"]).toBe("call_1-1");
  });

  it("keeps its number when it is sent again, and the next one gets the next", async () => {
    const { server, reply } = await setUp((response) => answerJson(response, { text: "At nine." }));
    await reply(asking("One?"));
    await reply(asking("One?"));
    await reply(asking("Two?"));
    expect(server.received.map(({ body }) => (JSON.parse(body) as { turn: number }).turn)).toEqual([1, 1, 2]);
  });

  it("has no words when the agent is to speak unasked", async () => {
    const { server, reply } = await setUp((response) => answerJson(response, { text: "Hello!" }));
    const { messages } = asking("Hi.");
    await reply({ ...asking(""), messages: [...messages, { role: "agent", text: "Hello." }] });
    await reply({ ...asking(""), messages: [{ role: "instruction", text: "Greet the caller." }] });
    await reply({ ...asking(""), messages: [...messages, { role: "instruction", text: "The caller has paid." }] });
    const transcripts = server.received.map(({ body }) => (JSON.parse(body) as { transcript: string }).transcript);
    expect(transcripts).toEqual(["", "", "Hi."]);
  });
});

describe("an answer line by line", () => {
  const ndjson = { "Content-Type": "application/x-ndjson" };

  it("is spoken as it arrives, and ends with the first line that is no filler", async () => {
    const answering = Promise.withResolvers<ServerResponse>();
    const { model } = await setUp((response) => answering.resolve(response.writeHead(200, ndjson)));
    const parts = model.reply(asking("A table for two."), never)[Symbol.asyncIterator]();
    const first = parts.next();
    const response = await answering.promise;
    response.write('{"text":"One moment","inter');
    response.write('im":true}\n');
    expect(await first).toEqual({ done: false, value: interim("One moment") });
    const second = parts.next();
    response.write('"not an object"\n{"text":"Almost."\t, "interim": true}\r\n');
    expect(await second).toEqual({ done: false, value: interim("Almost.") });
    const third = parts.next();
    response.write('{"text":"It is booked."}\n{"text":"never read"}\n');
    expect(await third).toEqual({ done: false, value: text("It is booked.") });
    expect((await parts.next()).done).toBe(true);
    await once(response, "close");
  });

  it("may end without a line that closes the turn, and without a line break", async () => {
    const { reply } = await setUp((response) => response.writeHead(200, ndjson).end('{"text":"Hm.","interim":true}'));
    expect(await reply()).toEqual([interim("Hm.")]);
  });

  it("takes characters that are cut in two", async () => {
    const line = Buffer.from('{"text":"Grüße aus Köln."}\n');
    const { reply } = await setUp((response) => {
      response.writeHead(200, ndjson).write(line.subarray(0, 12));
      setImmediate(() => response.end(line.subarray(12)));
    });
    expect(await reply()).toEqual([text("Grüße aus Köln.")]);
  });
});

describe("an answer", () => {
  it.each([
    [{ text: "Goodbye.", hangup: true }, [text("Goodbye."), HANG_UP]],
    [{ text: "Goodbye.", action: "hangup" }, [text("Goodbye."), HANG_UP]],
    [{ hangup: true }, [HANG_UP]],
    [{ text: " ", hangup: "yes" }, [{ type: "silence" }]],
    [{}, [{ type: "silence" }]],
    [null, [{ type: "silence" }]],
    ["Hello", [{ type: "silence" }]],
    [[{ text: "Hello" }], [{ type: "silence" }]],
    [{ text: 7 }, [{ type: "silence" }]],
  ] satisfies [unknown, ReplyPart[]][])("%j is understood", async (answer, expected) => {
    const { reply } = await setUp((response) => answerJson(response, answer));
    expect(await reply()).toEqual(expected);
  });

  it("without a body is silence", async () => {
    const { reply } = await setUp((response) => response.writeHead(204).end());
    expect(await reply()).toEqual([{ type: "silence" }]);
  });

  it("may ask for keys and a transfer, once a turn however often that is sent", async () => {
    const answers = [
      { text: "I'll put you through.", action: "transfer" },
      { action: "transfer", destination: "+12125550100", press_digit: "1#" },
      { dtmf: 4, digits: "9" },
      { dtmf: 4 },
    ];
    const { reply } = await setUp((response) => answerJson(response, answers.shift()));
    expect(await reply(asking("1"))).toEqual([text("I'll put you through."), asked("1-1", "transfer_call", {})]);
    expect(await reply(asking("2"))).toEqual([
      asked("2-1", "send_digits", { digits: "1#" }),
      asked("2-2", "transfer_call", { destination: "+12125550100" }),
    ]);
    expect(await reply(asking("3"))).toEqual([asked("3-1", "send_digits", { digits: "9" })]);
    expect(await reply(asking("3"))).toEqual([asked("3-1", "send_digits", { digits: "4" })]);
  });

  it("that came to nothing is told politely, without asking again", async () => {
    const { reply, server } = await setUp((response) => answerJson(response, {}));
    const tool = { role: "tool", toolCallId: `${TURN_ACTION_PREFIX}1-1`, name: "transfer_call", result: "" } as const;
    const settledAs = (outcome: "succeeded" | "failed") => ({
      ...asking(""),
      messages: [{ role: "caller", text: "Hi." } as const, { ...tool, outcome }],
    });
    expect(await reply(settledAs("failed"))).toEqual([{ type: "text", text: "Sorry." }]);
    expect(await reply(settledAs("succeeded"))).toEqual([{ type: "silence" }]);
    expect(server.received).toEqual([]);
  });
});

describe("a turn fails", () => {
  const status =
    (code: number): Answer =>
    (response) =>
      void response.writeHead(code).end('{"text":"no"}');
  const cutShort: Answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "500" }).write('{"text":');
    setImmediate(() => response.destroy());
  };
  const endless: Answer = (response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    const line = "x".repeat(100_000);
    const fill = () => {
      while (!response.destroyed && response.write(line));
      if (!response.destroyed) response.once("drain", fill);
    };
    fill();
  };

  it.each<[string, Answer, { readonly kind: unknown; readonly isRetryable?: boolean }]>([
    ["with status 500", status(500), { kind: "overloaded", isRetryable: true }],
    ["with status 429", status(429), { kind: "rate-limited", isRetryable: true }],
    ["with status 401", status(401), { kind: "unauthorized", isRetryable: false }],
    ["with status 404", status(404), { kind: "bad-response", isRetryable: false }],
    ["with a redirect", status(302), { kind: "bad-response", isRetryable: false }],
    ["when nobody answers in time", () => {}, { kind: "timeout", isRetryable: false }],
    ["when the answer stops half way", (response) => response.writeHead(200).write("{"), { kind: "timeout" }],
    ["when the connection breaks", cutShort, { kind: "unreachable", isRetryable: true }],
    ["when the answer has no end", endless, { kind: expect.stringMatching(/bad-response|unreachable/) }],
    ["when the answer is broken", (response) => response.end('{"text":"Hel'), { kind: "bad-response" }],
  ])("%s", async (_title, answer, expected) => {
    const { reply } = await setUp(answer, { timeoutMs: expected.kind === "timeout" ? 300 : 10_000 });
    await expect(reply()).rejects.toMatchObject({
      name: "ProviderError",
      provider: "webhook/voice-turns",
      stage: "language-model",
      ...expected,
    });
  });

  it("when the address is private and not allowed", async () => {
    const { reply, server } = await setUp((response) => answerJson(response, {}), { allow: [] });
    await expect(reply()).rejects.toMatchObject({ kind: "bad-request", isRetryable: false });
    expect(server.received).toEqual([]);
  });

  it("when nobody listens", async () => {
    const { reply, server } = await setUp(() => {});
    server.close();
    await expect(reply()).rejects.toMatchObject({ kind: "unreachable", isRetryable: true });
  });
});

it("lets go of an answer that it doesn't read", async () => {
  const answering = Promise.withResolvers<ServerResponse>();
  const { reply } = await setUp((response) => {
    response.writeHead(500).write("endless");
    answering.resolve(response);
  });
  const closed = answering.promise.then((response) => once(response, "close"));
  await expect(reply()).rejects.toMatchObject({ kind: "overloaded" });
  await closed;
});

it("ends the request when the caller has interrupted", async () => {
  const answering = Promise.withResolvers<ServerResponse>();
  const { model } = await setUp((response) => answering.resolve(response));
  const controller = new AbortController();
  const parts = model.reply(asking("Hi."), controller.signal)[Symbol.asyncIterator]();
  const first = parts.next();
  const response = await answering.promise;
  const closed = once(response, "close");
  controller.abort();
  expect((await first).done).toBe(true);
  await closed;
});
