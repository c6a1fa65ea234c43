import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../conversation/message.ts";
import type { LanguageModel, ReplyPart, ReplyRequest, ToolDefinition } from "../../models/language-model.ts";

export type LanguageModelSubject = {
  readonly model: LanguageModel;
  /** A request that this model answers with a call of one of its tools; absent where nothing makes it do so. */
  readonly requestWithToolCall?: ReplyRequest;
  readonly close?: () => Promise<void> | void;
};

/** What the session relies on, whichever model answers. Each test asks the same instance, as the calls of a node do. */
export function describeLanguageModel(
  name: string,
  makeSubject: () => Promise<LanguageModelSubject> | LanguageModelSubject,
): void {
  describe(`${name} as a language model`, () => {
    let subject: LanguageModelSubject;
    beforeAll(async () => {
      subject = await makeSubject();
    });
    afterAll(async () => {
      await subject.close?.();
    });

    describeStreaming(() => subject);
    describeStopping(() => subject);
    describeConversations(() => subject);
    describeToolCalls(() => subject);
  });
}

type Get = () => LanguageModelSubject;

function describeStreaming(get: Get): void {
  it("has a name that tells it from others", () => {
    expect(get().model.name).toMatch(/^[\w.:/-]+$/);
  });

  it("streams the words of a reply and ends", async () => {
    const parts = await readAll(get().model, openingHours());
    expect(spokenText(parts).trim()).not.toBe("");
  });

  it("sends no empty text, and usage once at most, at the end", async () => {
    const parts = await readAll(get().model, openingHours());
    for (const part of parts) if (part.type === "text") expect(part.text).not.toBe("");
    const usageAt = parts.findIndex((part) => part.type === "usage");
    if (usageAt === -1) return;
    expect(usageAt).toBe(parts.length - 1);
    expect(parts.at(-1)).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
  });

  it("leaves the request as it was", async () => {
    const request = openingHours();
    const before = structuredClone(request);
    await readAll(get().model, request);
    expect(request).toEqual(before);
  });

  it("answers several calls at the same time", async () => {
    const replies = await Promise.all([1, 2, 3].map(() => readAll(get().model, openingHours())));
    for (const parts of replies) expect(spokenText(parts).trim()).not.toBe("");
  });
}

function describeStopping(get: Get): void {
  it("says nothing and throws nothing when it was aborted before it began", async () => {
    expect(await readAll(get().model, openingHours(), AbortSignal.abort())).toEqual([]);
  });

  it("ends without an error when it is aborted after its first words", async () => {
    const abort = new AbortController();
    const parts: ReplyPart[] = [];
    for await (const part of get().model.reply(openingHours(), abort.signal)) {
      parts.push(part);
      abort.abort();
    }
    expect(parts.filter((part) => part.type === "text").length).toBeLessThanOrEqual(1);
  });

  it("can be left half way and asked again", async () => {
    for await (const _part of get().model.reply(openingHours(), new AbortController().signal)) break;
    expect(spokenText(await readAll(get().model, openingHours())).trim()).not.toBe("");
  });
}

function describeConversations(get: Get): void {
  it.each(Object.entries(CONVERSATIONS))("takes %s", async (_title, messages) => {
    const request = { ...openingHours(), messages, tools: [BOOK_TABLE] };
    await expect(readAll(get().model, request)).resolves.toBeInstanceOf(Array);
  });

  it("takes an empty prompt", async () => {
    await expect(readAll(get().model, { ...openingHours(), system: "" })).resolves.toBeInstanceOf(Array);
  });
}

function describeToolCalls(get: Get): void {
  it("calls a tool whole, with an id, a declared name and JSON arguments, after what it says", async (context) => {
    const request = get().requestWithToolCall;
    if (request === undefined) return context.skip("nothing makes this model call a tool");
    const parts = await readAll(get().model, request);
    const calls = parts.flatMap((part) => (part.type === "tool-call" ? [part.call] : []));
    expect(calls.length).toBeGreaterThan(0);
    expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length);
    for (const call of calls) {
      expect(call.id).not.toBe("");
      expect(request.tools.map((tool) => tool.name)).toContain(call.name);
      expect(JSON.parse(call.arguments)).toBeTypeOf("object");
    }
    const lastText = parts.findLastIndex((part) => part.type === "text");
    expect(parts.findIndex((part) => part.type === "tool-call")).toBeGreaterThan(lastText);
  });
}

async function readAll(
  model: LanguageModel,
  request: ReplyRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReplyPart[]> {
  const parts: ReplyPart[] = [];
  for await (const part of model.reply(request, signal)) parts.push(part);
  return parts;
}

function spokenText(parts: readonly ReplyPart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
}

function openingHours(): ReplyRequest {
  return {
    system: "You are the receptionist of Bloom Dental. We are open from nine to five.\n\n# Notes\n- Parking is free.",
    messages: [{ role: "caller", text: "When are you open?" }],
    tools: [],
    maxOutputTokens: 24,
  };
}

const BOOK_TABLE: ToolDefinition = {
  name: "book_table",
  description: "Books a table.",
  parameters: { type: "object", properties: { people: { type: "integer" } }, required: ["people"] },
};

const BOOKING: Message = {
  role: "agent",
  text: "One moment.",
  toolCalls: [{ id: "call_1", name: "book_table", arguments: '{"people":4}' }],
};
const BOOKED: Message = {
  role: "tool",
  toolCallId: "call_1",
  name: "book_table",
  outcome: "succeeded",
  result: '{"table":7}',
};

const CONVERSATIONS: Readonly<Record<string, readonly Message[]>> = {
  "a call in which nobody has spoken": [],
  "an order to greet": [{ role: "instruction", text: "Greet the caller." }],
  "a greeting before the caller's first words": [
    { role: "agent", text: "Hello, Bloom Dental." },
    { role: "caller", text: "Hi." },
  ],
  "words that could not be made out": [{ role: "caller", text: "" }],
  "an agent that was interrupted": [
    { role: "caller", text: "Where are you?" },
    { role: "agent", text: "We are on the", wasCutOff: true },
    { role: "caller", text: "No, I mean when are you open?" },
  ],
  "a tool's result": [{ role: "caller", text: "A table for four." }, BOOKING, BOOKED],
  "a tool's failure": [
    { role: "caller", text: "A table for four." },
    BOOKING,
    { role: "tool", toolCallId: "call_1", name: "book_table", outcome: "failed", result: "timed out" },
  ],
  "a result that came after the caller spoke again": [
    { role: "caller", text: "A table for four." },
    BOOKING,
    { role: "caller", text: "Are you there?" },
    BOOKED,
  ],
  "a tool that is still running": [{ role: "caller", text: "A table for four." }, BOOKING],
  "a result whose call is gone": [BOOKED],
  "a call with broken arguments": [
    { role: "caller", text: "A table for four." },
    { role: "agent", text: "", toolCalls: [{ id: "call_1", name: "book_table", arguments: '{"peo' }] },
    { role: "tool", toolCallId: "call_1", name: "book_table", outcome: "failed", result: "arguments are not JSON" },
  ],
};
