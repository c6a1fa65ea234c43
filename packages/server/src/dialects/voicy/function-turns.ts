/** Tool calls as Voicy's transcripts show them: two system turns, the invocation and its result. */
import type { ConversationEvent, JournalEntry } from "@earshot/engine";
import type { AgentTool } from "../../agents/agent-tool.ts";
import { redactHeaders, redactUrl, redactValue } from "./redact.ts";

type Requested = ConversationEvent & { readonly type: "tool-requested" };
type Finished = ConversationEvent & { readonly type: "tool-finished" };

export type FunctionTurn = {
  readonly role: "system";
  readonly content: string;
  readonly timestamp_ms: number;
  readonly function_invocation?: object;
  readonly function_result?: object;
};

/** @param tools of the agent as it was then; without them, what was asked of whom is known only by name */
export function toFunctionTurns(entries: readonly JournalEntry[], tools: readonly AgentTool[]): FunctionTurn[] {
  const requested = new Map<string, Requested>();
  const turns: FunctionTurn[] = [];
  for (const { event } of entries) {
    if (event.type === "tool-requested") {
      requested.set(event.toolCallId, event);
      turns.push(toInvocation(event, tools));
    }
    const began = event.type === "tool-finished" ? requested.get(event.toolCallId) : undefined;
    if (event.type === "tool-finished" && began !== undefined) turns.push(toResult(began, event));
  }
  return turns;
}

function toInvocation(event: Requested, tools: readonly AgentTool[]): FunctionTurn {
  const tool = tools.find(({ name }) => name === event.name);
  const request =
    tool?.kind === "webhook"
      ? {
          method: tool.method,
          url: tool.url === undefined ? null : redactUrl(tool.url),
          headers: redactHeaders(tool.headers),
        }
      : { method: null, url: null, headers: {} };
  return {
    role: "system",
    content: `Function call: ${event.name}`,
    timestamp_ms: Math.round(event.atMs),
    function_invocation: {
      invocation_id: event.toolCallId,
      node_name: event.name,
      method: request.method,
      url: request.url,
      request_body: redactValue(parseText(event.arguments)),
      headers: request.headers,
    },
  };
}

function toResult(began: Requested, { toolCallId, outcome, result, atMs }: Finished): FunctionTurn {
  const hasFailed = outcome === "failed";
  return {
    role: "system",
    content: `Function result: ${began.name}`,
    timestamp_ms: Math.round(atMs),
    function_result: {
      invocation_id: toolCallId,
      node_name: began.name,
      status_code: hasFailed ? statusOf(result) : 200,
      response_body: redactValue(parseText(result)),
      response_headers: {},
      extracted_vars: {},
      duration_ms: Math.max(0, Math.round(atMs - began.atMs)),
      ...(hasFailed ? { error: toErrorClass(result) } : {}),
    },
  };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The words are those with which tools/call-webhook.ts tells the model what went wrong. */
function toErrorClass(result: string): string {
  if (statusOf(result) !== null) return "non_2xx";
  if (result.includes("gave no result within")) return "timeout";
  if (result.includes("URL is not allowed")) return "ssrf_blocked";
  if (result.includes("arguments are not")) return "type_validation_failed";
  if (result.includes("answer is longer")) return "bad_response_json";
  return "network";
}

function statusOf(result: string): number | null {
  const status = /^The tool's server answered with (?:status |a redirect \()(\d{3})/.exec(result)?.[1];
  return status === undefined ? null : Number(status);
}
