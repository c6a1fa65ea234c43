import { REMEMBER_TOOL, type ToolOutcome, type ToolRun, type ToolRunner, waitPhrases } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { AgentTool, ToolOfKind, WebhookTool } from "../agents/agent-tool.ts";
import { stripSecrets } from "../agents/conceal-secrets.ts";
import type { Call } from "../calls/call.ts";
import { countryOf } from "../calls/check-variables.ts";
import type { CallMcpTools } from "../mcp-servers/call-mcp-tools.ts";
import type { WebhookDeps } from "./call-webhook.ts";
import { agentOfScene, type Handoffs } from "./handoffs.ts";
import { textArgument } from "./parse-arguments.ts";
import { remember, rememberTool } from "./remember.ts";
import { runDigits } from "./run-digits.ts";
import { runFlowTask } from "./run-flow-task.ts";
import { runHandoff } from "./run-handoff.ts";
import { runTransfer } from "./run-transfer.ts";
import { runTurnAction } from "./run-turn-action.ts";
import { runVoicemail } from "./run-voicemail.ts";
import { runWebhook } from "./run-webhook.ts";
import { failed, succeeded } from "./tool-outcome.ts";
import type { ToolPayload, ToolPayloads } from "./tool-payload.ts";
import { toolsOf } from "./tools-of.ts";

/** Of one call; beyond it a tool that isn't waited for fails. */
const MAX_UNWAITED = 16;
/** What a tool's own limit doesn't know of: waiting for the journal, and sending again. */
const LIMIT_MARGIN_MS = 5_000;
const LOOK_UP_LIMIT_MS = 10_000;
/** A longer question finds nothing better. */
const MAX_QUERY_CHARS = 1_000;

export type HeldCall = {
  readonly callId: string;
  readonly agent: AgentSettings;
  /** For payloads of vendors, which tell of the call; without it all tools are asked in our own format. */
  readonly call?: Call;
  readonly handoffs?: Handoffs;
};

export type ToolRunnerDeps = WebhookDeps & {
  readonly payloads?: ToolPayloads | undefined;
  readonly mcp?: Pick<CallMcpTools, "owns" | "run" | "limitMs">;
  /** Searches knowledge bases of the call's workspace. */
  readonly lookUp?: (wanted: { readonly baseIds: readonly string[]; readonly query: string }) => Promise<ToolOutcome>;
  /** Sends a text message from the agent's number; `to`: absent = the other side of the call. */
  readonly sendMessage?: (message: { readonly to?: string; readonly body: string }) => Promise<ToolOutcome>;
};

/** Runs the tools of one call. `end_call` never comes here: the rules carry it out themselves. */
export function createToolRunner(deps: ToolRunnerDeps, held: HeldCall): ToolRunner {
  const { callId, handoffs = {} } = held;
  const opened = new Map<string, ToolPayload>();
  let unwaited = 0;

  const agentOf = (sceneId: string) => agentOfScene(handoffs, sceneId) ?? held.agent;
  const find = (name: string, sceneId: string): AgentTool | undefined =>
    toolsOf(agentOf(sceneId)).find((tool) => tool.kind !== "mcp" && tool.name === name);

  const payloadOf = ({ dialect }: WebhookTool, agent: AgentSettings): ToolPayload | undefined => {
    const open = dialect === undefined ? undefined : deps.payloads?.get(dialect);
    if (dialect === undefined || open === undefined || held.call === undefined) return undefined;
    const payload = opened.get(dialect) ?? open({ call: held.call, agent: stripSecrets(agent) });
    opened.set(dialect, payload);
    return payload;
  };

  const ask = async (tool: WebhookTool, run: ToolRun, signal: AbortSignal): Promise<ToolOutcome> => {
    if (tool.isAsync && unwaited >= MAX_UNWAITED) return failed("Too many tools are still under way.");
    const agent = agentOf(run.sceneId);
    unwaited += tool.isAsync ? 1 : 0;
    try {
      return await runWebhook(deps, { callId, agent, tool, payload: payloadOf(tool, agent), run }, signal);
    } finally {
      unwaited -= tool.isAsync ? 1 : 0;
    }
  };

  const send = async (given: string): Promise<ToolOutcome> => {
    const [body, to] = [textArgument(given, "body"), textArgument(given, "to")];
    if (body === "") return failed("No message was sent: `body` must hold its text.");
    if (deps.sendMessage === undefined) return failed("No message was sent: this call can't send any.");
    return deps.sendMessage({ body, ...(to === "" ? {} : { to }) });
  };

  const look = async ({ knowledge }: AgentSettings, given: string): Promise<ToolOutcome> => {
    const query = textArgument(given, "query").slice(0, MAX_QUERY_CHARS);
    if (query === "") return failed("Nothing was looked up: `query` must say what is to be found.");
    if (deps.lookUp === undefined) return failed("Nothing can be looked up in this call.");
    return deps.lookUp({ baseIds: knowledge.baseIds, query });
  };

  // Unless the agent has a tool of its own by that name.
  const isRemembering = ({ name, sceneId }: ToolRun) =>
    name === REMEMBER_TOOL && rememberTool(agentOf(sceneId)).length > 0;
  const country = held.call === undefined ? undefined : countryOf(held.call);
  const keep = (run: ToolRun) => remember(agentOf(run.sceneId).variables, run.arguments, { country });

  return {
    async run(run, signal) {
      const agent = agentOf(run.sceneId);
      const ordered = runFlowTask(run, { agent, handoffs }) ?? runTurnAction(run, agent);
      if (ordered !== undefined) return ordered;
      const tool = find(run.name, run.sceneId);
      switch (tool?.kind) {
        case "webhook":
          return ask(tool, run, signal);
        case "transfer":
          return runTransfer(agent, run.arguments);
        case "sendDigits":
          return runDigits(run.arguments);
        case "voicemail":
          return runVoicemail(agent);
        case "pauseRecording":
          return { ...succeeded(""), order: { type: "pause-recording" } };
        case "resumeRecording":
          return { ...succeeded(""), order: { type: "resume-recording" } };
        case "sendMessage":
          return send(run.arguments);
        case "knowledge":
          return look(agentOf(run.sceneId), run.arguments);
        case "handoff":
          return runHandoff(handoffs, tool);
        default:
          if (isRemembering(run)) return keep(run);
          if (deps.mcp?.owns(run.name)) return deps.mcp.run(run, signal);
          return failed(`There is no tool "${run.name}".`);
      }
    },
    conductOf(name, sceneId) {
      const tool = find(name, sceneId);
      const { language } = agentOf(sceneId);
      if (tool === undefined && deps.mcp?.owns(name))
        return { fillers: waitPhrases(language), limitMs: deps.mcp.limitMs(name) + LIMIT_MARGIN_MS };
      if (tool?.kind === "knowledge") return { fillers: fillersOf(tool, language), limitMs: LOOK_UP_LIMIT_MS };
      if (tool?.kind !== "webhook") return undefined;
      const limitMs = tool.timeoutMs + LIMIT_MARGIN_MS;
      if (tool.isAsync) return { isAsync: true, limitMs };
      return { fillers: fillersOf(tool, language), limitMs };
    },
  };
}

function fillersOf({ isSilent, executionMessage }: ToolOfKind<"webhook" | "knowledge">, language: string) {
  return isSilent === true ? [] : waitPhrases(language, executionMessage);
}
