import { ProviderError, type ReplyPart, type ReplyRequest } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describeLanguageModel } from "@earshot/engine/testing/contracts/language-model-contract";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type OpenAiCompatibleOptions, openAiCompatibleModel } from "./openai-compatible-model.ts";
import { type Answer, readFixture, VendorServer } from "./testing/vendor-server.ts";

const server = new VendorServer();
beforeAll(() => server.listen());
afterAll(() => server.close());
beforeEach(() => void server.requests.splice(0));

const request: ReplyRequest = {
  system: "You are the receptionist of Bloom Dental.",
  messages: [{ role: "caller", text: "When are you open?" }],
  tools: [
    {
      name: "book_table",
      description: "Books a table.",
      parameters: { type: "object", properties: { name: { type: "string" } } },
      phrases: ["book a table"],
    },
  ],
  temperature: 0.3,
  maxOutputTokens: 200,
};

function model(options: Partial<OpenAiCompatibleOptions> = {}) {
  return openAiCompatibleModel({
    baseUrl: server.baseUrl,
    apiKey: "sk-test",
    model: "gpt-6-luna",
    name: "openai/gpt-6-luna",
    clock: new FakeClock(),
    ...options,
  });
}

function stream(fixture: string, rest: Partial<Answer & { kind: "stream" }> = {}): Answer {
  return { kind: "stream", body: readFixture(fixture), ...rest };
}

async function readAll(options: Partial<OpenAiCompatibleOptions> = {}): Promise<ReplyPart[]> {
  const parts: ReplyPart[] = [];
  for await (const part of model(options).reply(request, new AbortController().signal)) parts.push(part);
  return parts;
}

async function failure(options: Partial<OpenAiCompatibleOptions> = {}): Promise<ProviderError> {
  const error: unknown = await readAll(options).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`expected a ProviderError, got ${String(error)}`);
  return error;
}

const textOf = (parts: readonly ReplyPart[]) => parts.map((part) => (part.type === "text" ? part.text : "")).join("");

describeLanguageModel("An OpenAI-compatible model", async () => {
  const own = new VendorServer();
  await own.listen();
  own.answerWith(stream("openai-text.sse"));
  const toolServer = new VendorServer();
  await toolServer.listen();
  toolServer.answerWith(stream("openai-tool-call.sse"));
  const text = openAiCompatibleModel({ baseUrl: own.baseUrl, model: "m", clock: new FakeClock() });
  const tools = openAiCompatibleModel({ baseUrl: toolServer.baseUrl, model: "m", clock: new FakeClock() });
  const asksForTool: ReplyRequest = { ...request, messages: [{ role: "caller", text: "Book a table." }] };
  return {
    model: {
      name: text.name,
      reply: (asked, signal) => (asked === asksForTool ? tools : text).reply(asked, signal),
    },
    requestWithToolCall: asksForTool,
    close: async () => {
      await own.close();
      await toolServer.close();
    },
  };
});

describe("the request", () => {
  it("sends the prompt, the words, the tools, the settings and the key, and asks for a stream with usage", async () => {
    server.answerWith(stream("openai-text.sse"));
    await readAll();
    const [seen] = server.requests;
    expect(seen?.path).toBe("/v1/chat/completions");
    expect(seen?.headers["authorization"]).toBe("Bearer sk-test");
    expect(seen?.body).toEqual({
      model: "gpt-6-luna",
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.3,
      max_tokens: 200,
      tool_choice: "auto",
      messages: [
        { role: "system", content: "You are the receptionist of Bloom Dental." },
        { role: "user", content: "When are you open?" },
      ],
      tools: [
        {
          type: "function",
          function: {
            name: "book_table",
            description: "Books a table.",
            parameters: { type: "object", properties: { name: { type: "string" } } },
          },
        },
      ],
    });
  });

  it("shapes the settings for models that want other fields", async () => {
    server.answerWith(stream("openai-text.sse"));
    await readAll({ tokenLimitField: "max_completion_tokens", acceptsTemperature: false, reasoningEffort: "none" });
    const body = server.requests[0]?.body;
    expect(body).toMatchObject({ max_completion_tokens: 200, reasoning_effort: "none" });
    expect(body).not.toHaveProperty("max_tokens");
    expect(body).not.toHaveProperty("temperature");
  });

  it("is sent once, whatever the answer", async () => {
    server.answerWith({ kind: "json", status: 500, body: readFixture("openai-error-500.json") });
    await failure();
    expect(server.requests).toHaveLength(1);
  });
});

describe("the answer", () => {
  it("arrives word by word, with the usage at the end", async () => {
    server.answerWith(stream("openai-text.sse"));
    const parts = await readAll();
    expect(textOf(parts)).toBe("We open at nine. Can I help with anything else?");
    expect(parts[0]).toEqual({ type: "text", text: "We" });
    expect(parts.at(-1)).toEqual({ type: "usage", inputTokens: 31, outputTokens: 9 });
  });

  it("is the same when the network cuts it anywhere", async () => {
    const body = readFixture("openai-text.sse").replace("We", "Café ☎");
    server.answerWith({ kind: "stream", body, piecesOfBytes: 7 });
    expect(textOf(await readAll())).toBe("Café ☎ open at nine. Can I help with anything else?");
  });

  it("holds a tool call until its arguments are whole", async () => {
    server.answerWith(stream("openai-tool-call.sse", { piecesOfBytes: 50 }));
    const parts = await readAll();
    expect(textOf(parts)).toBe("Let me look.");
    expect(parts.at(-2)).toEqual({
      type: "tool-call",
      call: { id: "call_9fX2", name: "book_table", arguments: '{"name":"Jane","people":4}' },
    });
  });

  it("keeps two calls apart, also of a tool that was not offered", async () => {
    server.answerWith(stream("openai-two-tool-calls.sse"));
    const calls = (await readAll()).flatMap((part) => (part.type === "tool-call" ? [part.call] : []));
    expect(calls).toEqual([
      { id: "call_a1", name: "find_slot", arguments: '{"day":"Tuesday"}' },
      { id: "call_b2", name: "end_call", arguments: "{}" },
    ]);
  });

  it("passes broken arguments on as the model wrote them", async () => {
    server.answerWith(stream("openai-broken-arguments.sse"));
    const call = (await readAll()).find((part) => part.type === "tool-call");
    expect(call).toMatchObject({ call: { arguments: '{"name": "Jane", "people"' } });
  });

  it.each(["openai-think.sse", "openai-reasoning-field.sse"])("does not speak the thoughts of %s", async (fixture) => {
    server.answerWith(stream(fixture));
    expect(textOf(await readAll()).trim()).toMatch(/^Nine to five\.$/);
  });
});

describe("failures", () => {
  it.each([
    [401, "openai-error-401.json", "unauthorized", false],
    [429, "openai-error-429.json", "rate-limited", true],
    [500, "openai-error-500.json", "internal", true],
  ] as const)("calls HTTP %i (%s) %s", async (status, fixture, kind, isRetryable) => {
    server.answerWith({ kind: "json", status, body: readFixture(fixture) });
    const error = await failure();
    expect(error).toMatchObject({ provider: "openai/gpt-6-luna", stage: "language-model", kind, isRetryable });
    expect(error.message).toContain(`HTTP ${status}`);
    expect(error.cause).toBeDefined();
  });

  it.each([
    [400, "bad-request"],
    [403, "unauthorized"],
    [404, "bad-request"],
    [503, "overloaded"],
  ] as const)("calls HTTP %i without a body %s", async (status, kind) => {
    server.answerWith({ kind: "json", status, body: "" });
    expect((await failure()).kind).toBe(kind);
  });

  it("calls a server that isn't there unreachable", async () => {
    const gone = new VendorServer();
    await gone.listen();
    const { baseUrl } = gone;
    await gone.close();
    expect((await failure({ baseUrl })).kind).toBe("unreachable");
  });

  it("calls a socket that dies in the middle of a word unreachable, after the words that came", async () => {
    const body = readFixture("openai-text.sse").slice(0, 700);
    server.answerWith({ kind: "stream", body, after: "die" });
    const parts: ReplyPart[] = [];
    const reading = (async () => {
      for await (const part of model().reply(request, new AbortController().signal)) parts.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ kind: "unreachable", isRetryable: true });
    expect(textOf(parts)).toContain("We");
  });

  it("reports an error inside the stream", async () => {
    server.answerWith(stream("openai-error-in-stream.sse"));
    expect(await failure()).toMatchObject({ kind: "internal", isRetryable: true });
  });

  it("calls garbage a bad response", async () => {
    server.answerWith(stream("openai-garbage.sse"));
    expect((await failure()).kind).toBe("bad-response");
  });

  it("calls a web page instead of a stream a bad response", async () => {
    server.answerWith({ kind: "json", status: 200, body: "<html>It works!</html>" });
    expect((await failure()).kind).toBe("bad-response");
  });

  it("calls an answer without words a bad response when the model used up its tokens", async () => {
    server.answerWith(stream("openai-empty.sse"));
    expect(await failure()).toMatchObject({ kind: "bad-response", message: expect.stringContaining("length") });
  });
});

describe("waiting", () => {
  it("gives up on a server that never answers, and hangs up on it", async () => {
    server.answerWith({ kind: "silence" });
    const clock = new FakeClock();
    const failed = failure({ clock, firstTokenTimeoutMs: 8000 });
    await seenBy(server);
    const hungUp = server.clientWentAway();
    await clock.advance(7999);
    await clock.advance(1);
    expect(await failed).toMatchObject({ kind: "timeout", message: expect.stringContaining("no first token") });
    await hungUp;
  });

  it("gives up on a stream that stalls, after the words that came", async () => {
    const body = readFixture("openai-text.sse").split("\n\n").slice(0, 4).join("\n\n").concat("\n\n");
    server.answerWith({ kind: "stream", body, after: "stall" });
    const clock = new FakeClock();
    const parts: ReplyPart[] = [];
    const iterator = model({ clock, stallTimeoutMs: 3000 }).reply(request, new AbortController().signal);
    const reading = (async () => {
      for await (const part of iterator) {
        parts.push(part);
        if (parts.length === 3) setImmediate(() => void clock.advance(3000));
      }
    })();
    await expect(reading).rejects.toMatchObject({ kind: "timeout", message: expect.stringContaining("stalled") });
    expect(textOf(parts)).toBe("We open at");
  });

  it("does not count the time that the listener takes", async () => {
    server.answerWith(stream("openai-text.sse"));
    const clock = new FakeClock();
    const parts: ReplyPart[] = [];
    for await (const part of model({ clock }).reply(request, new AbortController().signal)) {
      parts.push(part);
      await clock.advance(60_000);
    }
    expect(parts.at(-1)?.type).toBe("usage");
  });

  it("hangs up on the server when the reply is aborted", async () => {
    server.answerWith({ kind: "silence" });
    const abort = new AbortController();
    const reading = (async () => {
      const parts: ReplyPart[] = [];
      for await (const part of model().reply(request, abort.signal)) parts.push(part);
      return parts;
    })();
    await seenBy(server);
    const hungUp = server.clientWentAway();
    abort.abort();
    expect(await reading).toEqual([]);
    await hungUp;
  });
});

describe("leaving", () => {
  it("hangs up on the server when the reader stops half way", async () => {
    const body = readFixture("openai-text.sse").split("\n\n").slice(0, 4).join("\n\n").concat("\n\n");
    server.answerWith({ kind: "stream", body, after: "stall" });
    const hungUp = server.clientWentAway();
    for await (const _part of model().reply(request, new AbortController().signal)) break;
    await hungUp;
  });
});

async function seenBy(vendor: VendorServer): Promise<void> {
  while (vendor.requests.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
}
