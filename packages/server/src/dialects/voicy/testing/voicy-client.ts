/** Voicy's API as a client of it meets it. */
import { createApp } from "../../../api/create-app.ts";
import { TEST_KEY, testDeps } from "../../../api/testing/test-deps.ts";
import type { AppDeps } from "../../../http/app-deps.ts";
import type { Database } from "../../../storage/database.ts";
import { openVoicy } from "../open-voicy.ts";

type Json = Readonly<Record<string, unknown>>;
type Options = { readonly key?: string | undefined; readonly headers?: Readonly<Record<string, string>> };

/** The API on a real database; `overrides` replaces what a test is about. */
export function voicyClient(database: Database, overrides: Partial<AppDeps> = {}) {
  const deps = testDeps(database, {
    knows: { voice: () => true, model: () => true, realtime: () => true },
    ...overrides,
  });
  const app = createApp(deps, (own, all) => own.route("/voicy", openVoicy({ ...deps, ...all })));
  /** @param path within the dialect; one that begins with "/voicy" or "own:" as it is */
  const send = async (method: string, path: string, body?: unknown, options: Options = {}) => {
    const { key = TEST_KEY, headers } = options;
    const response = await app.request(path.startsWith("own:") ? path.slice(4) : `/voicy${path}`, {
      method,
      headers: {
        ...(key === "" ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, text, json: (isJson ? JSON.parse(text) : {}) as Json };
  };
  return { deps, app, send };
}

export type VoicyClient = ReturnType<typeof voicyClient>;
