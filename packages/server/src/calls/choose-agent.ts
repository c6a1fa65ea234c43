import type { AgentSettings } from "../agents/agent.ts";
import { patchSettings } from "../agents/patch-settings.ts";
import type { AgentStore } from "../agents/store.ts";
import { parseSettings } from "../agents/update-agent.ts";
import { AppError } from "../app-error.ts";
import type { Call, NewCall } from "./call.ts";

/** What a new call needs to know of the agent that holds it. */
export type AgentOfCall = Pick<Call, "agentId" | "agentRevision" | "agentVersion" | "agentName"> & {
  readonly settings: AgentSettings;
  /** Whether the settings are the call's own, and not just those of a revision. */
  readonly isOwn: boolean;
};

export type AgentChoice = Pick<NewCall, "agentId" | "agent" | "overrides">;

/**
 * The agent of a new call, with what the call changes of it.
 * @throws AppError `not_found`; `agent_inactive`; `invalid_request` when the overrides make it invalid
 */
export async function chooseAgent(
  agents: AgentStore,
  workspaceId: string,
  { agentId, agent, overrides }: AgentChoice,
  use: "working" | "deployed",
): Promise<AgentOfCall> {
  if (agent !== undefined) return { agentName: agent.name, settings: agent, isOwn: true };
  const found = await agents.findForCall(workspaceId, agentId ?? "", use);
  if (found === undefined) throw new AppError("not_found", `there is no agent "${agentId}"`);
  const settings = overrides === undefined ? found.settings : parseSettings(patchSettings(found.settings, overrides));
  if (!settings.isActive)
    throw new AppError("agent_inactive", `agent "${agentId}" is not active: set isActive to true`);
  return {
    agentId: found.id,
    agentRevision: found.revision,
    ...(found.version === undefined ? {} : { agentVersion: found.version }),
    agentName: settings.name,
    settings,
    isOwn: overrides !== undefined,
  };
}

/** What of the agent is written on the call. */
export function toCallAgent({ settings: _settings, isOwn: _isOwn, ...agent }: AgentOfCall) {
  return agent;
}
