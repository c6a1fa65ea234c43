import { FLOW_TASK_PREFIX, HAND_OFF_TOOL, type ToolOutcome, type ToolRun, TRANSFER_TOOL } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { Handoffs } from "./handoffs.ts";
import { textArgument } from "./parse-arguments.ts";
import { runHandoff } from "./run-handoff.ts";
import { succeeded } from "./tool-outcome.ts";

/** What a node of a flow orders by itself, where no tool of the agent does it: its author said where to, no model. */
export function runFlowTask(
  { toolCallId, name, arguments: given }: ToolRun,
  { agent, handoffs }: { readonly agent: Pick<AgentSettings, "transfers">; readonly handoffs: Handoffs },
): ToolOutcome | undefined {
  if (!toolCallId.startsWith(FLOW_TASK_PREFIX)) return undefined;
  if (name === HAND_OFF_TOOL) return runHandoff(handoffs, { agentId: textArgument(given, "agentId") });
  if (name !== TRANSFER_TOOL) return undefined;
  const destination = textArgument(given, "destination");
  const { message, mode = "cold", briefing } = agent.transfers.find((known) => known.destination === destination) ?? {};
  const order = {
    ...{ type: "transfer" as const, destination, mode },
    ...(message === undefined ? {} : { say: message }),
    ...(briefing === undefined ? {} : { briefing }),
  };
  return { ...succeeded(""), order };
}
