import type { ToolOutcome } from "@earshot/engine";
import type { CallStore } from "../calls/store.ts";
import { failed, succeeded } from "../tools/tool-outcome.ts";
import { type MessageDeps, sendMessage } from "./send-message.ts";

/**
 * Sends a text from the number of a call's agent. Never throws: what goes wrong is told to the agent.
 * @param message `to`: absent = the other side of the call
 */
export async function sendFromCall(
  deps: MessageDeps & { readonly calls: CallStore },
  callId: string,
  message: { readonly to?: string; readonly body: string },
): Promise<ToolOutcome> {
  try {
    const call = await deps.calls.findAnywhere(callId);
    if (call === undefined) return failed("No message was sent: the call is gone.");
    const to = message.to ?? (call.direction === "outbound" ? call.toNumber : call.fromNumber);
    if (to === undefined)
      return failed("No message was sent: the caller has no number; ask for one and give it as `to`.");
    const { workspaceId, agentId, phoneNumberId } = call;
    const own = agentId === undefined ? {} : { agentId };
    const from = phoneNumberId === undefined ? own : { phoneNumberId };
    const sent = await sendMessage(deps, workspaceId, { ...from, to, body: message.body, mediaUrls: [] });
    if (sent.status === "failed") return failed(`The message was not sent: ${sent.error ?? "it failed"}.`);
    return succeeded(`The message was sent to ${sent.to}.`);
  } catch (error) {
    return failed(`No message was sent: ${error instanceof Error ? error.message : String(error)}`);
  }
}
