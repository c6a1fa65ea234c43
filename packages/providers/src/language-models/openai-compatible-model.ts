import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Clock, LanguageModel } from "@earshot/engine";
import { extractReasoningMiddleware, wrapLanguageModel } from "ai";
import type { FetchFunction } from "./fetch-function.ts";
import { streamReply } from "./stream-reply.ts";
import type { TokenLimits } from "./token-deadline.ts";

export type OpenAiCompatibleOptions = TokenLimits & {
  /** Up to and with the version, e.g. "http://127.0.0.1:11434/v1". */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** As the server calls it. */
  readonly model: string;
  /** Default "openai-compatible/<model>". */
  readonly name?: string;
  /** Default: Node's. */
  readonly fetch?: FetchFunction;
  readonly clock: Clock;
  /** Sent as `reasoning_effort`; absent: the server's default. */
  readonly reasoningEffort?: string;
  /** The field for `maxOutputTokens`. OpenAI's newer models refuse the default "max_tokens". */
  readonly tokenLimitField?: "max_tokens" | "max_completion_tokens";
  /** Default true; false for models that refuse any temperature but their own. */
  readonly acceptsTemperature?: boolean;
};

/** Any server that speaks OpenAI's chat completions. Thoughts that it writes as `<think>…</think>` aren't spoken. */
export function openAiCompatibleModel(options: OpenAiCompatibleOptions): LanguageModel {
  const name = options.name ?? `openai-compatible/${options.model}`;
  const vendor = createOpenAICompatible({
    name: "vendor",
    baseURL: options.baseUrl,
    includeUsage: true,
    transformRequestBody: (body) => shapeBody(body, options),
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const model = wrapLanguageModel({
    model: vendor.chatModel(options.model),
    middleware: extractReasoningMiddleware({ tagName: "think" }),
  });
  const { reasoningEffort } = options;
  const providerOptions = reasoningEffort === undefined ? {} : { providerOptions: { vendor: { reasoningEffort } } };
  return {
    name,
    reply: (request, signal) => streamReply({ ...options, ...providerOptions, model, provider: name }, request, signal),
  };
}

function shapeBody(body: Record<string, unknown>, options: OpenAiCompatibleOptions): Record<string, unknown> {
  const { max_tokens: maxTokens, temperature, ...rest } = body;
  const limitField = options.tokenLimitField ?? "max_tokens";
  return {
    ...rest,
    ...(maxTokens === undefined ? {} : { [limitField]: maxTokens }),
    ...(temperature === undefined || options.acceptsTemperature === false ? {} : { temperature }),
  };
}
