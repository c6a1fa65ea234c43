export { type AnthropicOptions, anthropicModel } from "./anthropic-model.ts";
export { LanguageModelConfigError } from "./config-error.ts";
export {
  type FindLanguageModelsOptions,
  findLanguageModels,
  type LanguageModelChoice,
} from "./find-language-models.ts";
export type { FoundLanguageModel } from "./found-models.ts";
export { type GgufModel, type GgufOptions, ggufModel } from "./gguf/gguf-model.ts";
export { ggufModels } from "./gguf/gguf-models.ts";
export { type OpenAiCompatibleOptions, openAiCompatibleModel } from "./openai-compatible-model.ts";
