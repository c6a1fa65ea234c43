import { decodeMuLaw, encodeWav, parseWav } from "@earshot/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../../app-error.ts";
import type { SayRequest } from "../../../speech/speech.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../../storage/testing/each-database.ts";
import { type WordcabClient, wordcabClient } from "../testing/wordcab-client.ts";

let opened: EmbeddedTestDatabase;
let client: WordcabClient;
const said: SayRequest[] = [];

beforeAll(async () => {
  opened = await openEmbeddedForTest();
  client = wordcabClient(opened.database, {
    speech: {
      async say(request) {
        if (request.voiceId === "nobody") throw new AppError("unknown_voice", 'there is no voice "nobody"');
        said.push(request);
        return encodeWav({ samples: new Int16Array(1600 * request.text.length).fill(1000), sampleRateHz: 16_000 });
      },
      transcribe: async (wav) => ({
        text: "Hello there.",
        durationMs: parseWav(wav).durationMs,
        modelMs: 1,
        model: "test",
      }),
    },
    embedder: {
      name: "test/embedder",
      dimensions: 2,
      embed: async (texts) => texts.map((text) => Float32Array.of(text.length, 1)),
    },
  });
}, 60_000);
afterAll(() => opened.dispose());

async function speak(body: object, headers: Record<string, string> = {}) {
  said.length = 0;
  const response = await client.request("/wordcab/v1/audio/speech", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ input: "Hi", voice: "ember", ...body }),
  });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

describe("POST audio/speech", () => {
  test("answers WAV when no format is named", async () => {
    const { response, bytes } = await speak({ speed: 1.5 });
    expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "audio/wav"]);
    expect(parseWav(bytes)).toMatchObject({ sampleRateHz: 16_000, durationMs: 200 });
    expect(new DataView(bytes.buffer).getUint32(40, true)).toBe(bytes.length - 44);
    expect(said).toEqual([{ text: "Hi", voiceId: "flite:slt", speed: 1.5 }]);
  });

  test.each([8000, 16_000, 24_000, 48_000])("makes bare samples at %i Hz", async (rate) => {
    const { response, bytes } = await speak({ response_format: "pcm16", sample_rate: rate });
    expect(response.headers.get("Content-Type")).toBe(`audio/pcm;rate=${rate};channels=1`);
    expect(bytes.length).toBe((rate / 5) * 2);
    expect(new Int16Array(bytes.buffer)[rate / 10]).toBeCloseTo(1000, -1);
  });

  test("makes mu-law at 8 kHz", async () => {
    const { response, bytes } = await speak({ response_format: "ulaw" });
    expect(response.headers.get("Content-Type")).toBe("audio/basic");
    expect(bytes.length).toBe(1600);
    expect(decodeMuLaw(bytes)[800]).toBeCloseTo(1000, -2);
  });

  test("makes Ogg Opus", async () => {
    const { response, bytes } = await speak({ response_format: "opus" });
    expect(response.headers.get("Content-Type")).toBe("audio/ogg; codecs=opus");
    expect(new TextDecoder("latin1").decode(bytes.slice(0, 4))).toBe("OggS");
  });

  test("says SSML without its marks", async () => {
    await speak({ input: "<speak>Hello <break/>you</speak>" });
    expect(said[0]?.text).toBe("Hello. you.");
  });

  test("streams sentence by sentence", async () => {
    const { bytes } = await speak({ input: "One. Two three.", stream: true });
    expect(said.map(({ text }) => text)).toEqual(["One.", "Two three."]);
    expect(parseWav(bytes).durationMs).toBe(1400);
  });

  test.each([
    [{ response_format: "mp3" }, 422, "response_format", "unsupported_format"],
    [{ response_format: "pcm16" }, 400, "sample_rate", "invalid_value"],
    [{ response_format: "pcm16", sample_rate: 44_100 }, 400, "sample_rate", "invalid_value"],
    [{ input: "x".repeat(4097) }, 400, "input", "invalid_value"],
    [{ speed: 3 }, 400, "speed", "invalid_value"],
    [{ voice: "nobody" }, 422, null, "unknown_voice"],
    [{ voice: undefined }, 400, "voice", "missing_required_field"],
  ])("refuses %j with %i", async (body, status, param, code) => {
    const { response, bytes } = await speak(body);
    expect(response.status).toBe(status);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
      error: { type: "invalid_request_error", param, code },
    });
  });

  test("is not replayed as text: the same key makes the sound again", async () => {
    const key = { "Idempotency-Key": "speech-1" };
    const first = await speak({}, key);
    const second = await speak({}, key);
    expect(second.response.status).toBe(200);
    expect(Buffer.from(second.bytes).equals(Buffer.from(first.bytes))).toBe(true);
  });
});

describe("POST audio/transcriptions", () => {
  const wav = encodeWav({ samples: new Int16Array(16_000 * 61), sampleRateHz: 16_000 });
  const transcribe = (fields: Record<string, string>, headers: Record<string, string> = {}, name = "file") => {
    const form = new FormData();
    form.set(name, new File([wav], "speech.wav", { type: "audio/wav" }));
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    return client.request("/wordcab/v1/audio/transcriptions", { method: "POST", headers, body: form });
  };

  test("answers as OpenAI does, in each format", async () => {
    expect(await (await transcribe({ model: "whisper-1" })).json()).toEqual({ text: "Hello there." });
    expect(await (await transcribe({ response_format: "text" })).text()).toBe("Hello there.\n");
    expect(await (await transcribe({ response_format: "verbose_json" })).json()).toMatchObject({
      duration: 61,
      segments: [{ start: 0, end: 61, text: "Hello there." }],
    });
    expect(await (await transcribe({ response_format: "srt" })).text()).toContain("00:00:00,000 --> 00:01:01,000");
    expect(await (await transcribe({ response_format: "vtt" })).text()).toMatch(/^WEBVTT\n\n/);
  });

  test("wants a file, in a form", async () => {
    expect(await (await transcribe({}, {}, "sound")).json()).toMatchObject({
      error: { param: "file", code: "missing_required_field" },
    });
    const answer = await client.post("/v1/audio/transcriptions", { file: "x" });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: "unsupported_media_type" } } });
  });
});

describe("the rest of the plane", () => {
  test("lists Wordcab's voices and ours", async () => {
    const { body } = await client.get("/v1/voices");
    const ids = (body["data"] as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(["ember", "slate", "marin", "onyx", "brook", "ash", "flite:slt"]);
  });

  test("lists models as OpenAI does", async () => {
    const { body } = await client.get("/api/v1/models");
    expect(body).toMatchObject({
      object: "list",
      data: [{ id: "builtin/receptionist", object: "model", created: expect.any(Number), owned_by: "builtin" }],
    });
  });

  test("embeds texts, as numbers or as bytes", async () => {
    const floats = await client.post("/v1/embeddings", { model: "any", input: ["one", "three"] });
    expect(floats.body).toMatchObject({
      object: "list",
      model: "test/embedder",
      data: [
        { object: "embedding", index: 0, embedding: [3, 1] },
        { object: "embedding", index: 1, embedding: [5, 1] },
      ],
    });
    const bytes = await client.post("/v1/embeddings", { input: "one", encoding_format: "base64" });
    const [{ embedding }] = bytes.body["data"] as [{ embedding: string }];
    const raw = Uint8Array.from(Buffer.from(embedding, "base64"));
    expect([...new Float32Array(raw.buffer)]).toEqual([3, 1]);
    const cut = await client.post("/v1/embeddings", { input: "one", dimensions: 1 });
    expect(cut).toMatchObject({ status: 400, body: { error: { param: "dimensions" } } });
  });

  test("has no embeddings where there is no embedder", async () => {
    const answer = await wordcabClient(opened.database).post("/v1/embeddings", { input: "one" });
    expect(answer).toMatchObject({ status: 501, body: { error: { type: "api_error", code: "not_implemented" } } });
  });
});
