import { LanguageModelConfigError } from "./config-error.ts";

/** Environment variables by name. Empty ones count as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type EndpointSettings = {
  /** Without a slash at the end; "/v1" is appended where the URL has no path. */
  readonly url?: string;
  readonly key?: string;
  readonly model?: string;
};

/** Reads EARSHOT_LLM_URL, EARSHOT_LLM_KEY and EARSHOT_LLM_MODEL. Throws LanguageModelConfigError. */
export function readEndpointSettings(env: Environment): EndpointSettings {
  const url = readSetting(env, "EARSHOT_LLM_URL");
  const key = readKey(env, "EARSHOT_LLM_KEY");
  const model = readSetting(env, "EARSHOT_LLM_MODEL");
  if (key !== undefined && url === undefined) {
    throw new LanguageModelConfigError(
      "EARSHOT_LLM_KEY",
      "is set, but EARSHOT_LLM_URL isn't: set it to the server's address, such as https://llm.example.com/v1",
    );
  }
  return {
    ...(url === undefined ? {} : { url: parseBaseUrl(url) }),
    ...(key === undefined ? {} : { key }),
    ...(model === undefined ? {} : { model }),
  };
}

export function readSetting(env: Environment, variable: string): string | undefined {
  const value = env[variable]?.trim();
  return value === undefined || value === "" ? undefined : value;
}

/** A key goes into an HTTP header, so that a stray line break or quote would fail only in the first call. */
export function readKey(env: Environment, variable: string): string | undefined {
  const key = readSetting(env, variable);
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new LanguageModelConfigError(variable, "holds a space, a line break or a character that no key has");
  }
  return key;
}

function parseBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new LanguageModelConfigError("EARSHOT_LLM_URL", "must be a URL such as http://127.0.0.1:8000/v1");
  }
  if (url.username !== "" || url.password !== "") {
    throw new LanguageModelConfigError("EARSHOT_LLM_URL", "must not hold a user name or password: use EARSHOT_LLM_KEY");
  }
  const path = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return `${url.origin}${path === "" ? "/v1" : path}`;
}
