import type { ToolOutcome } from "@earshot/engine";
import { type Dispatcher, request } from "undici";
import type { WebhookTool } from "../agents/agent-tool.ts";
import { ForbiddenUrlError, type UrlGuard } from "../outbound-http/guard-url.ts";
import type { WallClock } from "../wall-clock.ts";
import { earshotToolPayload } from "./earshot-tool-payload.ts";
import type { ToolPayload } from "./tool-payload.ts";

export type WebhookCall = {
  readonly callId: string;
  readonly toolCallId: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** Ours by default. */
  readonly payload?: ToolPayload;
};

export type WebhookDeps = {
  readonly guard: UrlGuard;
  readonly clock: WallClock;
  /** Signs the request; absent = unsigned. */
  readonly secret: string | undefined;
};

/** What a model can still read. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Posts a tool's arguments to its URL, once, and gives what came back. Never throws: what went wrong is told to the
 * model. Redirects are not followed.
 *
 * With the method GET the arguments are in the query and there is no body. Otherwise the body is the payload's.
 * `Idempotency-Key` is the toolCallId.
 */
export async function callWebhook(
  deps: WebhookDeps,
  tool: WebhookTool & { readonly url: string },
  call: WebhookCall,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const given = parseArguments(call.arguments);
  if (given === undefined) return failed("The tool was not run: its arguments are not a JSON object.");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(tool.timeoutMs)]);
  const { payload = earshotToolPayload, callId, toolCallId } = call;
  const at = deps.clock.now();
  try {
    const url = deps.guard.check(tool.url);
    const body = JSON.stringify(
      payload.encode({ callId, toolCallId, name: tool.name, arguments: given, at: at.toISOString() }),
    );
    const isGet = tool.method === "GET";
    if (isGet) for (const [name, value] of Object.entries(given)) url.searchParams.set(name, toQueryText(value));
    const response = await request(url, {
      method: tool.method,
      dispatcher: deps.guard.dispatcher,
      signal: limit,
      headers: {
        ...tool.headers,
        ...(isGet ? {} : { "Content-Type": "application/json" }),
        Accept: "application/json, text/plain",
        "User-Agent": "Earshot",
        "Idempotency-Key": toolCallId,
        ...payload.headers({
          body: isGet ? "" : body,
          timestampS: Math.floor(at.getTime() / 1000),
          secret: tool.secret ?? deps.secret,
        }),
      },
      ...(isGet ? {} : { body }),
    });
    const answer = await readAnswer(response.body);
    const { statusCode: status } = response;
    if (status >= 200 && status < 300) return payload.decode(answer, toolCallId);
    return toFailure(status, answer);
  } catch (error) {
    return failed(explain(error, tool, signal));
  }
}

function toQueryText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toFailure(status: number, answer: string): ToolOutcome {
  if (status >= 300 && status < 400) return failed(`The tool's server answered with a redirect (${status}).`);
  return failed(`The tool's server answered with status ${status}.${answer === "" ? "" : ` It said: ${answer}`}`);
}

async function readAnswer(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error("answer too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function explain(error: unknown, tool: WebhookTool, signal: AbortSignal): string {
  if (signal.aborted) return "The tool was cancelled.";
  if (!(error instanceof Error)) return "The tool's server can't be reached.";
  if (error instanceof ForbiddenUrlError) return `The tool's URL is not allowed: ${error.message}.`;
  if (error.name === "TimeoutError") return `The tool gave no result within ${tool.timeoutMs / 1000} seconds.`;
  if (error.message === "answer too long") return `The tool's answer is longer than ${MAX_ANSWER_BYTES / 1024} kB.`;
  return "The tool's server can't be reached.";
}

function parseArguments(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function failed(result: string): ToolOutcome {
  return { outcome: "failed", result };
}
