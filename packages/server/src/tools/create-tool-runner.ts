import type { ToolRunner } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { callWebhook, type WebhookDeps } from "./call-webhook.ts";

/** Runs the tools of one call. `end_call` never comes here: the rules carry it out themselves. */
export function createToolRunner(
  deps: WebhookDeps,
  call: { readonly callId: string; readonly agent: Pick<AgentSettings, "tools" | "toolUrl" | "webhook"> },
): ToolRunner {
  return {
    async run({ toolCallId, name, arguments: given }, signal) {
      const tool = call.agent.tools.find((candidate) => candidate.name === name);
      if (tool?.kind !== "webhook") return { outcome: "failed", result: `There is no tool "${name}".` };
      const url = tool.url ?? call.agent.toolUrl ?? call.agent.webhook?.url;
      if (url === undefined) return { outcome: "failed", result: `The tool "${name}" has no URL to call.` };
      return callWebhook(deps, { ...tool, url }, { callId: call.callId, toolCallId, arguments: given }, signal);
    },
  };
}
