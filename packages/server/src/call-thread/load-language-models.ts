import type { Clock, Embedder, LanguageModel } from "@earshot/engine";
import { findLanguageModels, ggufModels, receptionist } from "@earshot/providers";
import type { CallThreadData, ThreadModel } from "./messages.ts";

export type LanguageModels = {
  readonly names: readonly ThreadModel[];
  readonly defaultName: string;
  readonly explanation: string;
  /** The model of that name, or the default one where there is none any more. Made at its first use. */
  readonly get: (name: string | undefined) => LanguageModel;
  /** The other model that answers where the one of that name fails: `wanted`, or the next that is no built-in one. */
  readonly fallbackOf: (name: string | undefined, wanted: string | undefined) => LanguageModel | undefined;
};

/** Looks for what is configured, running or lying in the models folder. */
export async function loadLanguageModels(options: {
  data: CallThreadData;
  clock: Clock;
  embedder: Embedder;
  warn: (message: string, fields: object) => void;
}): Promise<LanguageModels> {
  const { languageModel: config } = options.data;
  const choice = await findLanguageModels({
    env: {
      EARSHOT_LLM_URL: config.url,
      EARSHOT_LLM_KEY: config.key,
      EARSHOT_LLM_MODEL: config.model,
      OPENAI_API_KEY: config.openaiKey,
      ANTHROPIC_API_KEY: config.anthropicKey,
      GROQ_API_KEY: config.groqKey,
      OLLAMA_HOST: config.ollamaHost,
    },
    fetch,
    clock: options.clock,
    log: (line) => options.warn("A language model was left out", { reason: line }),
    fromFiles: ggufModels(options.data.localModels, options.clock),
    builtin: receptionist({ embedder: options.embedder }),
  });
  const made = new Map<string, LanguageModel>();
  const create = (found: (typeof choice.models)[number]) => {
    const model = made.get(found.name) ?? found.create();
    made.set(found.name, model);
    return model;
  };
  const find = (name: string | undefined) => choice.models.find((model) => model.name === name) ?? choice.default;
  return {
    names: choice.models.map(({ name, reason }) => ({ name, reason })),
    defaultName: choice.default.name,
    explanation: choice.explanation,
    get: (name) => create(find(name)),
    fallbackOf: (name, wanted) => {
      const others = choice.models.filter((model) => model.name !== find(name).name);
      const fits = (model: { readonly name: string }) =>
        wanted === undefined ? !model.name.startsWith("builtin/") : model.name === wanted;
      const other = others.find(fits);
      return other && create(other);
    },
  };
}
