import type { Clock, SpeechToSpeech } from "@earshot/engine";
import { type Environment, readKey, readSetting } from "../language-models/endpoint-settings.ts";
import { openAiVendor } from "./openai.ts";
import { realtimeModel } from "./realtime-model.ts";
import type { RealtimeVendor } from "./vendor.ts";
import { xaiVendor } from "./xai.ts";

/** A realtime model that can be used, not yet made. */
export type FoundRealtimeModel = {
  /** "<vendor>/<model>", unique in the list. */
  readonly name: string;
  readonly vendor: string;
  /** Why it is in the list, for people: "OPENAI_API_KEY is set". */
  readonly reason: string;
  /** `model`: another one of the same vendor. */
  readonly create: (model?: string) => SpeechToSpeech;
};

/** A setting for realtime models that can't be used as it is. */
export class RealtimeConfigError extends Error {
  /** The environment variable to correct. */
  readonly variable: string;

  constructor(variable: string, message: string) {
    super(`${variable}: ${message}`);
    this.name = "RealtimeConfigError";
    this.variable = variable;
  }
}

type Hosted = {
  readonly vendor: RealtimeVendor;
  readonly keyVariable: string;
  readonly url: string;
  readonly model: string;
};

const HOSTED: readonly Hosted[] = [
  {
    vendor: openAiVendor(),
    keyVariable: "OPENAI_API_KEY",
    url: "wss://api.openai.com/v1/realtime",
    model: "gpt-realtime",
  },
  {
    vendor: xaiVendor,
    keyVariable: "XAI_API_KEY",
    url: "wss://api.x.ai/v1/realtime",
    model: "grok-voice-latest",
  },
];

/**
 * What is configured, best first; nothing is connected. EARSHOT_REALTIME_URL, _KEY and _MODEL, OPENAI_API_KEY and XAI_API_KEY
 * are read. Throws RealtimeConfigError, or LanguageModelConfigError for a broken key: both name the variable to correct.
 */
export function findRealtimeModels({ env, clock }: { env: Environment; clock: Clock }): readonly FoundRealtimeModel[] {
  const url = readSetting(env, "EARSHOT_REALTIME_URL");
  const key = readKey(env, "EARSHOT_REALTIME_KEY");
  const wanted = readSetting(env, "EARSHOT_REALTIME_MODEL");
  const hosted = HOSTED.flatMap((vendor) => {
    const apiKey = readKey(env, vendor.keyVariable);
    return apiKey === undefined ? [] : [found({ ...vendor, apiKey, clock, reason: `${vendor.keyVariable} is set` })];
  });
  if (url !== undefined) {
    if (wanted === undefined)
      throw new RealtimeConfigError("EARSHOT_REALTIME_MODEL", `is missing: name the model at ${url}`);
    const reason = "EARSHOT_REALTIME_URL is set";
    const endpoint = {
      vendor: openAiVendor("endpoint"),
      model: wanted,
      url: parseUrl(url),
      apiKey: key,
      clock,
      reason,
    };
    return [found(endpoint), ...hosted];
  }
  if (key !== undefined) {
    const message = "is set, but EARSHOT_REALTIME_URL isn't: set it to the server's address";
    throw new RealtimeConfigError("EARSHOT_REALTIME_KEY", message);
  }
  return wanted === undefined ? hosted : preferring(wanted, hosted);
}

type Parts = {
  readonly vendor: RealtimeVendor;
  readonly model: string;
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly clock: Clock;
  readonly reason: string;
};

function found({ vendor, model, url, apiKey, clock, reason }: Parts): FoundRealtimeModel {
  return {
    name: `${vendor.name}/${model}`,
    vendor: vendor.name,
    reason,
    create: (other = model) =>
      realtimeModel({ vendor, model: other, url, clock, ...(apiKey === undefined ? {} : { apiKey }) }),
  };
}

/** Without an endpoint of one's own the variable names a model of a vendor whose key is set: "gpt-realtime-mini". */
function preferring(wanted: string, hosted: readonly FoundRealtimeModel[]): readonly FoundRealtimeModel[] {
  const named = hosted.find(({ vendor }) => wanted.startsWith(`${vendor}/`));
  const owner = named ?? (wanted.includes("/") ? undefined : hosted[0]);
  if (!owner) {
    const message = `there is no "${wanted}" here: set EARSHOT_REALTIME_URL, OPENAI_API_KEY or XAI_API_KEY`;
    throw new RealtimeConfigError("EARSHOT_REALTIME_MODEL", message);
  }
  const model = named ? wanted.slice(named.vendor.length + 1) : wanted;
  const chosen: FoundRealtimeModel = {
    ...owner,
    name: `${owner.vendor}/${model}`,
    reason: `EARSHOT_REALTIME_MODEL names it, ${owner.reason}`,
    create: (other = model) => owner.create(other),
  };
  return [chosen, ...hosted.filter((other) => other !== owner)];
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !["ws:", "wss:", "http:", "https:"].includes(url.protocol))
    throw new RealtimeConfigError("EARSHOT_REALTIME_URL", "must be a URL such as ws://127.0.0.1:8000/v1/realtime");
  if (url.username !== "" || url.password !== "") {
    const message = "must not hold a user name or password: use EARSHOT_REALTIME_KEY";
    throw new RealtimeConfigError("EARSHOT_REALTIME_URL", message);
  }
  const path = url.pathname.replace(/\/+$/, "");
  const whole = path === "" ? "/v1/realtime" : path.replace(/\/v1$/, "/v1/realtime");
  return `${url.protocol.replace("http", "ws")}//${url.host}${whole}${url.search}`;
}
