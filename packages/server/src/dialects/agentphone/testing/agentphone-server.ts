/** A listening server and the vendor's own client, pointed at it. */
import { AgentPhoneClient } from "agentphone";
import { createApp } from "../../../api/create-app.ts";
import { TEST_KEY, testDeps } from "../../../api/testing/test-deps.ts";
import type { AppDeps } from "../../../http/app-deps.ts";
import { listen } from "../../../http-server.ts";
import type { Database } from "../../../storage/database.ts";
import { mountDialects } from "../../mount-dialects.ts";

export async function startAgentPhone(database: Database, overrides: Partial<AppDeps> = {}) {
  const deps = testDeps(database, overrides);
  const app = createApp(deps, mountDialects);
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  const baseUrl = `${server.url}/agentphone`;
  return {
    deps,
    app,
    baseUrl,
    client: new AgentPhoneClient({ token: TEST_KEY, baseUrl, maxRetries: 0 }),
    /** A request without the client, for what it can't send. */
    async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { Authorization: `Bearer ${TEST_KEY}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? undefined : toJson(text) };
    },
    close: () => server.close(),
  };
}

export type AgentPhoneServer = Awaited<ReturnType<typeof startAgentPhone>>;

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as their clients do
function toJson(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
