import type { AgentStore } from "../agents/store.ts";
import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Call, NewCall } from "./call.ts";
import { TOKEN_LASTS_MS } from "./call-token.ts";
import { checkVariables } from "./check-variables.ts";
import { type AgentChoice, chooseAgent, toCallAgent } from "./choose-agent.ts";
import { type HoldCallDeps, holdCall } from "./hold-call.ts";

export type CreateCallDeps = HoldCallDeps & { readonly agents: AgentStore };

export type CreatedWebCall = {
  readonly call: Call;
  /** Begins the call, once, before it expires. */
  readonly token: string;
  readonly expiresAt: ReturnType<WallClock["now"]>;
  readonly missingVariables: readonly string[];
};

/**
 * Makes a web call that waits for its audio to connect with the token.
 * @param input `use`: which version of the agent speaks; default the working one
 * @throws AppError `not_found` for the agent; `agent_inactive`, `too_many_calls`, `not_ready`; `invalid_request` naming
 *   a variable of the wrong type; `missing_variables`
 */
export async function createCall(
  deps: CreateCallDeps,
  input: Pick<NewCall, "pace" | "variables" | "metadata"> &
    AgentChoice & {
      readonly workspaceId: string;
      readonly sent?: Call["sent"];
      readonly use?: "working" | "deployed";
      /** Refuses the call when a variable is missing. Default false. */
      readonly strict?: boolean;
    },
): Promise<CreatedWebCall> {
  const { workspaceId, pace, variables, metadata, sent = {}, use = "working" } = input;
  const agent = await chooseAgent(deps.agents, workspaceId, input, use);
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
  const expiresAt = deps.clock.at(now.getTime() + TOKEN_LASTS_MS);
  const token = await holdCall(deps, call, agent, { tokenExpiresAt: expiresAt });
  return { call, token, expiresAt, missingVariables };
}
