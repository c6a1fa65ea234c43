/** Starts the one server of the test files that need none of their own, when the first of them is to run. */
import type { TestProject } from "vitest/node";
import { type RunningServer, startOwnServer } from "./running-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly sharedServer: RunningServer;
  }
}

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env["EARSHOT_E2E_URL"] !== undefined) return undefined;
  const server = await startOwnServer({ environment: { EARSHOT_ALLOW_PRIVATE_URLS: "127.0.0.1" } });
  project.provide("sharedServer", { url: server.url, apiKey: server.apiKey, pid: server.pid });
  return server.stop;
}
