import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";

describeOnEachDatabase("agents of AgentPhone", (database) => {
  let server: AgentPhoneServer;
  beforeAll(async () => {
    server = await startAgentPhone(database());
  });
  afterAll(() => server.close());

  test("are created with the vendor's defaults", async () => {
    const created = await server.client.agents.createAgent({ name: "Support Bot" });
    expect(created).toEqual({
      id: expect.stringMatching(/^agt_/),
      name: "Support Bot",
      description: null,
      voiceMode: "webhook",
      enableMessaging: true,
      modelTier: "balanced",
      systemPrompt: null,
      beginMessage: null,
      voice: "flite:slt",
      transferNumber: null,
      customTools: null,
      voicemailMessage: null,
      callScreeningIdentity: null,
      callScreeningPurpose: null,
      sttMode: "fast",
      ambientSound: "none",
      denoisingMode: "noise-cancellation",
      maxSilenceMs: 600_000,
      voiceSpeed: 1,
      interruptionSensitivity: 0.8,
      enableBackchannel: true,
      language: "en-US",
      createdAt: expect.stringMatching(/Z$/),
      numbers: [],
    });
    expect(await server.client.agents.getAgent({ agent_id: created.id })).toEqual(created);
  });

  test("become settings of ours", async () => {
    const { id } = await server.client.agents.createAgent({
      name: "Everything",
      voiceMode: "hosted",
      systemPrompt: "You are {{who}}.",
      transferNumber: "+12125550100",
      voicemailMessage: "Call us back.",
      callScreeningIdentity: "Acme",
      callScreeningPurpose: "Your order",
      denoisingMode: "noise-and-background-speech-cancellation",
      maxSilenceMs: 20_000,
      interruptionSensitivity: 0.5,
      ambientSound: "coffee-shop",
      language: "de-DE",
      customTools: [
        { name: "1st", description: "Looks up.", url: "https://example.com/x", headers: { a: "b", c: null } },
      ],
    });
    const stored = await server.deps.agents.find("ws_default", id);
    expect(stored?.agent).toMatchObject({
      mode: "pipeline",
      greeting: { mode: "dynamic" },
      prompt: "You are {{who}}.",
      transfers: [{ destination: "+12125550100" }],
      voicemail: { isDetected: true, message: "Call us back." },
      callScreening: { identity: "Acme", purpose: "Your order" },
      denoising: "strong",
      silence: { hangUpAfterMs: 20_000, remindAfterMs: 20_000, maxReminders: 0 },
      turnTaking: { bargeIn: { isEnabled: true, minSpeechMs: 750 }, backchannel: { isEnabled: true } },
      ambientSound: { clip: "coffee-shop" },
      messaging: { isEnabled: true },
      language: "de-DE",
    });
    expect(stored?.agent.tools.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "endCall end_call",
      "transfer transfer_call",
      "webhook _1st",
    ]);
    const [tool] = (await server.client.agents.getAgent({ agent_id: id })).customTools ?? [];
    expect(tool).toEqual({
      name: "1st",
      description: "Looks up.",
      url: "https://example.com/x",
      headers: { a: "b", c: null },
    });
  });

  test.each([
    [0.8, { isEnabled: true, minSpeechMs: 300 }],
    [0, { isEnabled: false, minSpeechMs: 1500 }],
    [1, { isEnabled: true, minSpeechMs: 0 }],
  ])("of sensitivity %d are interrupted by as much speech as that means", async (interruptionSensitivity, bargeIn) => {
    const { id } = await server.client.agents.createAgent({ name: "Touchy", interruptionSensitivity });
    expect((await server.deps.agents.find("ws_default", id))?.agent.turnTaking.bargeIn).toMatchObject(bargeIn);
    const shown = await server.client.agents.getAgent({ agent_id: id });
    expect(shown.interruptionSensitivity).toBe(interruptionSensitivity);
  });

  test("keep what a change doesn't name, and unknown fields", async () => {
    const { id } = await server.client.agents.createAgent({ name: "Keeper", description: "Keeps", voice: "Polly.Amy" });
    await server.send("PATCH", `/v1/agents/${id}`, { futureSetting: { a: 1 } });
    const changed = await server.client.agents.updateAgent({ agent_id: id, voiceMode: "hosted", maxSilenceMs: null });
    expect(changed).toMatchObject({
      name: "Keeper",
      description: "Keeps",
      voice: "Polly.Amy",
      voiceMode: "hosted",
      maxSilenceMs: 600_000,
      futureSetting: { a: 1 },
    });
    const emptied = await server.client.agents.updateAgent({
      agent_id: id,
      name: null,
      description: null,
      voice: null,
    });
    expect(emptied).toMatchObject({ name: "Keeper", description: null, voice: "flite:slt" });
  });

  test("that were deployed are deployed again by a change", async () => {
    const { id } = await server.client.agents.createAgent({ name: "Live", systemPrompt: "One" });
    await server.deps.agents.deploy("ws_default", id, new Date());
    await server.client.agents.updateAgent({ agent_id: id, systemPrompt: "Two" });
    const deployed = await server.deps.agents.findForCall("ws_default", id, "deployed");
    expect(deployed).toMatchObject({ version: 2, settings: { prompt: "Two" } });
  });

  test("made in our own API are readable and changeable, and lose nothing of theirs", async () => {
    const response = await server.app.request("/v1/agents", {
      method: "POST",
      headers: { Authorization: "Bearer a-key-for-tests-only", "Content-Type": "application/json" },
      body: JSON.stringify({
        name: "Ours",
        language: "multi",
        ambientSound: { clip: "forest" },
        silence: { reminder: "Hm?" },
      }),
    });
    const { id } = (await response.json()) as { id: string };
    expect(await server.client.agents.getAgent({ agent_id: id })).toMatchObject({
      name: "Ours",
      voiceMode: "hosted",
      ambientSound: "outdoor",
      beginMessage: "Hello! How can I help you?",
      maxSilenceMs: 30_000,
    });
    await server.client.agents.updateAgent({ agent_id: id, description: "Changed" });
    expect((await server.deps.agents.find("ws_default", id))?.agent).toMatchObject({
      description: "Changed",
      language: "multi",
      ambientSound: { clip: "forest" },
      silence: { reminder: "Hm?", remindAfterMs: 10_000 },
    });
  });

  test("are listed by limit and offset, without hasMore", async () => {
    const { data, total } = await server.client.agents.listAgents({ offset: 1 }, { queryParams: { limit: 2 } });
    expect(data).toHaveLength(2);
    expect(total).toBeGreaterThan(3);
    expect(await server.send("GET", "/v1/agents?limit=1")).toMatchObject({ body: { data: [{}], total } });
    expect((await server.send("GET", "/v1/agents")).body).not.toHaveProperty("hasMore");
  });

  test("are deleted with their name for an answer, and gone then", async () => {
    const { id } = await server.client.agents.createAgent({ name: "Gone" });
    expect(await server.client.agents.deleteAgent({ agent_id: id })).toEqual({ success: true, id, name: "Gone" });
    await expect(server.client.agents.getAgent({ agent_id: id })).rejects.toMatchObject({ statusCode: 404 });
  });

  test("of a sub-account are its own", async () => {
    const account = (await server.client.subAccounts.createSubAccount({ name: "Child" })) as { id: string };
    const scope = { "X-Sub-Account-Id": account.id };
    const { id } = await server.client.agents.createAgent({ name: "Theirs", ...scope });
    expect(await server.client.agents.getAgent({ agent_id: id, ...scope })).toMatchObject({ name: "Theirs" });
    await expect(server.client.agents.getAgent({ agent_id: id })).rejects.toMatchObject({ statusCode: 404 });
    await expect(server.client.agents.listAgents({ "X-Sub-Account-Id": "ws_nobody" })).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  test.each([
    ["name", {}, "missing"],
    ["name", { name: 5 }, "string_type"],
    ["voiceMode", { name: "A", voiceMode: "psychic" }, "enum"],
    ["language", { name: "A", language: "tlh" }, "enum"],
    ["maxSilenceMs", { name: "A", maxSilenceMs: 9999 }, "greater_than_equal"],
    ["maxSilenceMs", { name: "A", maxSilenceMs: 10_000.5 }, "int_type"],
    ["voiceSpeed", { name: "A", voiceSpeed: 2.1 }, "less_than_equal"],
    ["interruptionSensitivity", { name: "A", interruptionSensitivity: "high" }, "float_type"],
    [
      "customTools.0.url",
      { name: "A", customTools: [{ name: "t", description: "d", url: "http://x.example" }] },
      "value_error",
    ],
    [
      "customTools.0.name",
      { name: "A", customTools: [{ name: "end_call", description: "d", url: "https://x.example" }] },
      "value_error",
    ],
  ])("that are wrong in %s say so twice", async (field, body, type) => {
    const before = (await server.send("GET", "/v1/agents?limit=1")).body.total;
    const answer = await server.send("POST", "/v1/agents", body);
    expect(answer.status).toBe(422);
    const loc = ["body", ...field.split(".").map((name) => (/^\d+$/.test(name) ? Number(name) : name))];
    expect(answer.body.detail).toContainEqual({ loc, msg: expect.any(String), type });
    expect(answer.body.error).toMatchObject({
      code: "VALIDATION_ERROR",
      type: "validation_error",
      message: expect.any(String),
      details: expect.arrayContaining([{ field, message: expect.any(String), type }]),
    });
    expect((await server.send("GET", "/v1/agents?limit=1")).body.total).toBe(before);
  });
});
