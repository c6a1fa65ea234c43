import type { ReplyPart, ReplyRequest } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeLanguageModel } from "@earshot/engine/testing/contracts/language-model-contract";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AnthropicOptions, anthropicModel } from "./anthropic-model.ts";
import { readFixture, VendorServer } from "./testing/vendor-server.ts";

const server = new VendorServer();
beforeAll(() => server.listen());
afterAll(() => server.close());
beforeEach(() => void server.requests.splice(0));

const request: ReplyRequest = {
  system: "You are the receptionist of Bloom Dental.",
  messages: [
    { role: "agent", text: "Bloom Dental, hello." },
    { role: "caller", text: "A table for four." },
    { role: "agent", text: "", toolCalls: [{ id: "toolu_00", name: "book_table", arguments: '{"people":4}' }] },
    { role: "tool", toolCallId: "toolu_00", name: "book_table", outcome: "failed", result: "no table free" },
  ],
  tools: [{ name: "book_table", description: "Books a table.", parameters: { type: "object", properties: {} } }],
  maxOutputTokens: 200,
};

function model(options: Partial<AnthropicOptions> = {}) {
  return anthropicModel({
    apiKey: "sk-ant-test",
    model: "claude-haiku-5-5",
    baseUrl: server.baseUrl,
    clock: new FakeClock(),
    ...options,
  });
}

async function readAll(options: Partial<AnthropicOptions> = {}): Promise<ReplyPart[]> {
  const parts: ReplyPart[] = [];
  for await (const part of model(options).reply(request, new AbortController().signal)) parts.push(part);
  return parts;
}

describeLanguageModel("An Anthropic model", async () => {
  const own = new VendorServer();
  await own.listen();
  own.answerWith({ kind: "stream", body: readFixture("anthropic-text.sse") });
  const toolServer = new VendorServer();
  await toolServer.listen();
  toolServer.answerWith({ kind: "stream", body: readFixture("anthropic-tool-use.sse") });
  const text = model({ baseUrl: own.baseUrl });
  const tools = model({ baseUrl: toolServer.baseUrl });
  return {
    model: { name: text.name, reply: (asked, signal) => (asked === request ? tools : text).reply(asked, signal) },
    requestWithToolCall: request,
    close: async () => {
      await own.close();
      await toolServer.close();
    },
  };
});

describe("Anthropic's Messages API", () => {
  it("gets the prompt, the call so far and the tools in its own shape", async () => {
    server.answerWith({ kind: "stream", body: readFixture("anthropic-text.sse") });
    await readAll({ thinking: "off" });
    const [seen] = server.requests;
    expect(seen?.path).toBe("/v1/messages");
    expect(seen?.headers["x-api-key"]).toBe("sk-ant-test");
    expect(seen?.body).toMatchObject({
      model: "claude-haiku-5-5",
      stream: true,
      max_tokens: 200,
      thinking: { type: "disabled" },
      system: [{ type: "text", text: "You are the receptionist of Bloom Dental." }],
      tools: [{ name: "book_table", description: "Books a table." }],
      messages: [
        { role: "user", content: [{ type: "text", text: "[The call begins.]" }] },
        { role: "assistant", content: [{ type: "text", text: "Bloom Dental, hello." }] },
        { role: "user", content: [{ type: "text", text: "A table for four." }] },
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_00", input: { people: 4 } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_00", is_error: true }] },
      ],
    });
  });

  it("answers in words, pings left out, with the usage at the end", async () => {
    server.answerWith({ kind: "stream", body: readFixture("anthropic-text.sse"), piecesOfBytes: 11 });
    expect(await readAll()).toEqual([
      { type: "text", text: "We open" },
      { type: "text", text: " at nine." },
      { type: "text", text: " Anything else?" },
      { type: "usage", inputTokens: 42, outputTokens: 12 },
    ]);
  });

  it("calls a tool whole, after the words before it", async () => {
    server.answerWith({ kind: "stream", body: readFixture("anthropic-tool-use.sse"), piecesOfBytes: 11 });
    const parts = await readAll();
    expect(parts[0]).toEqual({ type: "text", text: "Let me look." });
    expect(parts[1]).toEqual({
      type: "tool-call",
      call: { id: "toolu_01A", name: "book_table", arguments: '{"name": "Jane", "people": 4}' },
    });
  });

  it.each([
    ["before the answer", { kind: "json", status: 529, body: readFixture("anthropic-error-529.json") }],
    ["in the middle of it", { kind: "stream", body: readFixture("anthropic-overloaded-in-stream.sse") }],
  ] as const)("says that it is overloaded, %s", async (_when, answer) => {
    server.answerWith(answer);
    await expect(readAll()).rejects.toMatchObject({ kind: "overloaded", isRetryable: true });
    expect(server.requests).toHaveLength(1);
  });
});
