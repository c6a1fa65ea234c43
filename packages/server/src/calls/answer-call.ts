import type { AgentStore } from "../agents/store.ts";
import { AppError } from "../app-error.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { Call } from "./call.ts";
import { type AgentOfCall, chooseAgent } from "./choose-agent.ts";

export type Ringing = {
  /** The inbound call, before anybody answered. */
  readonly call: Call;
  readonly number: PhoneNumber;
  readonly callerName: string;
};

export type Answer =
  | {
      readonly agent: AgentOfCall;
      readonly variables: Call["variables"];
      /** What a dialect keeps beside the call. */
      readonly sent?: Call["sent"];
    }
  /** Why nobody answers, in words. */
  | { readonly rejected: string };

/** Decides who answers an inbound call. Never throws for what the number's owner could mend. */
export type AnswerCall = (ringing: Ringing) => Promise<Answer>;

/** Asks somebody outside, before a call is answered, whether and how the agent should answer. */
export type AskBeforeAnswer = (ringing: Ringing, agent: AgentOfCall) => Promise<Answer | undefined>;

/**
 * The number's agent answers, in its latest deployed version.
 * @param ask may change the agent for the call, or reject it; undefined leaves it as it is
 */
export function createAnswerCall(agents: AgentStore, ask: AskBeforeAnswer = async () => undefined): AnswerCall {
  return async (ringing) => {
    const { number } = ringing;
    try {
      const agent = await chooseAgent(agents, number.workspaceId, { agentId: number.agentId }, "deployed");
      return (await ask(ringing, agent)) ?? { agent, variables: {} };
    } catch (error) {
      if (error instanceof AppError && ["not_found", "agent_inactive"].includes(error.code))
        return { rejected: error.message };
      throw error;
    }
  };
}
