import { FakeClock } from "@earshot/engine/testing";
import { describe, expect, it } from "vitest";
import { findRealtimeModels } from "./find-realtime-models.ts";
import { RealtimeServer } from "./testing/realtime-server.ts";

const find = (env: Record<string, string>) => findRealtimeModels({ env, clock: new FakeClock() });
const names = (env: Record<string, string>) => find(env).map(({ name, reason }) => `${name} — ${reason}`);

describe("realtime models", () => {
  it("are none where nothing is set", () => {
    expect(find({ OPENAI_API_KEY: " " })).toEqual([]);
  });

  it("are one's own endpoint first, then those whose keys are set", () => {
    const env = {
      EARSHOT_REALTIME_URL: "http://10.0.0.5:8000",
      EARSHOT_REALTIME_MODEL: "qwen-omni",
      XAI_API_KEY: "xai-1",
      OPENAI_API_KEY: "sk-1",
    };
    expect(names(env)).toEqual([
      "endpoint/qwen-omni — EARSHOT_REALTIME_URL is set",
      "openai/gpt-realtime — OPENAI_API_KEY is set",
      "xai/grok-voice-latest — XAI_API_KEY is set",
    ]);
    for (const model of find(env)) expect(model.create().name).toBe(model.name);
    expect(find(env)[1]?.create("gpt-realtime-mini").name).toBe("openai/gpt-realtime-mini");
    expect(find(env)[2]?.create().voices()[0]?.id).toBe("xai:ara");
    expect(find(env)[0]?.create().voices()[0]?.id).toBe("endpoint:marin");
  });

  it.each([
    ["gpt-realtime-mini", "openai/gpt-realtime-mini"],
    ["xai/grok-voice-think-fast-2.0", "xai/grok-voice-think-fast-2.0"],
  ])("can be chosen by EARSHOT_REALTIME_MODEL: %s", (wanted, name) => {
    const [first] = find({ OPENAI_API_KEY: "sk-1", XAI_API_KEY: "xai-1", EARSHOT_REALTIME_MODEL: wanted });
    expect(first?.name).toBe(name);
    expect(first?.create().name).toBe(name);
  });

  it.each([
    ["ws", ""],
    ["http", "/v1"],
    ["ws", "/v1/realtime/"],
  ])("at an address that begins with %s and ends with %j are connected to", async (protocol, path) => {
    const server = new RealtimeServer();
    await server.listen();
    const url = `${protocol}://${new URL(server.url).host}${path}`;
    const env = { EARSHOT_REALTIME_URL: url, EARSHOT_REALTIME_MODEL: "mine", EARSHOT_REALTIME_KEY: "key" };
    const brief = { system: "", tools: [], voiceId: "endpoint:marin" };
    const stream = find(env)[0]
      ?.create()
      .open({ language: "en", brief, onEvent: () => {} });
    const session = await server.session(0);
    expect(session.model).toBe("mine");
    stream?.close();
    await server.close();
  });

  it.each([
    [{ EARSHOT_REALTIME_URL: "localhost", EARSHOT_REALTIME_MODEL: "a" }, "EARSHOT_REALTIME_URL"],
    [{ EARSHOT_REALTIME_URL: "ftp://a.example", EARSHOT_REALTIME_MODEL: "a" }, "EARSHOT_REALTIME_URL"],
    [{ EARSHOT_REALTIME_URL: "wss://u:p@a.example", EARSHOT_REALTIME_MODEL: "a" }, "EARSHOT_REALTIME_URL"],
    [{ EARSHOT_REALTIME_URL: "wss://a.example" }, "EARSHOT_REALTIME_MODEL"],
    [{ EARSHOT_REALTIME_KEY: "top-secret" }, "EARSHOT_REALTIME_KEY"],
    [{ EARSHOT_REALTIME_MODEL: "gpt-realtime" }, "EARSHOT_REALTIME_MODEL"],
    [{ EARSHOT_REALTIME_MODEL: "google/gemini", OPENAI_API_KEY: "sk-1" }, "EARSHOT_REALTIME_MODEL"],
    [{ XAI_API_KEY: "a b" }, "XAI_API_KEY"],
  ])("that can't be used are told with the variable, and no secret: %j", (env, variable) => {
    expect(() => find(env as Record<string, string>)).toThrow(
      expect.objectContaining({ variable, message: expect.stringMatching(new RegExp(`^${variable}: (?!.*secret)`)) }),
    );
  });
});
