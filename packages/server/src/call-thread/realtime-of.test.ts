import { FakeClock } from "@earshot/engine/testing";
import { describe, expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { loadRealtimeModels } from "./load-realtime-models.ts";
import { realtimeOf } from "./realtime-of.ts";

const NO_KEYS = { url: undefined, key: undefined, model: undefined };
const languageModel = {
  ...NO_KEYS,
  openaiKey: "sk-1",
  anthropicKey: undefined,
  groqKey: undefined,
  ollamaHost: undefined,
};
const models = loadRealtimeModels({ realtime: { ...NO_KEYS, xaiKey: "xai-1" }, languageModel }, new FakeClock());

const agent = (settings: object) => newAgentShape.parse({ name: "Ada", mode: "speech-to-speech", ...settings });

describe("what hears and speaks in a call", () => {
  test("is the pipeline where the agent wants it, and where its model isn't there", () => {
    expect(realtimeOf(agent({ mode: "pipeline" }), models)).toBeUndefined();
    expect(realtimeOf(agent({ speechToSpeech: { provider: "google_realtime" } }), models)).toBeUndefined();
  });

  test.each([
    [{}, "openai/gpt-realtime", "openai:marin"],
    [{ voice: { id: "flite:slt" } }, "openai/gpt-realtime", "openai:marin"],
    [{ voice: { id: "openai:cedar" } }, "openai/gpt-realtime", "openai:cedar"],
    [{ speechToSpeech: { voice: "cedar" } }, "openai/gpt-realtime", "openai:cedar"],
    [{ speechToSpeech: { voice: "nobody" } }, "openai/gpt-realtime", "openai:marin"],
    [{ speechToSpeech: { voice: "voice_12" } }, "openai/gpt-realtime", "openai:voice_12"],
    [{ speechToSpeech: { model: "openai/gpt-realtime-mini" } }, "openai/gpt-realtime-mini", "openai:marin"],
    [
      { speechToSpeech: { provider: "xai_realtime", model: "grok-realtime-v1", voice: "Leo" } },
      "xai/grok-voice-latest",
      "xai:leo",
    ],
    [{ speechToSpeech: { provider: "xai", voice: "my-voice" } }, "xai/grok-voice-latest", "xai:my-voice"],
  ])("of %j is %s with %s", (settings, name, voiceId) => {
    const realtime = realtimeOf(agent(settings), models);
    expect([realtime?.model.name, realtime?.voiceId]).toEqual([name, voiceId]);
  });

  test("knows when a turn counts as over", () => {
    const turnDetection = { threshold: 0.6, silenceMs: 300, idleTimeoutMs: 0 };
    expect(realtimeOf(agent({ speechToSpeech: { turnDetection } }), models)?.turnDetection).toEqual({
      threshold: 0.6,
      silenceMs: 300,
      prefixPaddingMs: 300,
    });
    expect(realtimeOf(agent({}), models)).not.toHaveProperty("turnDetection");
  });

  test("is made once", () => {
    expect(realtimeOf(agent({}), models)?.model).toBe(realtimeOf(agent({}), models)?.model);
  });
});
