import { timingSafeEqual } from "node:crypto";
import type { AgentStore } from "../agents/store.ts";
import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Call, NewCall } from "./call.ts";
import { checkVariables } from "./check-variables.ts";
import { type AgentChoice, chooseAgent, toCallAgent } from "./choose-agent.ts";
import { type HoldCallDeps, hashToken, holdCall } from "./hold-call.ts";
import type { CallStore } from "./store.ts";

export type CreateCallDeps = HoldCallDeps & { readonly agents: AgentStore };

/**
 * Makes a web call that waits for its audio to connect with the token.
 * @param input `tokenLastsMs`: how long the token may begin the call; absent = as long as the call waits
 * @throws AppError `not_found` for the agent; `agent_inactive`, `too_many_calls`, `not_ready`; `invalid_request` naming
 *   a variable of the wrong type; `missing_variables`
 */
export async function createCall(
  deps: CreateCallDeps,
  input: Pick<NewCall, "pace" | "variables" | "metadata"> &
    AgentChoice & {
      readonly workspaceId: string;
      readonly sent?: Call["sent"];
      readonly tokenLastsMs?: number;
      /** Refuses the call when a variable is missing. Default false. */
      readonly strict?: boolean;
    },
): Promise<{ call: Call; token: string; missingVariables: readonly string[] }> {
  const { workspaceId, tokenLastsMs, pace, variables, metadata, sent = {} } = input;
  const agent = await chooseAgent(deps.agents, workspaceId, input, "working");
  const now = deps.clock.now();
  const call: Call = {
    ...toCallAgent(agent),
    id: newId("call", now.getTime()),
    workspaceId,
    direction: "web",
    ...{ pace, variables, metadata, sent },
    status: "created",
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  const missingVariables = checkVariables(agent.settings, call, { isStrict: input.strict });
  const expiry = tokenLastsMs === undefined ? {} : { tokenExpiresAt: deps.clock.at(now.getTime() + tokenLastsMs) };
  return { call, token: await holdCall(deps, call, agent, expiry), missingVariables };
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
