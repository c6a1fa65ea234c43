import type { Vault } from "../secrets/vault.ts";
import type { VoiceTurns } from "../voice-turns/voice-turn.ts";
import type { WallClock } from "../wall-clock.ts";
import { secretsOf } from "./signing-secrets.ts";
import type { WebhookEndpointStore } from "./store.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const MOST_ENDPOINTS = 200;

/** Where the turns of an agent in webhook mode go; undefined when nobody decides what it says but us. */
export type FindVoiceTurns = (workspaceId: string, agentId: string | undefined) => Promise<VoiceTurns | undefined>;

/** The agent's own endpoint, or else the workspace's; the newest where there are several. */
export function createFindVoiceTurns(deps: {
  readonly endpoints: WebhookEndpointStore;
  readonly vault: Vault;
  readonly clock: WallClock;
}): FindVoiceTurns {
  const { endpoints, vault, clock } = deps;
  return async (workspaceId, agentId) => {
    const all = (await endpoints.list(workspaceId, { limit: MOST_ENDPOINTS })).filter(({ isEnabled }) => isEnabled);
    const endpoint =
      all.find((candidate) => candidate.agentId !== undefined && candidate.agentId === agentId) ??
      all.find((candidate) => candidate.agentId === undefined);
    return endpoint === undefined
      ? undefined
      : toVoiceTurns(endpoint, secretsOf(vault, endpoint, clock.now().getTime()));
  };
}

function toVoiceTurns({ dialect, url, settings }: WebhookEndpoint, [secret]: readonly string[]): VoiceTurns {
  const { timeoutMs } = settings;
  return {
    dialect,
    url,
    ...(secret === undefined ? {} : { secret }),
    timeoutMs: typeof timeoutMs === "number" ? timeoutMs : DEFAULT_TIMEOUT_MS,
    details: settings,
  };
}
