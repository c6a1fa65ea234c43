import type { Clock, LanguageModel } from "@earshot/engine";
import { anthropicModel } from "./anthropic-model.ts";
import { type LocalServer, leastReasoningEffort, type VendorDefault } from "./default-models.ts";
import type { FetchFunction } from "./fetch-function.ts";
import { openAiCompatibleModel } from "./openai-compatible-model.ts";

/** A model that can be used, not yet made. */
export type FoundLanguageModel = {
  /** "<vendor>/<model>", unique in the list. */
  readonly name: string;
  /** Why it is in the list, for people: "OPENAI_API_KEY is set". */
  readonly reason: string;
  readonly create: () => LanguageModel;
};

type Parts = { readonly fetch: FetchFunction; readonly clock: Clock };

export function vendorModel(vendor: VendorDefault, apiKey: string, model: string, parts: Parts): FoundLanguageModel {
  const name = `${vendor.vendor}/${model}`;
  const shared = { ...parts, baseUrl: vendor.baseUrl, apiKey, model, name };
  const create = () => (vendor.vendor === "anthropic" ? makeAnthropic(shared, vendor) : makeOpenAi(shared, vendor));
  return { name, reason: `${vendor.keyVariable} is set`, create };
}

type Shared = Parts & {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly name: string;
};

/** Thinking is turned off only where it is known that it can be. */
function makeAnthropic(shared: Shared, vendor: VendorDefault): LanguageModel {
  return anthropicModel({ ...shared, thinking: shared.model === vendor.model ? "off" : "vendor" });
}

function makeOpenAi(shared: Shared, vendor: VendorDefault): LanguageModel {
  const reasoningEffort = leastReasoningEffort(vendor.vendor, shared.model);
  const isReasoning = vendor.vendor === "openai" && /^(gpt-[5-9]|o\d)/.test(shared.model);
  return openAiCompatibleModel({
    ...shared,
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    tokenLimitField: "max_completion_tokens",
    acceptsTemperature: !isReasoning || reasoningEffort === "none",
  });
}

export function localModel(server: LocalServer, model: string, parts: Parts): FoundLanguageModel {
  const name = `${server.vendor}/${model}`;
  const { host } = new URL(server.baseUrl);
  return {
    name,
    reason: `${server.title} is running at ${host}`,
    create: () => openAiCompatibleModel({ ...parts, baseUrl: server.baseUrl, model, name }),
  };
}

export function endpointModel(
  endpoint: { readonly url: string; readonly key?: string; readonly model: string; readonly reason: string },
  parts: Parts,
): FoundLanguageModel {
  const name = `endpoint/${endpoint.model}`;
  const apiKey = endpoint.key === undefined ? {} : { apiKey: endpoint.key };
  return {
    name,
    reason: endpoint.reason,
    create: () => openAiCompatibleModel({ ...parts, ...apiKey, baseUrl: endpoint.url, model: endpoint.model, name }),
  };
}
