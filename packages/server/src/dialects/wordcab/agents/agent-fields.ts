/** Wordcab's agent, field by field, over our settings. */
import type { AgentSettings } from "../../../agents/agent.ts";
import type { VendorField, VendorFields } from "../../kit/vendor-fields.ts";
import { toOurMetadata } from "../metadata.ts";
import { toOurVoice } from "../voices.ts";
import { fromWordcabTool, toWordcabTool, type WordcabTool } from "./tool-shape.ts";

/** Concurrent speech that the highest threshold lets pass; half of it is our own default. */
const HIGHEST_THRESHOLD_MS = 600;

/** What Wordcab gives an agent that says nothing else. */
export const WORDCAB_DEFAULTS = {
  language: "en",
  interruption_threshold: 0.5,
  context_window: 10,
  first_message: null,
} as const;

/** @param defaultVoiceId whose voice an agent has that names none */
export function agentFields(defaultVoiceId: string): VendorFields<AgentSettings> {
  return {
    name: { read: ({ name }) => name, write: (name: string, settings) => ({ ...settings, name }) },
    system_prompt: {
      read: ({ prompt }) => prompt,
      write: (prompt: string, settings) => ({ ...settings, prompt }),
    },
    voice_id: {
      read: ({ voice }) => voice.id ?? defaultVoiceId,
      write: (id: string, settings) => ({ ...settings, voice: { ...settings.voice, id: toOurVoice(id) } }),
    },
    stt_model: modelField("speechToText"),
    llm_model: modelField("languageModel"),
    tts_model: modelField("textToSpeech"),
    language: {
      read: ({ language }) => language.split("-", 1)[0],
      write: (language: string | null, settings) => ({ ...settings, language: language ?? WORDCAB_DEFAULTS.language }),
    },
    first_message: FIRST_MESSAGE,
    interruption_threshold: INTERRUPTION_THRESHOLD,
    context_window: {
      read: ({ contextTurns }) => contextTurns ?? null,
      write: (turns: number | null, settings) => ({
        ...settings,
        contextTurns: turns ?? WORDCAB_DEFAULTS.context_window,
      }),
    },
    tools: {
      read: ({ tools }) => tools.map(toWordcabTool),
      write: (tools: readonly WordcabTool[] | null, settings) => ({
        ...settings,
        tools: (tools ?? []).map((tool) => fromWordcabTool(tool, settings.tools)),
      }),
    },
    tool_url: {
      read: ({ toolUrl }) => toolUrl ?? null,
      write: (url: string | null, { toolUrl: _, ...settings }) =>
        url === null ? settings : { ...settings, toolUrl: url },
    },
    metadata: {
      read: ({ metadata }) => metadata,
      write: (pairs: Readonly<Record<string, unknown>> | null, settings) => ({
        ...settings,
        metadata: toOurMetadata(pairs ?? {}),
      }),
    },
  };
}

function modelField(kind: keyof AgentSettings["models"]): VendorField<AgentSettings> {
  return {
    read: ({ models }) => models[kind] ?? null,
    write: (model: string | null, settings) => {
      const { [kind]: _, ...others } = settings.models;
      return { ...settings, models: model === null ? others : { ...others, [kind]: model } };
    },
  };
}

const FIRST_MESSAGE: VendorField<AgentSettings> = {
  read: ({ greeting }) => (greeting.mode === "static" ? greeting.text : null),
  write: (text: string | null, settings) => ({
    ...settings,
    greeting: text === null || text === "" ? { mode: "off" } : { mode: "static", text },
  }),
};

/** From 0, where any sound stops the agent, to 1. */
const INTERRUPTION_THRESHOLD: VendorField<AgentSettings> = {
  read: ({ turnTaking: { bargeIn } }) =>
    bargeIn.isEnabled ? Math.min(1, Math.round((bargeIn.minSpeechMs / HIGHEST_THRESHOLD_MS) * 1000) / 1000) : 1,
  write: (threshold: number | null, settings) => ({
    ...settings,
    turnTaking: {
      ...settings.turnTaking,
      bargeIn: {
        ...settings.turnTaking.bargeIn,
        isEnabled: true,
        minSpeechMs: Math.round((threshold ?? WORDCAB_DEFAULTS.interruption_threshold) * HIGHEST_THRESHOLD_MS),
      },
    },
  }),
};
