/** `llm_config`: which model decides what to say, the prompt, and the tools. */
import { z } from "zod";
import { type AgentSettings, newAgentShape } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorField } from "../kit/vendor-fields.ts";
import { fromModelName, NODE, toModelName } from "./model-names.ts";
import { toolShape } from "./tool-shapes.ts";
import { fromVendorTools, toVendorTools } from "./tools-codec.ts";

/** Models that hear and speak by themselves: no stt_config and no tts_config beside them. */
const REALTIME_PROVIDERS = ["xai_realtime", "google_realtime", "openai_live"] as const;
const PIPELINE_PROVIDERS = ["openai", "anthropic", "groq", "mistral", "xai", "google", NODE] as const;

const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_PROMPT = newAgentShape.shape.prompt.parse(undefined);
const DEFAULT_REALTIME_MODEL = "grok-realtime-v1";

type Message = { readonly role: string; readonly content: string };

const milliseconds = (max: number) => z.number().int().min(0).max(max);

export const llmConfigShape = z.looseObject({
  provider: z.enum([...PIPELINE_PROVIDERS, ...REALTIME_PROVIDERS]),
  model: storableText({ min: 1, max: 180 }),
  temperature: z.number().min(0).max(2).nullish(),
  messages: z
    .array(z.looseObject({ role: z.enum(["system", "user", "assistant"]), content: storableText({ max: 100_000 }) }))
    .max(200)
    .nullish()
    .refine((messages) => toPrompt(messages).length <= 100_000, "must have at most 100,000 characters of system text"),
  tools: z
    .array(toolShape)
    .max(64)
    .nullish()
    .refine((tools) => hasUniqueNames(fromVendorTools(tools ?? []).tools), "must have different names")
    .refine((tools) => fromVendorTools(tools ?? []).transfers.length <= 20, "must have at most 20 destinations"),
  voice: storableText({ min: 1, max: 200 }).nullish(),
  max_completion_tokens: z.number().int().min(1).max(100_000).nullish(),
  turn_detection: z
    .looseObject({
      threshold: z.number().min(0).max(1).default(0.5),
      prefix_padding_ms: milliseconds(10_000).default(300),
      silence_duration_ms: milliseconds(30_000).default(200),
      idle_timeout_ms: milliseconds(3_600_000).nullish(),
    })
    .nullish(),
});

export type LlmConfig = z.output<typeof llmConfigShape>;

export function isRealtime(config: { readonly provider?: unknown } | null | undefined): boolean {
  return (REALTIME_PROVIDERS as readonly unknown[]).includes(config?.provider);
}

export const llmConfigField: VendorField<AgentSettings> = {
  read: toLlmConfig,
  write(config: LlmConfig | null, settings) {
    if (config === null) return reset(settings);
    return isRealtime(config) ? toRealtime(config, settings) : toPipeline(config, settings);
  },
};

function toLlmConfig(settings: AgentSettings): object {
  const { temperature, maxOutputTokens, prompt, speechToSpeech, mode } = settings;
  const rest = {
    temperature: temperature ?? DEFAULT_TEMPERATURE,
    messages: prompt === "" ? [] : [{ role: "system", content: prompt }],
    tools: toVendorTools(settings),
    ...(maxOutputTokens === undefined ? {} : { max_completion_tokens: maxOutputTokens }),
  };
  if (mode !== "speech-to-speech")
    return { ...fromModelName(settings.models.languageModel, PIPELINE_PROVIDERS), ...rest };
  const detection = speechToSpeech?.turnDetection;
  return {
    provider: isRealtime(speechToSpeech) ? speechToSpeech?.provider : "xai_realtime",
    model: speechToSpeech?.model ?? DEFAULT_REALTIME_MODEL,
    ...(speechToSpeech?.voice === undefined ? {} : { voice: speechToSpeech.voice }),
    ...rest,
    ...(detection === undefined
      ? {}
      : {
          turn_detection: {
            threshold: detection.threshold,
            prefix_padding_ms: detection.prefixPaddingMs,
            silence_duration_ms: detection.silenceMs,
            idle_timeout_ms: detection.idleTimeoutMs ?? null,
          },
        }),
  };
}

function toPipeline(config: LlmConfig, settings: AgentSettings): AgentSettings {
  const { speechToSpeech: _, ...rest } = withCommon(config, settings);
  const languageModel = toModelName(config.provider, config.model);
  const { languageModel: __, ...models } = rest.models;
  return {
    ...rest,
    mode: "pipeline",
    models: { ...models, ...(languageModel === undefined ? {} : { languageModel }) },
  };
}

function toRealtime(config: LlmConfig, settings: AgentSettings): AgentSettings {
  const { voice, model, provider, turn_detection: detection } = config;
  const idleTimeoutMs = detection?.idle_timeout_ms ?? undefined;
  return {
    ...withCommon(config, settings),
    mode: "speech-to-speech",
    speechToSpeech: {
      provider,
      model,
      ...(voice === undefined || voice === null ? {} : { voice }),
      ...(detection === undefined || detection === null
        ? {}
        : {
            turnDetection: {
              threshold: detection.threshold,
              prefixPaddingMs: detection.prefix_padding_ms,
              silenceMs: detection.silence_duration_ms,
              ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
            },
          }),
    },
  };
}

function withCommon(config: LlmConfig, settings: AgentSettings): AgentSettings {
  const { maxOutputTokens: _, ...rest } = settings;
  const tokens = config.max_completion_tokens ?? undefined;
  return {
    ...rest,
    prompt: config.messages === undefined || config.messages === null ? DEFAULT_PROMPT : toPrompt(config.messages),
    temperature: config.temperature ?? DEFAULT_TEMPERATURE,
    ...(tokens === undefined ? {} : { maxOutputTokens: tokens }),
    ...fromVendorTools(config.tools ?? []),
  };
}

function reset(settings: AgentSettings): AgentSettings {
  const { speechToSpeech: _, maxOutputTokens: __, temperature: ___, ...rest } = settings;
  const { languageModel: ____, ...models } = settings.models;
  return { ...rest, mode: "pipeline", models, prompt: DEFAULT_PROMPT, tools: [], transfers: [] };
}

/** What the system messages say; the others are kept, and open no conversation. */
function toPrompt(messages: readonly Message[] | null | undefined): string {
  return (messages ?? [])
    .filter(({ role }) => role === "system")
    .map(({ content }) => content)
    .join("\n\n");
}

function hasUniqueNames(tools: readonly { readonly name: string }[]): boolean {
  const names = tools.map(({ name }) => name);
  return new Set(names).size === names.length;
}
