/** `tts_config`: the voice. */
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorField } from "../kit/vendor-fields.ts";
import { toLanguage } from "./stt-config.ts";

/** Voices of this node, whatever speaks them. */
const LOCAL = "local";
const DEFAULT_VOICE = "default";
const PROVIDERS = ["openai", "elevenlabs", "cartesia", "inworld", "google", "xai"] as const;

const share = z.number().min(0).max(1);

export const ttsConfigShape = z.looseObject({
  provider: z.enum([...PROVIDERS, LOCAL, "11labs"]),
  voice_id: storableText({ min: 1, max: 180 }),
  language: storableText({ max: 20 }).nullish(),
  model: storableText({ min: 1, max: 180 }).nullish(),
  speed: z.number().min(0.5).max(2).nullish(),
  stability: share.nullish(),
  similarity_boost: share.nullish(),
  style: share.nullish(),
  use_speaker_boost: z.boolean().nullish(),
});

type TtsConfig = z.output<typeof ttsConfigShape>;

export const ttsConfigField: VendorField<AgentSettings> = {
  read(settings) {
    const { voice, models, mode, language } = settings;
    if (mode === "speech-to-speech") return null;
    const provider = PROVIDERS.find((name) => voice.id?.startsWith(`${name}:`));
    const model = models.textToSpeech;
    return {
      provider: provider ?? LOCAL,
      voice_id: toVoiceId(voice.id ?? DEFAULT_VOICE, provider),
      language: toLanguage(language),
      ...(model === undefined
        ? {}
        : { model: provider !== undefined && model.startsWith(`${provider}/`) ? afterFirst("/", model) : model }),
      speed: voice.speed,
      ...present({
        stability: voice.stability,
        similarity_boost: voice.similarityBoost,
        style: voice.style,
        use_speaker_boost: voice.useSpeakerBoost,
      }),
    };
  },
  write(config: TtsConfig | null, settings) {
    const { textToSpeech: _, ...models } = settings.models;
    if (config === null)
      return settings.mode === "speech-to-speech" ? settings : { ...settings, models, voice: { speed: 1 } };
    const provider = config.provider === "11labs" ? "elevenlabs" : config.provider;
    const isLocal = provider === LOCAL;
    const id = isLocal ? config.voice_id : `${provider}:${config.voice_id}`;
    const { model } = config;
    return {
      ...settings,
      models: {
        ...models,
        ...(model === undefined || model === null ? {} : { textToSpeech: isLocal ? model : `${provider}/${model}` }),
      },
      voice: {
        ...(isLocal && id === DEFAULT_VOICE ? {} : { id }),
        speed: config.speed ?? 1,
        ...present({
          stability: config.stability ?? undefined,
          similarityBoost: config.similarity_boost ?? undefined,
          style: config.style ?? undefined,
          useSpeakerBoost: config.use_speaker_boost ?? undefined,
        }),
      },
    };
  },
};

function toVoiceId(id: string, provider: string | undefined): string {
  return provider === undefined ? id : afterFirst(":", id);
}

function afterFirst(separator: string, text: string): string {
  return text.slice(text.indexOf(separator) + 1);
}

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

function present<Values extends object>(values: Values): Present<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>;
}
