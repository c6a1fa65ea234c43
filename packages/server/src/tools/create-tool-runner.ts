import { REMEMBER_TOOL, type ToolOutcome, type ToolRunner } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { WebhookTool } from "../agents/agent-tool.ts";
import { stripSecrets } from "../agents/conceal-secrets.ts";
import type { Call } from "../calls/call.ts";
import { countryOf } from "../calls/check-variables.ts";
import { callWebhook, type WebhookCall, type WebhookDeps } from "./call-webhook.ts";
import { remember, rememberTool } from "./remember.ts";
import type { ToolPayload, ToolPayloads } from "./tool-payload.ts";

/** Of one call; beyond it a tool that isn't waited for fails. */
const MAX_UNWAITED = 16;

export type HeldCall = {
  readonly callId: string;
  readonly agent: Pick<AgentSettings, "tools" | "toolUrl" | "webhook"> & Partial<Pick<AgentSettings, "variables">>;
  /** For payloads of vendors, which tell of the call; without it all tools are asked in our own format. */
  readonly call?: Call;
};

/** Runs the tools of one call. `end_call` never comes here: the rules carry it out themselves. */
export function createToolRunner(
  deps: WebhookDeps & { readonly payloads?: ToolPayloads | undefined },
  held: HeldCall,
): ToolRunner {
  const { webhook } = held.agent;
  const opened = new Map<string, ToolPayload>();
  let unwaited = 0;

  const payloadOf = ({ dialect }: WebhookTool): ToolPayload | undefined => {
    const open = dialect === undefined ? undefined : deps.payloads?.get(dialect);
    if (dialect === undefined || open === undefined || held.call === undefined) return undefined;
    const payload = opened.get(dialect) ?? open({ call: held.call, agent: stripSecrets(held.agent) as AgentSettings });
    opened.set(dialect, payload);
    return payload;
  };

  return rememberingRunner(held, {
    async run({ toolCallId, name, arguments: given }, signal) {
      const tool = held.agent.tools.find((candidate) => candidate.name === name);
      if (tool?.kind !== "webhook") return { outcome: "failed", result: `There is no tool "${name}".` };
      const url = tool.url ?? held.agent.toolUrl ?? webhook?.url;
      if (url === undefined) return { outcome: "failed", result: `The tool "${name}" has no URL to call.` };
      // The webhook's owner knows the webhook's secret: by its URL, or because it is the one system on the other side.
      const isOfWebhook = webhook !== undefined && (url === webhook.url || tool.dialect === webhook.dialect);
      const secret = tool.secret ?? (isOfWebhook ? webhook.secret : undefined);
      const asked = { ...tool, url, ...(secret === undefined ? {} : { secret }) };
      const payload = payloadOf(tool);
      const call: WebhookCall = {
        callId: held.callId,
        toolCallId,
        arguments: given,
        ...(payload === undefined ? {} : { payload }),
      };
      if (!tool.isAsync) return callWebhook(deps, asked, call, signal);
      if (unwaited >= MAX_UNWAITED) return { outcome: "failed", result: "Too many tools are still under way." };
      unwaited += 1;
      // Its own time limit ends it; nothing it answers is waited for, and it never rejects.
      void callWebhook(deps, asked, call, NEVER).finally(() => {
        unwaited -= 1;
      });
      return ACCEPTED;
    },
  });
}

/** Keeps what the caller told, unless the agent has a tool of its own by that name. */
function rememberingRunner({ agent, call }: HeldCall, others: ToolRunner): ToolRunner {
  const { variables = [], tools } = agent;
  if (rememberTool({ variables, tools }).length === 0) return others;
  const country = call === undefined ? undefined : countryOf(call);
  return {
    run: async (asked, signal) =>
      asked.name === REMEMBER_TOOL ? remember(variables, asked.arguments, { country }) : others.run(asked, signal),
  };
}

const NEVER = new AbortController().signal;
const ACCEPTED: ToolOutcome = { outcome: "succeeded", result: "The request was sent; it is being worked on." };
