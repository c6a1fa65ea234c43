import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AgentSettings } from "../agents/agent.ts";
import type { AgentStore } from "../agents/store.ts";
import { parseSettings } from "../agents/update-agent.ts";
import { AppError } from "../app-error.ts";
import { mergePatch } from "../merge-patch.ts";
import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Call, NewCall } from "./call.ts";
import type { CallControl } from "./call-control.ts";
import type { CallStore } from "./store.ts";

export type CreateCallDeps = {
  readonly agents: AgentStore;
  readonly calls: CallStore;
  readonly control: CallControl;
  readonly clock: WallClock;
  readonly nodeId: string;
};

/** What a new call needs to know of the agent that holds it. */
export type AgentOfCall = Pick<Call, "agentId" | "agentRevision" | "agentVersion" | "agentName"> & {
  readonly settings: AgentSettings;
  /** Whether the settings are those of the revision, which needs no copy then. */
  readonly isOwn: boolean;
};

type AgentChoice = Pick<NewCall, "agentId" | "agent" | "overrides">;

/**
 * Makes a web call that waits for its audio to connect with the token.
 * @param input `tokenLastsMs`: how long the token may begin the call; absent = as long as the call waits
 * @throws AppError `not_found` for the agent; `agent_inactive`, `too_many_calls`, `not_ready`
 */
export async function createCall(
  deps: CreateCallDeps,
  input: Pick<NewCall, "pace" | "variables" | "metadata"> &
    AgentChoice & {
      readonly workspaceId: string;
      readonly sent?: Call["sent"];
      readonly tokenLastsMs?: number;
    },
): Promise<{ call: Call; token: string }> {
  const { workspaceId, tokenLastsMs, pace, variables, metadata, sent = {} } = input;
  const agent = await chooseAgent(deps.agents, workspaceId, input, "working");
  const now = deps.clock.now();
  const token = randomBytes(24).toString("base64url");
  const call: Call = {
    ...toCallAgent(agent),
    id: newId("call", now.getTime()),
    workspaceId,
    direction: "web",
    pace,
    variables,
    metadata,
    sent,
    status: "created",
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  await deps.calls.insert(call, {
    tokenHash: hashToken(token),
    ...(tokenLastsMs === undefined ? {} : { tokenExpiresAt: deps.clock.at(now.getTime() + tokenLastsMs) }),
    nodeId: deps.nodeId,
    ...(agent.isOwn ? { agentDocument: agent.settings } : {}),
  });
  await reserveOrEnd(deps, call, agent.settings);
  return { call, token };
}

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
  const settings = overrides === undefined ? found.settings : parseSettings(mergePatch(found.settings, overrides));
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

/** Makes room for a stored call; when there is none, the call is over. */
export async function reserveOrEnd(deps: CreateCallDeps, call: Call, agent: AgentSettings): Promise<void> {
  try {
    await deps.control.reserve({ call, agent });
  } catch (error) {
    await deps.calls.markEnded(call.id, { reason: "internal", endedAt: call.createdAt, durationMs: 0 });
    throw error;
  }
}

/** Whether `token` opens the audio of the call; after its time, it still opens a call that has begun with it. */
export async function verifyCallToken(
  { calls, clock }: { readonly calls: CallStore; readonly clock: WallClock },
  callId: string,
  token: string,
): Promise<boolean> {
  const expected = await calls.findToken(callId);
  if (expected === undefined) return false;
  if (!timingSafeEqual(Buffer.from(expected.hash, "hex"), Buffer.from(hashToken(token), "hex"))) return false;
  if (expected.expiresAt === undefined || expected.expiresAt > clock.now()) return true;
  return (await calls.findAnywhere(callId))?.status === "active";
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
