import { encodeWav } from "@earshot/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { wordcabClient } from "./testing/wordcab-client.ts";

const FIELDS = [
  ...["name", "system_prompt", "voice_id", "tools", "tool_url", "metadata", "phone_numbers", "interruption_threshold"],
  ...["url", "events", "scopes", "expires_at", "cases", "variants", "control_agent_id", "stop_rule", "input", "voice"],
  ...[
    "messages",
    "response_format",
    "stream",
    "agent_id",
    "phone_number",
    "context",
    "audio_url",
    "redact",
    "language",
  ],
];
const WRITES: readonly (readonly [method: string, path: string])[] = [
  ["POST", "/agents"],
  ["PATCH", "/agents/:agent"],
  ["POST", "/agents/:agent/calls"],
  ["POST", "/calls"],
  ["POST", "/calls/:agent/end"],
  ["POST", "/webhooks"],
  ["POST", "/api-keys"],
  ["POST", "/test-suites"],
  ["POST", "/test-suites/:agent/runs"],
  ["POST", "/experiments"],
  ["POST", "/experiments/:agent/stop"],
  ["POST", "/transcripts"],
  ["POST", "/chat/completions"],
  ["POST", "/embeddings"],
  ["POST", "/audio/speech"],
  ["POST", "/audio/transcriptions"],
  ["GET", "/agents"],
  ["GET", "/usage"],
];

/** What may stand in a body: JSON, with names that mean something and values that nearly fit. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("ember", "+12125550100", "https://example.com/x", "\u0000", "\ud800", -1, 1e308),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.dictionary(fc.constantFrom("type", "role", "content", "function", "id"), fc.jsonValue())),
  },
);
const body = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.dictionary(fc.constantFrom(...FIELDS, "__proto__", "constructor"), value, { maxKeys: 12 }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
/** Answers that tell of a server's limits, not of its failure. */
const HONEST = [501, 503];

describeOnEachDatabase("random requests to Wordcab's API", (database) => {
  test("never break it, and change nothing where they fail", async () => {
    const client = wordcabClient(database(), {
      speech: {
        say: async () => encodeWav({ samples: new Int16Array(160), sampleRateHz: 16_000 }),
        transcribe: async () => ({ text: "", durationMs: 0, modelMs: 0, model: "test" }),
      },
    });
    const { body: made } = await client.post("/v1/agents", { name: "Ada", system_prompt: "x", voice_id: "ember" });
    const agentPath = `/v1/agents/${String(made["id"])}`;
    let before = (await client.get(agentPath)).body;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WRITES), body, async ([method, path], document) => {
        const response = await client.request(`/wordcab/v1${path.replace(":agent", String(made["id"]))}`, {
          method,
          headers: { "Content-Type": "application/json" },
          ...(method === "GET" ? {} : { body: JSON.stringify(document) }),
        });
        const answer = await response.text();
        if (response.status >= 500) expect(HONEST, answer).toContain(response.status);
        const after = (await client.get(agentPath)).body;
        if (response.status >= 400) {
          expect(JSON.parse(answer)).toMatchObject({ error: { type: expect.any(String), code: expect.any(String) } });
          expect(after).toEqual(before);
        }
        before = after;
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});
