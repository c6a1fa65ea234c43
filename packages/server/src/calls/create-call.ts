import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readAgent } from "../agents/read-agent.ts";
import type { AgentStore } from "../agents/store.ts";
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

/**
 * Makes a call that waits for its audio to connect with the token.
 * @throws AppError `not_found` for the agent; `too_many_calls`, `not_ready`, `unknown_model`, `unknown_voice`
 */
export async function createCall(deps: CreateCallDeps, input: NewCall): Promise<{ call: Call; token: string }> {
  const {
    id: agentId,
    version,
    createdAt: _created,
    updatedAt: _updated,
    ...agent
  } = await readAgent(deps.agents, input.agentId);
  const now = deps.clock.now();
  const token = randomBytes(24).toString("base64url");
  const call: Call = {
    ...input,
    id: newId("call", now.getTime()),
    agentId,
    agentVersion: version,
    agentName: agent.name,
    status: "created",
    createdAt: now.toISOString(),
  };
  await deps.calls.insert(call, { tokenHash: hashToken(token), nodeId: deps.nodeId });
  try {
    await deps.control.reserve({ call, agent });
  } catch (error) {
    await deps.calls.markEnded(call.id, { reason: "internal", endedAt: call.createdAt, durationMs: 0 });
    throw error;
  }
  return { call, token };
}

/** Whether `token` opens the audio of the call. */
export async function verifyCallToken(calls: CallStore, callId: string, token: string): Promise<boolean> {
  const expected = await calls.findTokenHash(callId);
  if (expected === undefined) return false;
  return timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(hashToken(token), "hex"));
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
