import type { OpenToolPayload } from "../../tools/tool-payload.ts";
import { signHex } from "../../webhooks/signature.ts";
import { toVendorId } from "./vendor-ids.ts";

/**
 * What `tool_url` receives. Wordcab's own shape isn't known: this is what a chat completion says of a call, and which call
 * it belongs to.
 */
export const wordcabToolPayload: OpenToolPayload = ({ call }) => ({
  encode: ({ toolCallId, name, arguments: given }) => ({
    call_id: call.id,
    agent_id: call.agentId === undefined ? null : toVendorId("agent", call.agentId),
    tool_call_id: toolCallId,
    name,
    arguments: given,
    context: call.sent["wordcab"]?.["context"] ?? call.variables,
  }),
  headers: ({ body, timestampS, secret }): Record<string, string> =>
    secret === undefined
      ? {}
      : { "Wordcab-Signature": signHex(secret, { body, timestampS }), "Wordcab-Timestamp": String(timestampS) },
  decode: (text) => ({ outcome: "succeeded", result: text }),
});
