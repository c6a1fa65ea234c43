import { createAnthropic } from "@ai-sdk/anthropic";
import type { Clock, LanguageModel } from "@earshot/engine";
import type { FetchFunction } from "./fetch-function.ts";
import { streamReply } from "./stream-reply.ts";
import type { TokenLimits } from "./token-deadline.ts";

export type AnthropicOptions = TokenLimits & {
  readonly apiKey: string;
  readonly model: string;
  /** Default "https://api.anthropic.com/v1". */
  readonly baseUrl?: string;
  /** Default "anthropic/<model>". */
  readonly name?: string;
  /** Default: Node's. */
  readonly fetch?: FetchFunction;
  readonly clock: Clock;
  /** Default "vendor": what Anthropic does for that model. "off" saves seconds before the first word. */
  readonly thinking?: "vendor" | "off";
};

/** Anthropic's Messages API. */
export function anthropicModel(options: AnthropicOptions): LanguageModel {
  const name = options.name ?? `anthropic/${options.model}`;
  const vendor = createAnthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? "https://api.anthropic.com/v1",
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  const model = vendor.languageModel(options.model);
  const providerOptions =
    options.thinking === "off" ? { providerOptions: { anthropic: { thinking: { type: "disabled" } } } } : {};
  return {
    name,
    reply: (request, signal) => streamReply({ ...options, ...providerOptions, model, provider: name }, request, signal),
  };
}
