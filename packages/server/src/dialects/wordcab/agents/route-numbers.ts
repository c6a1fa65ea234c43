import type { AgentNumber, StoredAgent } from "../../../agents/store.ts";
import type { DialectDeps } from "../../kit/open-dialect.ts";

export async function routeNumbers(
  _deps: DialectDeps,
  _workspaceId: string,
  _phoneNumbers: readonly string[],
  _before?: StoredAgent,
): Promise<(agent: StoredAgent) => Promise<readonly AgentNumber[]>> {
  return async (agent) => agent.numbers;
}
