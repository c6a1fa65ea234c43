import type { ToolRunner } from "@earshot/engine";
import type { AgentTool } from "../agents/agent-tool.ts";
import { callWebhook, type WebhookDeps } from "./call-webhook.ts";

/** Runs the tools of one call. `end_call` never comes here: the rules carry it out themselves. */
export function createToolRunner(
  deps: WebhookDeps,
  call: { readonly callId: string; readonly tools: readonly AgentTool[] },
): ToolRunner {
  return {
    async run({ toolCallId, name, arguments: given }, signal) {
      const tool = call.tools.find((candidate) => candidate.name === name);
      if (tool?.kind !== "webhook") return { outcome: "failed", result: `There is no tool "${name}".` };
      return callWebhook(deps, tool, { callId: call.callId, toolCallId, arguments: given }, signal);
    },
  };
}
