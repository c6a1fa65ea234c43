/** Wordcab's API as a client of it meets it. */
import { createApp } from "../../../api/create-app.ts";
import { TEST_KEY, testDeps } from "../../../api/testing/test-deps.ts";
import type { AppDeps } from "../../../http/app-deps.ts";
import type { Database } from "../../../storage/database.ts";
import { openWordcab } from "../open-wordcab.ts";

type Json = Readonly<Record<string, unknown>>;
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Json };

/** The API on a real database; `overrides` replaces what a test is about. */
export function wordcabClient(database: Database, overrides: Partial<AppDeps> = {}) {
  const deps = testDeps(database, overrides);
  const app = createApp(deps, (own, all) => own.route("/wordcab", openWordcab({ ...deps, ...all })));
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("Authorization")) headers.set("Authorization", `Bearer ${TEST_KEY}`);
    return app.request(path, { ...init, headers });
  };
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await request(`/wordcab${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text.startsWith("{") ? (JSON.parse(text) as Json) : {};
    return { status: response.status, headers: response.headers, body: json } satisfies Answer;
  };
  return {
    deps,
    request,
    get: (path: string) => send("GET", path),
    post: (path: string, body?: unknown, headers?: Record<string, string>) => send("POST", path, body, headers),
    patch: (path: string, body?: unknown) => send("PATCH", path, body),
    delete: (path: string) => send("DELETE", path),
  };
}

export type WordcabClient = ReturnType<typeof wordcabClient>;
