import { type AgentPatch, newAgentShape } from "../../agents/agent.ts";
import { patchSettings } from "../../agents/patch-settings.ts";
import { showSettings } from "./agent-codec.ts";
import { DEFAULT_AGENT } from "./agent-fields.ts";
import type { JsonObject } from "./parse.ts";

const BLOCKS: readonly (readonly [block: string, settings: readonly string[]])[] = [
  ["llm_config", ["models", "temperature", "mode", "speechToSpeech", "maxOutputTokens"]],
  ["stt_config", ["language", "keyterms"]],
  ["tts_config", ["voice"]],
];

/** Blocks of HMS's for the settings that differ, without prompt and tools. */
export function showOverrides(overrides: AgentPatch): JsonObject {
  const settings = newAgentShape.parse(patchSettings(DEFAULT_AGENT, overrides));
  const shown = showSettings({ settings, sent: {} });
  const given = BLOCKS.filter(([, names]) => names.some((name) => name in overrides));
  return Object.fromEntries(
    given.map(([block]) => {
      const { messages: _, tools: __, ...rest } = (shown[block] ?? {}) as JsonObject;
      return [block, rest];
    }),
  );
}
