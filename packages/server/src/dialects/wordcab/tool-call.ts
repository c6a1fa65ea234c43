import type { ToolCall } from "@earshot/engine";
import type { Call } from "../../calls/call.ts";
import { toVendorId } from "./vendor-ids.ts";

/**
 * What `tool_url` receives. Wordcab's own shape isn't known: this is what a chat completion says of a call, and which call
 * it belongs to.
 */
export function toToolCallBody(
  call: Pick<Call, "id" | "agentId" | "variables" | "sent">,
  { id, name, arguments: given }: ToolCall,
) {
  return {
    call_id: call.id,
    agent_id: call.agentId === undefined ? null : toVendorId("agent", call.agentId),
    tool_call_id: id,
    name,
    arguments: parse(given),
    context: call.sent["wordcab"]?.["context"] ?? call.variables,
  };
}

/** An object; the text itself where the model wrote no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.trim() === "" ? "{}" : text);
  } catch {
    return text;
  }
}
