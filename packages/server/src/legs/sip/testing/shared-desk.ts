/** One exchange for all tests of a file, with an agent; between tests its providers are closed and its rules are gone. */
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Database } from "../../../storage/database.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../../storage/testing/each-database.ts";
import { AGENT_SAYS_NOTHING, type OwnDesk, type Provider, startOwnDesk, startProvider } from "./own-desk.ts";

/** @returns starts a provider for one test */
export function shareOwnDesk(
  ready: (started: {
    readonly desk: OwnDesk;
    readonly agentId: string;
    readonly database: Database;
  }) => void | Promise<void>,
): typeof startProvider {
  let database: EmbeddedTestDatabase | undefined;
  let desk: OwnDesk | undefined;
  const providers: Provider[] = [];
  beforeAll(async () => {
    database = await openEmbeddedForTest();
    desk = await startOwnDesk(database.database);
    await ready({
      ...{ desk, database: database.database },
      agentId: (await desk.make("/v1/agents", AGENT_SAYS_NOTHING)).id,
    });
  }, 60_000);
  afterEach(async () => {
    for (const { agent } of providers.splice(0)) await agent.close();
    await desk?.send("PATCH", "/v1/workspaces/ws_default", { calling: null });
  });
  afterAll(async () => {
    await desk?.close();
    await database?.dispose();
  });
  return async (onCall) => {
    const started = await startProvider(onCall);
    providers.push(started);
    return started;
  };
}
