import type { AgentSettings } from "../agents/agent.ts";
import { stripSecrets } from "../agents/conceal-secrets.ts";
import type { AgentStore } from "../agents/store.ts";
import type { FindMcpServers } from "../mcp-servers/find-mcp-servers.ts";
import { type FindRecordingFormat, planRecording } from "../recordings/plan-recording.ts";
import type { VoiceTurns } from "../voice-turns/voice-turn.ts";
import type { WallClock } from "../wall-clock.ts";
import type { FindVoiceTurns } from "../webhooks/find-voice-turns.ts";
import type { Call } from "./call.ts";
import type { CallControl, Relay } from "./call-control.ts";
import type { CallHold } from "./call-row.ts";
import { drawCallToken } from "./call-token.ts";
import type { AgentOfCall } from "./choose-agent.ts";
import { takePlace } from "./dialling/room/take-place.ts";
import { findHandoffs } from "./find-handoffs.ts";
import type { CallStore, PlaceOptions } from "./store.ts";

export type HoldCallDeps = {
  readonly calls: CallStore;
  readonly control: CallControl;
  readonly clock: WallClock;
  readonly nodeId: string;
  /** Who answers for agents in webhook mode. */
  readonly findVoiceTurns: FindVoiceTurns;
  readonly agents: Pick<AgentStore, "findForCall">;
  readonly findMcpServers: FindMcpServers;
  /** Default: WAV. */
  readonly findRecordingFormat?: FindRecordingFormat;
};

export type HoldOptions = Pick<CallHold, "tokenExpiresAt"> &
  PlaceOptions & {
    /** From whoever transferred the caller here. */
    readonly briefing?: string;
    /** The far end is another call's, once it has been told this. */
    readonly relay?: Relay;
  };

/**
 * Stores a call and makes room for it on this node. When there is none, the call is over.
 * @param options `tokenExpiresAt`: until when the token may begin the call; absent = it begins none
 * @returns what opens the call's audio
 * @throws AppError `too_many_calls`, `not_ready`
 */
export async function holdCall(
  deps: HoldCallDeps,
  call: Call,
  agent: AgentOfCall,
  { briefing, relay, isScheduled, room, ...options }: HoldOptions = {},
): Promise<string> {
  const { token, hash: tokenHash } = drawCallToken(call.id);
  const recording = await planRecording(agent.settings, call.workspaceId, deps.findRecordingFormat);
  const held: Call = recording === undefined ? call : { ...call, recording };
  const hold: CallHold = {
    ...options,
    tokenHash,
    nodeId: deps.nodeId,
    ...(agent.isOwn ? { agentDocument: stripSecrets(agent.settings) } : {}),
  };
  await takePlace(deps, held, hold, { isScheduled, room });
  try {
    const { settings } = agent;
    const isAnsweredElsewhere = settings.mode === "webhook";
    const isAsked = isAnsweredElsewhere || (settings.webhook !== undefined && hasUnsignedTools(settings));
    const endpoint = isAsked ? await deps.findVoiceTurns(call.workspaceId, call.agentId) : undefined;
    const handoffs = await findHandoffs(deps.agents, call, settings);
    const mcpServers = await deps.findMcpServers(call.workspaceId, [settings, ...Object.values(handoffs)]);
    await deps.control.reserve({
      call,
      agent: withSecretOf(endpoint, settings),
      ...(endpoint === undefined || !isAnsweredElsewhere ? {} : { voiceTurns: endpoint }),
      ...(isEmpty(handoffs) ? {} : { handoffs }),
      ...(isEmpty(mcpServers) ? {} : { mcpServers }),
      ...(briefing === undefined ? {} : { briefing }),
      ...(recording === undefined ? {} : { recordingFormat: recording.format }),
      ...(relay === undefined ? {} : { relay }),
    });
  } catch (error) {
    await deps.calls.markEnded(call.id, { reason: "internal", endedAt: call.createdAt, durationMs: 0 });
    throw error;
  }
  return token;
}

function isEmpty(found: object): boolean {
  return Object.keys(found).length === 0;
}

function hasUnsignedTools({ tools }: AgentSettings): boolean {
  return tools.some((tool) => tool.kind === "webhook" && tool.secret === undefined);
}

/** The secret of an agent's webhook stands with its endpoint; tools that ask there are signed with it. */
function withSecretOf(endpoint: VoiceTurns | undefined, settings: AgentSettings): AgentSettings {
  const { webhook } = settings;
  if (webhook === undefined || endpoint?.secret === undefined || endpoint.url !== webhook.url) return settings;
  return { ...settings, webhook: { ...webhook, secret: endpoint.secret } };
}
