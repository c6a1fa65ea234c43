import { describe, expect, test } from "vitest";
import { findRealtimeName } from "./find-realtime-name.ts";

const NAMES = ["endpoint/qwen-omni", "openai/gpt-realtime", "xai/grok-voice-latest"];

describe("the realtime model of an agent", () => {
  test.each([
    [undefined, "endpoint/qwen-omni"],
    [{}, "endpoint/qwen-omni"],
    [{ provider: "openai" }, "openai/gpt-realtime"],
    [{ provider: "openai", model: "gpt-realtime-mini" }, "openai/gpt-realtime-mini"],
    [{ provider: "openai", model: "openai/gpt-realtime-mini" }, "openai/gpt-realtime-mini"],
    [{ provider: "openai_live", model: "gpt-realtime" }, "openai/gpt-realtime"],
    [{ provider: "xai_realtime", model: "grok-realtime-v1" }, "xai/grok-voice-latest"],
    [{ provider: "xai_realtime", model: "grok-voice-think-fast-2.0" }, "xai/grok-voice-think-fast-2.0"],
    [{ model: "gpt-realtime" }, "openai/gpt-realtime"],
    [{ model: "openai/gpt-realtime-mini" }, "openai/gpt-realtime-mini"],
  ])("%j is %s", (wanted, name) => {
    expect(findRealtimeName(wanted, NAMES)).toBe(name);
  });

  test.each([
    { provider: "google_realtime", model: "gemini-live" },
    { model: "gemini-live" },
    { model: "google/gemini" },
  ])("%j is not there", (wanted) => {
    expect(findRealtimeName(wanted, NAMES)).toBeUndefined();
  });

  test("is none where there are none", () => {
    expect(findRealtimeName(undefined, [])).toBeUndefined();
  });
});
