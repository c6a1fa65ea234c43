import type { Clock, SpeechToSpeech } from "@earshot/engine";
import { findRealtimeModels } from "@earshot/providers";
import type { CallThreadData, ThreadModel } from "./messages.ts";

export type RealtimeModels = {
  /** The first is the default. */
  readonly names: readonly ThreadModel[];
  /** The model of that name, "<vendor>/<model>", made at its first use; undefined where the vendor isn't configured. */
  readonly get: (name: string) => SpeechToSpeech | undefined;
};

/** Looks for what is configured; connects to nothing. Throws an error that names the variable to correct. */
export function loadRealtimeModels(
  data: Pick<CallThreadData, "realtime" | "languageModel">,
  clock: Clock,
): RealtimeModels {
  const found = findRealtimeModels({
    env: {
      EARSHOT_REALTIME_URL: data.realtime.url,
      EARSHOT_REALTIME_KEY: data.realtime.key,
      EARSHOT_REALTIME_MODEL: data.realtime.model,
      OPENAI_API_KEY: data.languageModel.openaiKey,
      XAI_API_KEY: data.realtime.xaiKey,
    },
    clock,
  });
  const made = new Map<string, SpeechToSpeech>();
  return {
    names: found.map(({ name, reason }) => ({ name, reason })),
    get(name) {
      const known = made.get(name);
      if (known) return known;
      const owner =
        found.find((other) => other.name === name) ?? found.find(({ vendor }) => name.startsWith(`${vendor}/`));
      const model = owner?.create(name.slice(owner.vendor.length + 1));
      if (model) made.set(name, model);
      return model;
    },
  };
}
