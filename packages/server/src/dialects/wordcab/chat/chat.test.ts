import { ProviderError, type ReplyPart } from "@earshot/engine";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CompletionRequest } from "../../../models/completion-request.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../../storage/testing/each-database.ts";
import { type WordcabClient, wordcabClient } from "../testing/wordcab-client.ts";

let opened: EmbeddedTestDatabase;
let client: WordcabClient;
let asked: CompletionRequest[] = [];
let lastSignal: AbortSignal | undefined;
let reply: readonly (ReplyPart | Error)[] = [];

beforeAll(async () => {
  opened = await openEmbeddedForTest();
  client = wordcabClient(opened.database, {
    async *complete(request, signal) {
      asked.push(request);
      lastSignal = signal;
      for (const part of reply) {
        if (part instanceof Error) throw part;
        yield part;
      }
    },
  });
}, 60_000);
afterAll(() => opened.dispose());
beforeEach(() => {
  asked = [];
  reply = [text("Hello"), text(" there.")];
});

const text = (words: string): ReplyPart => ({ type: "text", text: words });
const call: ReplyPart = { type: "tool-call", call: { id: "call_1", name: "look_up", arguments: '{"id":7}' } };
const down = new ProviderError({ provider: "test", stage: "language-model", kind: "unreachable", message: "no line" });
const lookUp = {
  type: "function",
  function: { name: "look_up", description: "Looks up.", parameters: { type: "object", properties: { id: {} } } },
};
const hello = [{ role: "user", content: "Hi" }];
const complete = (body: object) => client.post("/v1/chat/completions", { messages: hello, ...body });

describe("POST chat/completions", () => {
  test("answers in OpenAI's shape", async () => {
    reply = [text("Hello"), { type: "usage", inputTokens: 12, outputTokens: 3 }];
    const { status, body } = await complete({ model: "gpt-4o" });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      created: expect.any(Number),
      model: "builtin/receptionist",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    });
  });

  test("hands on the whole conversation", async () => {
    await complete({
      messages: [
        { role: "system", content: "Be kind." },
        {
          role: "developer",
          content: [
            { type: "text", text: "Be " },
            { type: "text", text: "brief." },
          ],
        },
        ...hello,
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "look_up", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "found" },
        { role: "system", content: "Say goodbye." },
      ],
      tools: [lookUp],
      temperature: 0.2,
      max_tokens: 50,
    });
    expect(asked).toEqual([
      {
        model: "builtin/receptionist",
        system: "Be kind.\n\nBe brief.",
        messages: [
          { role: "caller", text: "Hi" },
          { role: "agent", text: "", toolCalls: [{ id: "call_1", name: "look_up", arguments: "{}" }] },
          { role: "tool", toolCallId: "call_1", name: "look_up", outcome: "succeeded", result: "found" },
          { role: "instruction", text: "Say goodbye." },
        ],
        tools: [{ ...lookUp.function }],
        temperature: 0.2,
        maxOutputTokens: 50,
      },
    ]);
  });

  test("tells tool calls", async () => {
    reply = [call];
    const { body } = await complete({ tools: [lookUp] });
    expect(body["choices"]).toMatchObject([
      {
        message: {
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "look_up", arguments: '{"id":7}' } }],
        },
        finish_reason: "tool_calls",
      },
    ]);
  });

  test("narrows tools by tool_choice", async () => {
    const other = { type: "function", function: { name: "other" } };
    await complete({ tools: [lookUp, other], tool_choice: { type: "function", function: { name: "other" } } });
    await complete({ tools: [lookUp], tool_choice: "none" });
    await complete({ tools: [lookUp], tool_choice: "required" });
    expect(asked.map(({ tools }) => tools.map(({ name }) => name))).toEqual([["other"], [], ["look_up"]]);
    expect(asked[2]?.messages.at(-1)).toMatchObject({ role: "instruction" });
  });

  test("ends at a stop sequence, even across pieces", async () => {
    reply = [text("One. ST"), text("OP Two"), text(" three")];
    const { body } = await complete({ stop: ["STOP"] });
    expect(body["choices"]).toMatchObject([{ message: { content: "One. " }, finish_reason: "stop" }]);
  });

  test("asks for JSON, and takes the fences off", async () => {
    reply = [text('```json\n{"a":1}\n```')];
    const schema = { type: "object", properties: { a: { type: "number" } } };
    const { body } = await complete({ response_format: { type: "json_schema", json_schema: { name: "a", schema } } });
    expect(asked[0]?.system).toContain(JSON.stringify(schema));
    expect(body["choices"]).toMatchObject([{ message: { content: '{"a":1}' } }]);
  });

  test("tells a model's failure as such", async () => {
    reply = [down];
    const answer = await complete({});
    expect(answer).toMatchObject({ status: 503, body: { error: { type: "model_error", code: "model_failed" } } });
  });

  test.each([
    [{ messages: [] }, "messages"],
    [{ messages: [{ role: "user", content: [{ type: "image_url" }] }] }, "messages.0.content"],
    [{ messages: [{ role: "robot", content: "x" }] }, "messages.0.role"],
    [{ n: 2 }, "n"],
    [{ stop: ["1", "2", "3", "4", "5"] }, "stop"],
    [{ tools: [lookUp], tool_choice: { type: "function", function: { name: "no" } } }, "tool_choice"],
  ])("refuses %j, naming %s", async (body, param) => {
    const answer = await complete(body);
    expect(answer).toMatchObject({ status: 400, body: { error: { type: "invalid_request_error", param } } });
  });
});

describe("a streamed chat completion", () => {
  const stream = (body: object = {}) =>
    client.request("/wordcab/v1/chat/completions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ messages: hello, stream: true, ...body }),
    });
  /** Each event must be one line "data: …" and an empty one. */
  const eventsOf = async (response: Response) => {
    const sent = await response.text();
    expect(sent).toMatch(/^(data: [^\n]+\n\n)+$/);
    return sent
      .split("\n\n")
      .filter((event) => event !== "")
      .map((event) => event.slice("data: ".length));
  };

  test("is framed as OpenAI's clients read it", async () => {
    const response = await stream({ stream_options: { include_usage: true } });
    expect(response.headers.get("Content-Type")).toBe("text/event-stream; charset=utf-8");
    const events = await eventsOf(response);
    expect(events.at(-1)).toBe("[DONE]");
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(chunks.map(({ choices }) => choices[0])).toEqual([
      { index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: "Hello" }, logprobs: null, finish_reason: null },
      { index: 0, delta: { content: " there." }, logprobs: null, finish_reason: null },
      { index: 0, delta: {}, logprobs: null, finish_reason: "stop" },
      undefined,
    ]);
    expect(new Set(chunks.map(({ id, object, model }) => `${id} ${object} ${model}`)).size).toBe(1);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
    });
  });

  test("tells tool calls by their index", async () => {
    reply = [call, { ...call, call: { ...call.call, id: "call_2" } } as ReplyPart];
    const events = (await eventsOf(await stream({ tools: [lookUp] }))).slice(0, -1).map((event) => JSON.parse(event));
    const deltas = events.flatMap(({ choices }) => choices[0].delta.tool_calls ?? []);
    expect(deltas).toMatchObject([
      { index: 0, id: "call_1", type: "function", function: { name: "look_up" } },
      { index: 1, id: "call_2" },
    ]);
    expect(events.at(-1).choices[0].finish_reason).toBe("tool_calls");
  });

  test("that fails at once has a status, later an event of its own", async () => {
    reply = [down];
    expect((await stream()).status).toBe(503);
    reply = [text("Hello"), down];
    const events = await eventsOf(await stream());
    expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ error: { type: "model_error" } });
  });

  test("stops the model when nobody reads on", async () => {
    reply = Array.from({ length: 1000 }, () => text("and "));
    const response = await stream();
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(asked).toHaveLength(1);
    expect(lastSignal?.aborted).toBe(true);
  });
});
