import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeWav } from "@earshot/engine";
import { describe, expect, onTestFinished, test } from "vitest";
import { newAgentShape } from "../../agents/agent.ts";
import type { Call } from "../../calls/call.ts";
import { newId } from "../../new-id.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import { wordcabClient } from "./testing/wordcab-client.ts";
import { wordcabToolPayload } from "./tool-call.ts";

const wav = encodeWav({ samples: new Int16Array(1600), sampleRateHz: 16_000 });

describeOnEachDatabase("Wordcab's other resources", (database) => {
  const client = (overrides: Parameters<typeof wordcabClient>[1] = {}) => wordcabClient(database(), overrides);
  const newAgent = async () => {
    const { body } = await client().post("/v1/agents", { name: "Ada", system_prompt: "Be kind.", voice_id: "ember" });
    return String(body["id"]);
  };

  describe("keys", () => {
    test("begin as those of self-hosted servers do, and are limited to their scopes", async () => {
      const made = await client().post("/v1/api-keys", {
        name: "Reader",
        scopes: ["agents:read", "calls:read"],
        expires_at: 4_102_444_800,
      });
      expect(made).toMatchObject({
        status: 201,
        body: { name: "Reader", expires_at: 4_102_444_800, secret: expect.stringMatching(/^wc_sh_/) },
      });
      const { secret, ...shown } = made.body;
      expect(String(secret)).toContain(String(shown["prefix"]));
      expect((await client().get("/v1/api-keys")).body["data"]).toContainEqual(shown);
      const as = { Authorization: `Bearer ${String(secret)}` };
      const read = await client().request("/wordcab/v1/agents", { headers: as });
      expect(read.status).toBe(200);
      const body = { name: "x", system_prompt: "x", voice_id: "x" };
      expect(await client().post("/v1/agents", body, as)).toMatchObject({
        status: 403,
        body: { error: { type: "permission_error", code: "insufficient_scope" } },
      });
      expect(await client().post("/v1/chat/completions", {}, as)).toMatchObject({ status: 403 });
      expect((await client().delete(`/v1/api-keys/${shown["id"]}`)).status).toBe(204);
    });

    test("can't be made with a date that has passed, or scopes that don't exist", async () => {
      const past = await client().post("/v1/api-keys", { name: "Old", expires_at: 1 });
      expect(past).toMatchObject({ status: 400, body: { error: { param: "expires_at" } } });
      const strange = await client().post("/v1/api-keys", { name: "Odd", scopes: ["moon:write"] });
      expect(strange).toMatchObject({ status: 400, body: { error: { param: "scopes.0" } } });
    });

    test("that are wrong or missing are told so", async () => {
      for (const headers of [{ Authorization: "Bearer wc_live_wrong" }, { Authorization: "" }]) {
        const response = await client().request("/wordcab/v1/agents", { headers });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({
          error: { type: "authentication_error", code: "invalid_api_key", request_id: expect.stringMatching(/^req_/) },
        });
      }
    });
  });

  describe("every answer", () => {
    test("to a repeated write is the first one", async () => {
      const body = { name: "Once", system_prompt: "x", voice_id: "ember" };
      const key = { "Idempotency-Key": newId("key", 1) };
      const first = await client().post("/v1/agents", body, key);
      const second = await client().post("/v1/agents", body, key);
      expect(second.body).toEqual(first.body);
      expect(second.headers.get("X-Request-Id")).toMatch(/^req_/);
      const other = await client().post("/v1/agents", { ...body, name: "Twice" }, key);
      expect(other).toMatchObject({ status: 409, body: { error: { type: "conflict_error" } } });
    });

    test("counts down what a key may ask for in a minute, and says when to come again", async () => {
      const limited = client({ rateLimit: 2, clock: new FakeWallClock() });
      const first = await limited.get("/v1/models");
      expect(first.headers.get("X-RateLimit-Limit")).toBe("2");
      expect(first.headers.get("X-RateLimit-Remaining")).toBe("1");
      await limited.get("/v1/models");
      const third = await limited.get("/v1/models");
      expect(third).toMatchObject({
        status: 429,
        body: { error: { type: "rate_limit_error", code: "requests_per_minute_exceeded", retry_after: 60 } },
      });
      expect(third.headers.get("Retry-After")).toBe("60");
    });

    test.each([
      ["{", "application/json", 400, "malformed_json"],
      ["{}", "text/plain", 415, "unsupported_media_type"],
      [`{"name":"${"x".repeat(4_100_000)}"}`, "application/json", 413, "payload_too_large"],
      [`${"[".repeat(100)}${"]".repeat(100)}`, "application/json", 400, "invalid_value"],
    ])("to what can't be read is Wordcab's", async (body, type, status, code) => {
      const response = await client().request("/wordcab/v1/agents", {
        method: "POST",
        headers: { "Content-Type": type },
        body,
      });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", code } });
    });

    test.each(["a\0b", "\u{1f600}", "x".repeat(3000), "..", "agent_", "%ff"])(
      "to the id %j is that it isn't there",
      async (id) => {
        for (const noun of ["agents", "calls", "transcripts", "test-suites", "experiments"]) {
          const answer = await client().get(`/v1/${noun}/${encodeURIComponent(id).replaceAll(".", "%2E")}`);
          expect([noun, answer.status]).toEqual([noun, 404]);
        }
        const encoded = encodeURIComponent(id);
        expect((await client().get(`/v1/calls?agent_id=${encoded}`)).status).toBeLessThan(500);
        expect((await client().delete(`/v1/webhooks/${encoded}`)).status).toBeLessThan(500);
        expect((await client().delete(`/v1/api-keys/${encoded}`)).status).toBeLessThan(500);
      },
    );

    test("to an order without a body needs no Content-Type, as clients send it", async () => {
      const body = new ReadableStream({ start: (controller) => controller.close() });
      const bare = { method: "POST", body, duplex: "half" } as RequestInit;
      expect((await client().request("/wordcab/v1/calls/call_0/end", bare)).status).toBe(404);
    });

    test("to a path that isn't there is Wordcab's", async () => {
      expect(await client().get("/v1/nothing")).toMatchObject({
        status: 404,
        body: { error: { type: "not_found_error" } },
      });
    });
  });

  describe("usage", () => {
    test("counts calls, and has no price", async () => {
      const { deps } = client();
      const at = "2020-02-03T04:05:06.000Z";
      const call = {
        agentName: "Ada",
        pace: "real",
        status: "created",
        variables: {},
        metadata: {},
        sent: {},
      } as const;
      const id = newId("call", deps.clock.now().getTime());
      const stored = { ...call, id, workspaceId: DEFAULT_WORKSPACE_ID, direction: "web", createdAt: at, updatedAt: at };
      await deps.calls.insert({ ...stored, direction: "web" }, { tokenHash: id, nodeId: "node_test" });
      await deps.calls.markEnded(id, { reason: "caller-hung-up", endedAt: at, durationMs: 90_000 });
      const row = { resource: "calls", count: 1, seconds: 90, cost_usd: null };
      const range = "start=2020-02-01&end=2020-02-03";
      expect((await client().get(`/v1/usage?${range}`)).body).toEqual({
        start: "2020-02-01",
        end: "2020-02-03",
        data: [row],
        total_cost_usd: null,
      });
      expect((await client().get(`/v1/usage?${range}&group_by=day`)).body["data"]).toEqual([
        { day: "2020-02-03", ...row },
      ]);
      expect((await client().get("/v1/usage?start=2020-02-01&end=2020-02-02")).body["data"]).toMatchObject([
        { count: 0 },
      ]);
      expect((await client().get(`/v1/usage?${range}&group_by=model`)).body["data"]).toMatchObject([{ model: null }]);
      expect((await client().get("/v1/usage")).status).toBe(200);
    });

    test.each([
      ["start=2020-02-04&end=2020-02-03", "start"],
      ["start=1990-01-01", "start"],
      ["start=today", "start"],
      ["group_by=moon", "group_by"],
    ])("refuses %s, naming %s", async (query, param) => {
      expect(await client().get(`/v1/usage?${query}`)).toMatchObject({ status: 400, body: { error: { param } } });
    });
  });

  describe("transcripts", () => {
    const upload = (fields: Record<string, string>, headers: Record<string, string> = {}) => {
      const form = new FormData();
      form.set("audio_file", new File([wav], "a.wav", { type: "audio/wav" }));
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return client().request("/wordcab/v1/transcripts", { method: "POST", headers, body: form });
    };

    test("are made of a file, with a note of what has no effect", async () => {
      const response = await upload({ model: "qwen3-asr", diarize: "true", redact: "pii,phi", language: "en" });
      const made = (await response.json()) as Record<string, unknown>;
      expect([response.status, made]).toEqual([
        201,
        expect.objectContaining({
          id: expect.stringMatching(/^tr_/),
          object: "transcript",
          status: "completed",
          text: `${wav.length} bytes`,
          utterances: [{ speaker: "1", text: `${wav.length} bytes` }],
          diarize: true,
          redact: ["pii", "phi"],
        }),
      ]);
      expect(made["notes"]).toContain("diarize is kept but has no effect here");
      expect((await client().get(`/api/v1/transcripts/${made["id"]}`)).body).toEqual(made);
    });

    test("are made once under an Idempotency-Key, though the form is cut by another boundary", async () => {
      const key = { "Idempotency-Key": newId("key", 2) };
      const first = await (await upload({}, key)).json();
      const again = await upload({}, key);
      expect([await again.json(), again.headers.get("Idempotent-Replayed")]).toEqual([first, "true"]);
      expect((await upload({ language: "de" }, key)).status).toBe(409);
    });

    test("are made of a URL", async () => {
      const server = createServer((request, response) => {
        response.statusCode = request.url === "/a.wav" ? 200 : 302;
        response.end(wav);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const made = await client().post("/v1/transcripts", { audio_url: `${url}/a.wav`, metadata: { a: 1 } });
      expect(made).toMatchObject({ status: 201, body: { audio_url: `${url}/a.wav`, text: `${wav.length} bytes` } });
      const moved = await client().post("/v1/transcripts", { audio_url: `${url}/b.wav` });
      expect(moved).toMatchObject({ status: 400, body: { error: { param: "audio_url" } } });
    });

    test.each([
      [{}, "audio_url"],
      [{ audio_url: "http://169.254.169.254/a.wav" }, "audio_url"],
      [{ audio_url: "https://example.com/a.wav", diarize: "perhaps" }, "diarize"],
      [{ audio_url: "https://example.com/a.wav", redact: ["names"] }, "redact"],
    ])("%j is refused, naming %s", async (body, param) => {
      expect(await client().post("/v1/transcripts", body)).toMatchObject({ status: 400, body: { error: { param } } });
    });
  });

  describe("test suites", () => {
    const suite = {
      name: "Orders",
      description: "Finds orders.",
      cases: [
        {
          id: "c1",
          input: { turns: ["Where is my order?", { role: "assistant", content: "Which one?" }] },
          expected: {
            tool_calls: [{ name: "look_up", arguments: { id: "7" } }, "say"],
            assertions: [{ type: "transcript_contains", value: "order" }],
          },
        },
        { id: "c2", input: { audio_url: "https://example.com/a.wav" }, expected: {}, weight: 2 },
      ],
      owner: "qa",
    };

    test("come back as they were sent, and aren't run yet", async () => {
      const made = await client().post("/v1/test-suites", suite);
      expect(made).toMatchObject({ status: 201, body: suite });
      const id = String(made.body["id"]);
      expect((await client().get(`/v1/test-suites/${id}`)).body).toEqual(made.body);
      expect((await client().get("/v1/test-suites")).body["data"]).toContainEqual(made.body);
      expect((await client().get(`/v1/test-suites/${id}/runs`)).body).toMatchObject({ object: "list", data: [] });
      const agentId = await newAgent();
      const run = { agent_id: agentId, overrides: { llm_model: "x", temperature: 0.5 } };
      expect(await client().post(`/v1/test-suites/${id}/runs`, run)).toMatchObject({
        status: 501,
        body: { error: { type: "api_error", code: "not_implemented" } },
      });
      expect((await client().post(`/v1/test-suites/${id}/runs`, { agent_id: "agent_0" })).status).toBe(404);
      expect((await client().delete(`/v1/test-suites/${id}`)).status).toBe(204);
      expect((await client().get(`/v1/test-suites/${id}`)).status).toBe(404);
    });

    test("name the case that is wrong", async () => {
      const cases = [{ id: "c1", input: {} }];
      const answer = await client().post("/v1/test-suites", { name: "Bad", cases });
      expect(answer).toMatchObject({ status: 400, body: { error: { param: "cases.0.input" } } });
    });
  });

  describe("experiments", () => {
    const variants = [
      { name: "calm", overrides: { system_prompt: "Be calm.", temperature: 0.2, llm_model: "x" }, traffic: 0.5 },
    ];

    test("come back as they were sent; they can be stopped, but not started yet", async () => {
      const body = {
        name: "Tone",
        control_agent_id: await newAgent(),
        variants,
        metrics: ["resolution_rate"],
        stop_rule: { min_samples: 100, significance: 0.05 },
      };
      const made = await client().post("/v1/experiments", body);
      expect(made).toMatchObject({ status: 201, body: { ...body, status: "draft", stopped_at: null } });
      const id = String(made.body["id"]);
      expect((await client().get(`/v1/experiments/${id}`)).body).toEqual(made.body);
      expect((await client().get("/v1/experiments")).body["data"]).toContainEqual(made.body);
      expect((await client().post(`/v1/experiments/${id}/start`)).status).toBe(501);
      const stopped = await client().post(`/v1/experiments/${id}/stop`);
      expect(stopped).toMatchObject({ status: 200, body: { status: "stopped", stopped_at: expect.any(Number) } });
      expect((await client().post(`/v1/experiments/${id}/stop`)).body).toEqual(stopped.body);
    });

    test.each([
      [{ variants: [{ ...variants[0], traffic: 2 }] }, "variants.0.traffic"],
      [{ stop_rule: { min_samples: 10_001 } }, "stop_rule.min_samples"],
      [{ variants: [] }, "variants"],
    ])("%j is refused, naming %s", async (wrong, param) => {
      const body = { name: "Bad", control_agent_id: "agent_0", variants, ...wrong };
      expect(await client().post("/v1/experiments", body)).toMatchObject({ status: 400, body: { error: { param } } });
    });
  });
});

test("a tool's URL receives the call as a chat completion tells it", () => {
  const call = { id: "call_1", agentId: "agt_2", variables: { name: "Bo" }, sent: {} } as unknown as Call;
  const payload = wordcabToolPayload({ call, agent: newAgentShape.parse({ name: "Ada" }) });
  const request = { callId: "call_1", toolCallId: "t1", name: "look_up", arguments: { id: 7 }, at: "" };
  expect(payload.encode(request)).toEqual({
    call_id: "call_1",
    agent_id: "agent_2",
    tool_call_id: "t1",
    name: "look_up",
    arguments: { id: 7 },
    context: { name: "Bo" },
  });
  expect(payload.headers({ body: "{}", timestampS: 1, secret: undefined })).toEqual({});
  expect(payload.headers({ body: "{}", timestampS: 1, secret: "s" })["Wordcab-Signature"]).toMatch(/^[0-9a-f]{64}$/);
});
