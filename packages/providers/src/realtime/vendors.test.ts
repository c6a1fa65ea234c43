import type { Message } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { toItems } from "./client-event.ts";
import { openAiVendor } from "./openai.ts";
import { BadServerEvent, parseServerEvent } from "./server-event.ts";
import type { SessionSettings } from "./vendor.ts";
import { xaiVendor } from "./xai.ts";

const TOOL = { name: "book", description: "Books.", parameters: { type: "object" }, phrases: ["book a table"] };
const settings: SessionSettings = {
  brief: {
    system: "Be brief.",
    tools: [TOOL],
    voiceId: "openai:marin",
    speed: 2,
    temperature: 0.4,
    maxOutputTokens: 9000,
  },
  voice: "marin",
  language: "de-DE",
  keyterms: ["Nguyen", "Bloom"],
  turnDetection: { threshold: 0.95, silenceMs: 200, prefixPaddingMs: 100, idleTimeoutMs: 8000 },
};

describe("the settings of a session", () => {
  it("are OpenAI's, within its limits", () => {
    expect(openAiVendor().toSession(settings)).toEqual({
      type: "realtime",
      output_modalities: ["audio"],
      instructions: "Be brief.",
      tools: [{ type: "function", name: "book", description: "Books.", parameters: { type: "object" } }],
      tool_choice: "auto",
      max_output_tokens: 4096,
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24_000 },
          transcription: {
            model: "gpt-4o-mini-transcribe",
            language: "de",
            prompt: "Expect these words: Nguyen, Bloom.",
          },
          turn_detection: {
            type: "server_vad",
            create_response: true,
            interrupt_response: false,
            threshold: 0.95,
            silence_duration_ms: 200,
            prefix_padding_ms: 100,
            idle_timeout_ms: 8000,
          },
        },
        output: { format: { type: "audio/pcm", rate: 24_000 }, voice: "marin", speed: 1.5 },
      },
    });
  });

  it("are xAI's, within its limits", () => {
    expect(xaiVendor.toSession({ ...settings, voice: "Ara" })).toEqual({
      instructions: "Be brief.",
      tools: [{ type: "function", name: "book", description: "Books.", parameters: { type: "object" } }],
      voice: "ara",
      turn_detection: {
        type: "server_vad",
        create_response: true,
        interrupt_response: false,
        threshold: 0.9,
        silence_duration_ms: 200,
        prefix_padding_ms: 100,
        idle_timeout_ms: 8000,
      },
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 16_000 },
          transcription: { language_hint: "de-DE", keyterms: ["Nguyen", "Bloom"] },
        },
        output: { format: { type: "audio/pcm", rate: 16_000 }, speed: 1.5 },
      },
    });
  });

  it("leave to the vendor what is not set", () => {
    const plain: SessionSettings = {
      brief: { system: "", tools: [], voiceId: "" },
      voice: undefined,
      language: "multi",
      keyterms: [],
      turnDetection: undefined,
    };
    expect(openAiVendor().toSession(plain)).toMatchObject({
      max_output_tokens: "inf",
      audio: {
        input: {
          transcription: { model: "gpt-4o-mini-transcribe" },
          turn_detection: { type: "server_vad", create_response: true, interrupt_response: false },
        },
        output: { format: { type: "audio/pcm", rate: 24_000 } },
      },
    });
    expect(Object.keys(xaiVendor.toSession(plain))).not.toContain("voice");
  });

  it("name a voice of one's own by its id", () => {
    const session = openAiVendor().toSession({ ...settings, voice: "voice_123" });
    expect(session).toMatchObject({ audio: { output: { voice: { id: "voice_123" } } } });
  });
});

describe("a message as an item", () => {
  const toJson = (message: Message, known: readonly string[] = []) =>
    toItems([message], new Set(known)).map(({ item }) => item);

  it.each<[string, Message, unknown[]]>([
    ["nothing", { role: "caller", text: "" }, []],
    [
      "words",
      { role: "caller", text: "Hi." },
      [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hi." }] }],
    ],
    [
      "words that were cut off",
      { role: "agent", text: "We are op", wasCutOff: true },
      [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "We are op —" }] }],
    ],
    [
      "a note",
      { role: "instruction", text: "Digit 5." },
      [{ type: "message", role: "system", content: [{ type: "input_text", text: "Digit 5." }] }],
    ],
  ])("%s", (_title, message, items) => {
    expect(toJson(message)).toEqual(items);
  });

  it("a call is told once, and its result answers it", () => {
    const known = new Set<string>();
    const call = { id: "call_1", name: "book", arguments: "" };
    const message: Message = { role: "agent", text: "", toolCalls: [call] };
    expect(toItems([message, message], known).map(({ item }) => item)).toEqual([
      { type: "function_call", call_id: "call_1", name: "book", arguments: "{}" },
    ]);
    const result = { role: "tool", toolCallId: "call_1", name: "book", outcome: "succeeded", result: "7" } as const;
    expect(toJson(result, ["call_1"])).toEqual([{ type: "function_call_output", call_id: "call_1", output: "7" }]);
  });
});

describe("an event of a server", () => {
  const parse = (event: object) => parseServerEvent(JSON.stringify(event));

  it("is read whatever its name was in the beta", () => {
    const audio = { response_id: "r", item_id: "i", delta: "AQI=" };
    const read = parse({ type: "response.output_audio.delta", ...audio });
    expect(read).toEqual({ type: "audio", responseId: "r", itemId: "i", bytes: Buffer.from([1, 2]) });
    expect(parse({ type: "response.audio.delta", ...audio })).toEqual(read);
    const text = { response_id: "r", item_id: "i", delta: "Hi" };
    for (const type of [
      "response.output_audio_transcript.delta",
      "response.audio_transcript.delta",
      "response.text.delta",
    ])
      expect(parse({ type, ...text })).toEqual({ type: "text", responseId: "r", itemId: "i", text: "Hi" });
  });

  it("tells a transcript from what leads to it", () => {
    const type = "conversation.item.input_audio_transcription.completed";
    expect(parse({ type, item_id: "i", transcript: "He", status: "in_progress" })).toEqual({ type: "other" });
    expect(parse({ type, item_id: "i", transcript: " Hello.\n", status: "completed" })).toEqual({
      type: "transcribed",
      itemId: "i",
      text: "Hello.",
    });
  });

  it("of a kind that is new is nothing to us", () => {
    expect(parse({ type: "response.sparkles" })).toEqual({ type: "other" });
    expect(parse({ type: "ping", timestamp: 1 })).toEqual({ type: "other" });
  });

  it.each([
    "",
    "null",
    "[]",
    '"hello"',
    "{",
    "{}",
    '{"type":5}',
    '{"type":"response.created"}',
    '{"type":"response.done","response":[]}',
  ])("is refused where it is none: %s", (text) => {
    expect(() => parseServerEvent(text)).toThrow(BadServerEvent);
  });

  it.each([
    { type: "error" },
    { type: "error", error: "broken" },
    { type: "response.done", response: { id: "r", output: [null, 5, { type: "message" }], status: 7 } },
    { type: "response.output_item.added", item: null },
    { type: "input_audio_buffer.speech_started", audio_start_ms: "soon" },
  ])("is taken as far as it goes: %j", (event) => {
    expect(parse(event).type).not.toBe("other");
  });
});
