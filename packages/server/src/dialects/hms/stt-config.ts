/** `stt_config`: what makes words of the caller's speech. */
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorField } from "../kit/vendor-fields.ts";
import { fromModelName, NODE, toModelName } from "./model-names.ts";

const PROVIDERS = ["deepgram", "elevenlabs", "gladia", "mistral", "google", NODE] as const;

const LANGUAGES: readonly string[] =
  "multi nl en de fr es it pt pl ru ja ko zh ar hi da sv no fi cs hu ro bg hr sk tr id vi".split(" ");

/** A language of the list, or one with a region such as "en-US". */
const languageShape = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^multi$/, "must be a language code such as nl")
  .refine((language) => LANGUAGES.includes(primary(language)), `must be one of ${LANGUAGES.join(", ")}`);

export const sttConfigShape = z.looseObject({
  provider: z.enum(PROVIDERS),
  model: storableText({ min: 1, max: 180 }),
  language: languageShape,
  keyterms: z
    .array(storableText({ min: 1, max: 100 }))
    .max(200)
    .nullish(),
});

type SttConfig = z.output<typeof sttConfigShape>;

export const sttConfigField: VendorField<AgentSettings> = {
  read(settings) {
    if (settings.mode === "speech-to-speech") return null;
    return {
      ...fromModelName(settings.models.speechToText, PROVIDERS),
      language: toLanguage(settings.language),
      keyterms: settings.keyterms,
    };
  },
  write(config: SttConfig | null, settings) {
    const { speechToText: _, ...models } = settings.models;
    if (config === null) return settings.mode === "speech-to-speech" ? settings : { ...settings, models, keyterms: [] };
    const speechToText = toModelName(config.provider, config.model);
    return {
      ...settings,
      models: { ...models, ...(speechToText === undefined ? {} : { speechToText }) },
      language: config.language,
      keyterms: config.keyterms ?? [],
    };
  },
};

/** HMS's codes have no regions. */
export function toLanguage(language: string): string {
  return LANGUAGES.includes(primary(language)) ? primary(language) : language;
}

function primary(language: string): string {
  return language.split("-", 1)[0] ?? "";
}
