import { type ToolCall, TRANSFER_TOOL } from "@earshot/engine";
import type { TurnAction } from "./turn-answer.ts";

/** Begins the ids of what a customer's server wants done: no tool of the agent does it. */
export const TURN_ACTION_PREFIX = "voice-turn-";
export const SEND_DIGITS_TOOL = "send_digits";

/** The `index`-th action of a turn. A turn that is sent again asks for it under the same id: it is done once. */
export function toToolCall(action: TurnAction, { turn, index }: { turn: number; index: number }): ToolCall {
  const { type, ...given } = action;
  return {
    id: `${TURN_ACTION_PREFIX}${turn}-${index}`,
    name: type === "transfer" ? TRANSFER_TOOL : SEND_DIGITS_TOOL,
    arguments: JSON.stringify(given),
  };
}
