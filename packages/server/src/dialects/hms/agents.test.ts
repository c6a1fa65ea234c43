import { describe, expect, test } from "vitest";
import { toUuid } from "../../new-id.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import fixtures from "./fixtures/agents.json" with { type: "json" };
import type { HmsClientError, Json } from "./testing/hms-client.ts";
import { setUp } from "./testing/set-up.ts";

type AgentAnswer = { readonly agent: Json & { readonly id: string } };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describeOnEachDatabase("HMS agents", (database) => {
  const start = () => setUp(database());

  test.each(Object.entries(fixtures))("give back the %s example as it was sent", async (_name, body) => {
    const { hms } = start();
    const { agent } = await hms.post<AgentAnswer>("/agents", body);
    expect(agent).toMatchObject(body);
    expect(agent.id).toMatch(UUID);
    expect((await hms.get<AgentAnswer>(`/agents/${agent.id}`)).agent).toEqual(agent);
  });

  test("mean to us what they mean to HMS", async () => {
    const { hms, own } = start();
    const { agent } = await hms.post<AgentAnswer>("/agents", fixtures.everything);
    const { data } = (await own("GET", "/agents?name=Alles")) as { data: Json[] };
    const ours = data.find(({ id }) => toUuid(String(id)) === agent.id);
    expect(ours).toMatchObject({
      isActive: false,
      businessName: "Acme Corp",
      notificationEmails: ["calls@example.com", "desk@example.com"],
      greeting: { mode: "static", text: "Hallo!" },
      outboundGreeting: "Met Acme.",
      prompt: "Be brief.\n\nSpeak Dutch.",
      language: "multi",
      temperature: 0.2,
      models: {
        languageModel: "anthropic/claude-sonnet-4",
        speechToText: "gladia/solaria",
        textToSpeech: "elevenlabs/eleven_flash_v2_5",
      },
      voice: { id: "elevenlabs:21m00Tcm4TlvDq8ikWAM", speed: 1.1, stability: 0.4, useSpeakerBoost: true },
      maxDurationMs: 900_000,
      voicemail: { isDetected: true, message: "We bellen u terug." },
      silence: {
        hangUpAfterMs: 30_000,
        remindAfterMs: 4000,
        maxReminders: 2,
        isAutonomous: false,
        goodbye: "Tot ziens.",
      },
      turnTaking: { endOfTurnMinMs: 500, endOfTurnMaxMs: 3000, bargeIn: { minSpeechMs: 400, minWords: 2 } },
      ambientSound: { clip: "crowded-room", volume: 0.2 },
      isPrivate: true,
      recordingConsent: { isAsked: true },
      webhook: { url: "https://hooks.example.com/hms", events: ["tool-calls", "transcript.completed"] },
      analysis: { isEnabled: true, minMessages: 4 },
      transfers: [{ destination: "+31201234567", description: "For billing", message: "I'll connect you." }],
    });
    expect(((ours?.["tools"] ?? []) as Json[]).map(({ kind, name, isAsync }) => [kind, name, isAsync])).toEqual([
      ["webhook", "lookup_contact", true],
      ["webhook", "book", false],
      ["endCall", "end_call", undefined],
      ["transfer", "transfer_call", undefined],
      ["mcp", "mcp_4", undefined],
    ]);
  });

  test("need nothing but a name, and show the defaults then", async () => {
    const { hms } = start();
    const { agent } = await hms.post<AgentAnswer>("/agents", { name: "Plain" });
    expect(agent).toMatchObject({
      name: "Plain",
      is_active: true,
      max_duration_seconds: 600,
      autonomous_silence_handling: true,
      voicemail_detection: false,
      first_message: null,
      webhook_url: null,
      webhook_events: null,
      gdpr_mode: false,
      llm_config: { provider: "earshot", model: "default", temperature: 0.7, tools: [] },
      stt_config: { provider: "earshot", model: "default", language: "en", keyterms: [] },
      tts_config: { provider: "local", voice_id: "default", language: "en", speed: 1 },
      analysis_plan: null,
    });
  });

  test("are the same under /assistants, in another envelope", async () => {
    const { hms } = start();
    const { assistant } = await hms.post<{ assistant: Json }>("/assistants", { name: "Two names" });
    expect(await hms.get(`/agents/${assistant["id"]}`)).toEqual({ agent: assistant });
    expect(await hms.get(`/assistants/${assistant["id"]}`)).toEqual({ assistant });
    const { assistants } = await hms.get<{ assistants: Json[] }>("/assistants");
    const { agents } = await hms.get<{ agents: Json[] }>("/agents");
    expect(assistants[0]).toEqual(assistant);
    expect(agents).toEqual(assistants);
    expect(await hms.delete(`/assistants/${assistant["id"]}`)).toEqual({ success: true });
    await expect(hms.get(`/agents/${assistant["id"]}`)).rejects.toMatchObject({ status: 404, code: "not_found" });
    await expect(hms.delete(`/agents/${assistant["id"]}`)).rejects.toMatchObject({ status: 404 });
  });

  test("change by fields, each replaced as a whole, and null resets", async () => {
    const { hms } = start();
    const { agent } = await hms.post<AgentAnswer>("/agents", fixtures.everything);
    const path = `/agents/${agent.id}`;
    const llm = { provider: "groq", model: "llama-3.3", messages: [{ role: "system", content: "New." }] };
    const patch = {
      first_message: null,
      max_duration_seconds: 900,
      llm_config: llm,
      notification_email: "x@example.com",
    };
    const changed = (await hms.patch<AgentAnswer>(path, patch)).agent;
    expect(changed).toMatchObject({ ...patch, business_name: "Acme Corp", crm_reference: { id: 42 } });
    expect(changed["llm_config"]).toEqual(llm);
    expect(changed["notification_emails"]).toEqual(["x@example.com", "desk@example.com"]);
    expect(changed["updated_at"]).not.toBe(agent["updated_at"]);
    const reset = (await hms.patch<AgentAnswer>(path, { webhook_url: null, silence_timeout_seconds: null })).agent;
    expect(reset).toMatchObject({ webhook_url: null, silence_timeout_seconds: null, first_message: null });
  });

  test("never give secrets back, and keep them over changes", async () => {
    const { hms, deps } = start();
    const tool = { name: "t", description: "d", server: { url: "https://x.example.com/", secret: "tool-sesame" } };
    const { agent } = await hms.post<AgentAnswer>("/agents", {
      name: "Secretive",
      webhook_url: "https://x.example.com/",
      webhook_secret: "agent-sesame",
      llm_config: { provider: "openai", model: "gpt-4o", tools: [tool] },
    });
    const changed = await hms.patch<AgentAnswer>(`/agents/${agent.id}`, { business_name: "B" });
    const listed = await hms.get("/agents");
    expect(JSON.stringify([agent, changed, listed])).not.toContain("sesame");
    const [stored] = await deps.agents.list("ws_default", { limit: 1 });
    expect(JSON.stringify(stored)).not.toContain("sesame");
    const held = await deps.agents.findForCall("ws_default", stored?.agent.id ?? "", "working");
    expect(held?.settings.tools[0]).toMatchObject({ secret: "tool-sesame" });
  });

  test("that hear and speak by themselves have neither stt_config nor tts_config", async () => {
    const { hms, own } = start();
    const { agent } = await hms.post<AgentAnswer>("/agents", fixtures.realtime);
    expect(agent).toMatchObject({ stt_config: null, tts_config: null });
    const { data } = (await own("GET", "/agents?name=Grok")) as { data: Json[] };
    expect(data[0]).toMatchObject({
      mode: "speech-to-speech",
      speechToSpeech: { provider: "xai_realtime", voice: "ara", turnDetection: { threshold: 0.6, silenceMs: 300 } },
    });
    const tts = { tts_config: { provider: "openai", voice_id: "alloy" } };
    const refused = { status: 400, param: "tts_config" };
    await expect(hms.post("/agents", { ...fixtures.realtime, ...tts })).rejects.toMatchObject(refused);
    await expect(hms.patch(`/agents/${agent.id}`, tts)).rejects.toMatchObject(refused);
    const back = { ...tts, llm_config: { provider: "openai", model: "gpt-4o" } };
    expect((await hms.patch<AgentAnswer>(`/agents/${agent.id}`, back)).agent).toMatchObject({
      ...back,
      stt_config: { provider: "earshot" },
    });
    const again = await hms.patch<AgentAnswer>(`/agents/${agent.id}`, { llm_config: fixtures.realtime.llm_config });
    expect(again.agent).toMatchObject({ stt_config: null, tts_config: null });
  });

  test("made by our own API can be read, and a change there shows here", async () => {
    const { hms, own } = start();
    const made = await own("POST", "/agents", {
      name: "Ours",
      prompt: "Be kind.",
      language: "de-DE",
      transfers: [{ destination: "sip:desk@example.com" }],
      ambientSound: { clip: "coffee-shop" },
    });
    const id = toUuid(String(made["id"]));
    const { agent } = await hms.get<AgentAnswer>(`/agents/${id}`);
    expect(agent).toMatchObject({
      id,
      llm_config: {
        messages: [{ role: "system", content: "Be kind." }],
        tools: [{ type: "transfer_call", destinations: [{ number: "sip:desk@example.com" }] }],
      },
      stt_config: { language: "de" },
    });
    await hms.patch(`/agents/${id}`, { llm_config: { ...(agent["llm_config"] as Json), temperature: 1.5 } });
    expect(await own("GET", `/agents/${made["id"]}`)).toMatchObject({
      prompt: "Be kind.",
      temperature: 1.5,
      ambientSound: { clip: "coffee-shop" },
      transfers: [{ destination: "sip:desk@example.com" }],
    });
    await own("PATCH", `/agents/${made["id"]}`, { prompt: "Be short." });
    expect((await hms.get<AgentAnswer>(`/agents/${id}`)).agent["llm_config"]).toMatchObject({
      messages: [{ content: "Be short." }],
    });
  });

  test("that were deployed are deployed again by a change", async () => {
    const { hms, own } = start();
    const { agent } = await hms.post<AgentAnswer>("/agents", { name: "Live" });
    const { data } = (await own("GET", "/agents?name=Live")) as { data: Json[] };
    const id = String(data[0]?.["id"]);
    await own("POST", `/agents/${id}/deploy`, {});
    await hms.patch(`/agents/${agent.id}`, { business_name: "Now" });
    expect(await own("GET", `/agents/${id}`)).toMatchObject({ version: 2, isDeployed: true, businessName: "Now" });
  });
});

describeOnEachDatabase("HMS agents that are wrong", (database) => {
  const stt = { provider: "deepgram", model: "nova-3", language: "nl" };
  const llm = { provider: "openai", model: "gpt-4o" };
  const tts = { provider: "openai", voice_id: "alloy" };
  const wrong: [string, unknown, string][] = [
    ["no name", {}, "name"],
    ["an empty name", { name: " " }, "name"],
    ["an unknown STT provider", { stt_config: { ...stt, provider: "acme" } }, "stt_config.provider"],
    ["no STT model", { stt_config: { provider: "deepgram", language: "nl" } }, "stt_config.model"],
    ["an unknown language", { stt_config: { ...stt, language: "xx" } }, "stt_config.language"],
    ["an unknown LLM provider", { llm_config: { ...llm, provider: "acme" } }, "llm_config.provider"],
    ["too hot a model", { llm_config: { ...llm, temperature: 2.1 } }, "llm_config.temperature"],
    [
      "a role there isn't",
      { llm_config: { ...llm, messages: [{ role: "x", content: "" }] } },
      "llm_config.messages.0.role",
    ],
    ["a tool without a name", { llm_config: { ...llm, tools: [{ description: "d" }] } }, "llm_config.tools.0.name"],
    ["a tool of no type", { llm_config: { ...llm, tools: [{ type: "dance" }] } }, "llm_config.tools.0.type"],
    [
      "two tools alike",
      { llm_config: { ...llm, tools: [{ type: "endCall" }, { type: "end_call" }] } },
      "llm_config.tools",
    ],
    ["an unknown voice provider", { tts_config: { ...tts, provider: "acme" } }, "tts_config.provider"],
    ["too fast a voice", { tts_config: { ...tts, speed: 2.5 } }, "tts_config.speed"],
    ["an unstable voice", { tts_config: { ...tts, stability: 2 } }, "tts_config.stability"],
    ["too many addresses", { notification_emails: Array(6).fill("a@example.com") }, "notification_emails"],
    ["an address that is none", { notification_email: "nobody" }, "notification_email"],
    ["a URL that is none", { webhook_url: "ftp://x" }, "webhook_url"],
    ["an event there isn't", { webhook_events: ["call.ended"] }, "webhook_events.0"],
    ["no time at all", { max_duration_seconds: 0 }, "max_duration_seconds"],
    ["half a second", { max_duration_seconds: 1.5 }, "max_duration_seconds"],
    ["a flag that is a word", { is_active: "yes" }, "is_active"],
    [
      "too many words",
      { speech_config: { pronunciation: Array(51).fill({ from: "a", to: "b" }) } },
      "speech_config.pronunciation",
    ],
  ];

  test.each(wrong)("with %s are refused by the name of the field", async (title, body, param) => {
    const { hms } = setUp(database());
    const named = title === "no name" ? body : { name: "Wrong", ...(body as Json) };
    await expect(hms.post("/agents", named)).rejects.toMatchObject({ status: 400, param });
    const { agents } = await hms.get<{ agents: Json[] }>("/agents");
    expect(agents.filter(({ name }) => name === "Wrong")).toEqual([]);
  });

  test("leave the agent as it was", async () => {
    const { hms } = setUp(database());
    const { agent } = await hms.post<AgentAnswer>("/agents", { name: "Steady" });
    const patch = { business_name: "Gone", stt_config: { provider: "acme" } };
    const failed = (await hms.patch(`/agents/${agent.id}`, patch).catch((error: unknown) => error)) as HmsClientError;
    expect(failed).toMatchObject({ status: 400, code: "invalid_request", param: "stt_config.provider" });
    expect(failed.message).toContain("stt_config.provider");
    expect((await hms.get<AgentAnswer>(`/agents/${agent.id}`)).agent).toEqual(agent);
  });

  test("answer in one body that both kinds of client understand", async () => {
    const { app } = setUp(database());
    const headers = { Authorization: "Bearer a-key-for-tests-only", "Content-Type": "application/json" };
    const ask = async (body: string, more: object = {}) => {
      const response = await app.request("http://localhost/hms/api/v1/agents", {
        method: "POST",
        headers: { ...headers, ...more },
        body,
      });
      return { status: response.status, body: (await response.json()) as Json };
    };
    expect(await ask("{}")).toEqual({
      status: 400,
      body: {
        error: "name is required",
        message: "name is required",
        code: "missing_field",
        type: "missing_field",
        param: "name",
        details: [{ field: "name", message: "is required" }],
      },
    });
    expect(await ask("{")).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(await ask("[]")).toMatchObject({ status: 400, body: { error: "the body must be a JSON object" } });
    expect(await ask("{}", { "Content-Type": "text/plain" })).toMatchObject({ status: 415 });
    expect(await ask(`{"name":"${"x".repeat(4_100_000)}"}`)).toMatchObject({ status: 413 });
    expect(await ask("{}", { Authorization: "Bearer no" })).toMatchObject({
      status: 401,
      body: { error: "Invalid API key", code: "unauthorized" },
    });
  });
});

describe("the fixtures", () => {
  test("hold what the documents show", () => expect(Object.keys(fixtures)).toHaveLength(3));
});
