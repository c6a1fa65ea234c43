import type { Clock, LanguageModel } from "@earshot/engine";
import { LanguageModelConfigError } from "./config-error.ts";
import { LOCAL_SERVERS, type LocalServer, VENDOR_DEFAULTS } from "./default-models.ts";
import {
  type EndpointSettings,
  type Environment,
  readEndpointSettings,
  readKey,
  readSetting,
} from "./endpoint-settings.ts";
import type { FetchFunction } from "./fetch-function.ts";
import { endpointModel, type FoundLanguageModel, localModel, vendorModel } from "./found-models.ts";
import { listModels } from "./list-models.ts";

const PROBE_LIMIT_MS = 300;
const ENDPOINT_LIMIT_MS = 5000;

export type FindLanguageModelsOptions = {
  /** EARSHOT_LLM_*, OPENAI_API_KEY, ANTHROPIC_API_KEY, GROQ_API_KEY and OLLAMA_HOST are read. */
  readonly env: Environment;
  readonly fetch: FetchFunction;
  readonly clock: Clock;
  /** Told, a line each, what was looked at and left out. */
  readonly log: (line: string) => void;
  /** What works when nothing else does; last in the list. */
  readonly builtin: LanguageModel;
  /** Models in files, found elsewhere. */
  readonly fromFiles?: readonly FoundLanguageModel[];
  /** Servers on loopback that are asked for their models. Default: Ollama, llama.cpp (8081) and LM Studio. */
  readonly localServers?: readonly LocalServer[];
};

export type LanguageModelChoice = {
  /** Best first, the built-in one last; never empty. */
  readonly models: readonly FoundLanguageModel[];
  readonly default: FoundLanguageModel;
  /** One sentence for the start banner. */
  readonly explanation: string;
};

/**
 * Finds what is configured or running. Takes 300 ms at most, or 5 s where EARSHOT_LLM_URL must be asked for its models.
 * Throws LanguageModelConfigError, which names the variable to correct.
 */
export async function findLanguageModels(options: FindLanguageModelsOptions): Promise<LanguageModelChoice> {
  const settings = readEndpointSettings(options.env);
  const [endpoint, running] = await Promise.all([findEndpoint(settings, options), findRunning(options)]);
  const models = [
    ...endpoint,
    ...findVendors(options),
    ...running,
    ...(options.fromFiles ?? []),
    { name: options.builtin.name, reason: "it needs nothing", create: () => options.builtin },
  ];
  // With a URL, EARSHOT_LLM_MODEL is the model there; without one it chooses among what was found.
  const wanted = settings.url === undefined ? settings.model : undefined;
  if (wanted === undefined) return explain(models, models[0]);
  const chosen = choose(wanted, models, options);
  return explain([chosen, ...models.filter((model) => model.name !== chosen.name)], chosen, true);
}

async function findEndpoint(
  settings: EndpointSettings,
  options: FindLanguageModelsOptions,
): Promise<readonly FoundLanguageModel[]> {
  const { url, key, model } = settings;
  if (url === undefined) return [];
  const endpoint = { url, ...(key === undefined ? {} : { key }) };
  if (model !== undefined) return [endpointModel({ ...endpoint, model, reason: "EARSHOT_LLM_URL is set" }, options)];
  const answer = await within(ENDPOINT_LIMIT_MS, options.clock, (signal) =>
    listModels({ baseUrl: url, ...(key === undefined ? {} : { apiKey: key }), fetch: options.fetch, signal }),
  );
  if (!("ids" in answer)) throw cannotList(url, answer);
  const [first] = answer.ids;
  if (first === undefined) {
    throw new LanguageModelConfigError("EARSHOT_LLM_MODEL", `${url} lists no model: name the one to use`);
  }
  const reason = "EARSHOT_LLM_URL is set, and this is the first model there";
  return [endpointModel({ ...endpoint, model: first, reason }, options)];
}

function cannotList(url: string, failure: { status: number } | { cause: unknown }): LanguageModelConfigError {
  if ("cause" in failure) {
    const message = `${url} could not be asked for its models. Is the server running? If it has no list, set EARSHOT_LLM_MODEL`;
    return new LanguageModelConfigError("EARSHOT_LLM_URL", message, failure.cause);
  }
  if (failure.status === 401 || failure.status === 403) {
    return new LanguageModelConfigError("EARSHOT_LLM_KEY", `${url} refused it (HTTP ${failure.status})`);
  }
  const message = `${url}/models answered HTTP ${failure.status}: correct the URL, or set EARSHOT_LLM_MODEL`;
  return new LanguageModelConfigError("EARSHOT_LLM_URL", message);
}

function findVendors(options: FindLanguageModelsOptions): readonly FoundLanguageModel[] {
  return VENDOR_DEFAULTS.flatMap((vendor) => {
    const key = readKey(options.env, vendor.keyVariable);
    return key === undefined ? [] : [vendorModel(vendor, key, vendor.model, options)];
  });
}

async function findRunning(options: FindLanguageModelsOptions): Promise<readonly FoundLanguageModel[]> {
  const servers = (options.localServers ?? LOCAL_SERVERS).map((server) => relocate(server, options.env));
  const found = await Promise.all(servers.map((server) => probe(server, options)));
  return found.flat();
}

async function probe(server: LocalServer, options: FindLanguageModelsOptions): Promise<readonly FoundLanguageModel[]> {
  const answer = await within(PROBE_LIMIT_MS, options.clock, (signal) =>
    listModels({ baseUrl: server.baseUrl, fetch: options.fetch, signal }),
  );
  if ("cause" in answer) return [];
  const { host } = new URL(server.baseUrl);
  if ("status" in answer) {
    options.log(`${host} is not used: it is no ${server.title} (HTTP ${answer.status} for its models)`);
    return [];
  }
  if (answer.ids.length === 0) options.log(`${server.title} at ${host} is not used: it has no model yet`);
  return answer.ids.map((id) => localModel(server, id, options));
}

/** OLLAMA_HOST is how Ollama itself is moved: "host", "host:port" or a URL. 0.0.0.0 is where it listens, not where it is. */
function relocate(server: LocalServer, env: Environment): LocalServer {
  const host = server.vendor === "ollama" ? readSetting(env, "OLLAMA_HOST") : undefined;
  if (host === undefined) return server;
  const url = URL.parse(/^https?:\/\//.test(host) ? host : `http://${host}`);
  if (url === null) throw new LanguageModelConfigError("OLLAMA_HOST", "must be an address such as 127.0.0.1:11434");
  if (url.port === "" && !/^https?:\/\//.test(host)) url.port = "11434";
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  return { ...server, baseUrl: `${url.origin}/v1` };
}

function choose(
  wanted: string,
  models: readonly FoundLanguageModel[],
  options: FindLanguageModelsOptions,
): FoundLanguageModel {
  const known =
    models.find((model) => model.name === wanted) ?? models.find((model) => model.name.endsWith(`/${wanted}`));
  if (known !== undefined) return known;
  // Hosted vendors have more models than the default: "openai/gpt-6.1-terra", or the bare id for the first key.
  const keyed = VENDOR_DEFAULTS.filter((vendor) => readKey(options.env, vendor.keyVariable) !== undefined);
  const named = keyed.find((vendor) => wanted.startsWith(`${vendor.vendor}/`));
  const vendor =
    named ?? (/^(builtin|ollama|gguf|lm-studio|llama\.cpp|openai|anthropic)\//.test(wanted) ? undefined : keyed[0]);
  const key = vendor === undefined ? undefined : readKey(options.env, vendor.keyVariable);
  if (vendor === undefined || key === undefined) {
    const names = models.map((model) => model.name).join(", ");
    throw new LanguageModelConfigError("EARSHOT_LLM_MODEL", `there is no "${wanted}" here. Found: ${names}`);
  }
  const model = named === undefined ? wanted : wanted.slice(vendor.vendor.length + 1);
  return vendorModel(vendor, key, model, options);
}

function explain(
  models: readonly FoundLanguageModel[],
  chosen: FoundLanguageModel | undefined,
  wasNamed = false,
): LanguageModelChoice {
  if (chosen === undefined) throw new Error("the built-in model is always there");
  const isAlone = models.length === 1;
  const reason = wasNamed ? `EARSHOT_LLM_MODEL names it, ${chosen.reason}` : chosen.reason;
  const explanation = isAlone
    ? `${chosen.name}: no API key is set and no local model server is running. Set EARSHOT_LLM_URL or OPENAI_API_KEY for a language model.`
    : `${chosen.name}: ${reason}.`;
  return { models, default: chosen, explanation };
}

async function within<T>(limitMs: number, clock: Clock, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const cancel = clock.after(limitMs, () => abort.abort(new Error(`no answer within ${limitMs} ms`)));
  try {
    return await run(abort.signal);
  } finally {
    cancel();
  }
}
