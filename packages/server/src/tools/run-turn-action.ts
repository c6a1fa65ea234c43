import { type ToolOutcome, type ToolRun, TRANSFER_TOOL } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { SEND_DIGITS_TOOL, TURN_ACTION_PREFIX } from "../voice-turns/turn-action.ts";
import { textArgument } from "./parse-arguments.ts";
import { runDigits } from "./run-digits.ts";
import { runTransfer } from "./run-transfer.ts";
import { failed } from "./tool-outcome.ts";

/**
 * What the customer's server wants done to the call, whether or not the agent has a tool for it. Transfers go to the
 * agent's own destinations only, to the first unless another is named.
 */
export function runTurnAction(
  { toolCallId, name, arguments: given }: ToolRun,
  { transfers }: Pick<AgentSettings, "transfers">,
): ToolOutcome | undefined {
  if (!toolCallId.startsWith(TURN_ACTION_PREFIX)) return undefined;
  if (name === SEND_DIGITS_TOOL) return runDigits(given);
  if (name !== TRANSFER_TOOL) return undefined;
  const wanted = textArgument(given, "destination");
  if (wanted === "") return runTransfer({ transfers: transfers.slice(0, 1) }, given);
  const isKnown = transfers.some(({ destination }) => destination === wanted);
  if (!isKnown) return failed(`The call was not transferred: the agent has no transfer to ${wanted}.`);
  return runTransfer({ transfers }, given);
}
