import type { AppDeps } from "../../http/app-deps.ts";
import type { Database } from "../../storage/database.ts";
import { createApp } from "../create-app.ts";
import { TEST_KEY, testDeps } from "./test-deps.ts";

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

/** Our API without a socket. `send` takes JSON and gives JSON. */
export function apiClient(database: Database, overrides: Partial<AppDeps> = {}, key = TEST_KEY) {
  const deps = testDeps(database, overrides);
  const app = createApp(deps);
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const response = await app.request(path, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
  };
  return { deps, app, send };
}
