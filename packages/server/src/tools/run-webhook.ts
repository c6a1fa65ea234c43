import type { ToolOutcome, ToolRun } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { WebhookTool } from "../agents/agent-tool.ts";
import { callWebhook, type WebhookCall, type WebhookDeps } from "./call-webhook.ts";
import { failed } from "./tool-outcome.ts";
import type { ToolPayload } from "./tool-payload.ts";

/** Asks the customer's server: at the tool's URL, or else the agent's. */
export async function runWebhook(
  deps: WebhookDeps,
  options: {
    readonly callId: string;
    readonly agent: Pick<AgentSettings, "toolUrl" | "webhook">;
    readonly tool: WebhookTool;
    /** Ours by default. */
    readonly payload: ToolPayload | undefined;
    readonly run: ToolRun;
  },
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const { callId, agent, tool, payload, run } = options;
  const { webhook } = agent;
  const url = tool.url ?? agent.toolUrl ?? webhook?.url;
  if (url === undefined) return failed(`The tool "${tool.name}" has no URL to call.`);
  // The webhook's owner knows the webhook's secret: by its URL, or because it is the one system on the other side.
  const isOfWebhook = webhook !== undefined && (url === webhook.url || tool.dialect === webhook.dialect);
  const secret = tool.secret ?? (isOfWebhook ? webhook.secret : undefined);
  const call: WebhookCall = {
    callId,
    toolCallId: run.toolCallId,
    arguments: run.arguments,
    ...(payload === undefined ? {} : { payload }),
    ...(run.note === undefined ? {} : { note: run.note }),
  };
  const asked = { ...tool, url, ...(secret === undefined ? {} : { secret }) };
  if (!tool.isAsync) return callWebhook(deps, asked, call, signal);
  // What was begun is not taken back when the call ends: the tool's own limit ends it.
  const outcome = await callWebhook(deps, asked, call, NEVER);
  return tool.dialect === "hms" ? { ...outcome, isQuiet: true } : outcome;
}

const NEVER = new AbortController().signal;
