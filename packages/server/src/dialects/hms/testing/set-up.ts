import { createApp } from "../../../api/create-app.ts";
import { TEST_KEY, testDeps } from "../../../api/testing/test-deps.ts";
import type { AppDeps } from "../../../http/app-deps.ts";
import type { Database } from "../../../storage/database.ts";
import { mountDialects } from "../../mount-dialects.ts";
import { HmsClient, type Json } from "./hms-client.ts";

/** The whole HTTP surface on a real database, and a client pointed at HMS's part of it. */
export function setUp(database: Database, overrides: Partial<AppDeps> = {}) {
  const deps = testDeps(database, overrides);
  const app = createApp(deps, mountDialects);
  const send = (url: string, init: RequestInit) => app.request(url, init);
  const clientOf = (apiKey: string) => new HmsClient({ baseUrl: "http://localhost/hms/api/v1", apiKey, send });
  const own = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const response = await app.request(`http://localhost/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${TEST_KEY}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Json;
  };
  return { deps, app, hms: clientOf(TEST_KEY), clientOf, own };
}
