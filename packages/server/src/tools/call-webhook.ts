import type { ToolOutcome, ToolRun } from "@earshot/engine";
import { type Dispatcher, request } from "undici";
import type { WebhookTool } from "../agents/agent-tool.ts";
import { ForbiddenUrlError, type UrlGuard } from "../outbound-http/guard-url.ts";
import type { WallClock } from "../wall-clock.ts";
import { earshotToolPayload } from "./earshot-tool-payload.ts";
import { codeOf, isRetryableError, isRetryableStatus } from "./is-retryable.ts";
import { parseArguments } from "./parse-arguments.ts";
import { failed } from "./tool-outcome.ts";
import type { ToolPayload } from "./tool-payload.ts";

export type WebhookCall = {
  readonly callId: string;
  readonly toolCallId: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** Ours by default. */
  readonly payload?: ToolPayload;
  /** Told of each further attempt. */
  readonly note?: ToolRun["note"];
};

export type WebhookDeps = {
  readonly guard: UrlGuard;
  readonly clock: WallClock;
  /** Signs the request; absent = unsigned. */
  readonly secret: string | undefined;
};

/** What a model can still read. */
const MAX_ANSWER_BYTES = 65_536;

/** Before each further attempt. All of them share the tool's time limit. */
const RETRY_DELAYS_MS = [200, 600];

/**
 * Posts a tool's arguments to its URL and gives what came back. Never throws: what went wrong is told to the model.
 * Redirects are not followed. It is sent again only while the tool's work can't have been done by it: the server was
 * not reached, or the method is GET, or the tool is declared idempotent.
 *
 * With the method GET the arguments are in the query and there is no body. Otherwise the body is the payload's.
 * `Idempotency-Key` is `<callId>-<toolCallId>`, in each attempt: models count their tool calls anew in each call.
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
  const isSafe = tool.method === "GET" || tool.isIdempotent === true;
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(deps, tool, { ...call, given }, limit);
    const delayMs = RETRY_DELAYS_MS[attempt - 1];
    const reason = "error" in answer ? codeOf(answer.error) : `status ${answer.status}`;
    const mayRepeat =
      "error" in answer ? isRetryableError(answer.error, isSafe) : isRetryableStatus(answer.status, isSafe);
    if (delayMs === undefined || !mayRepeat || limit.aborted || !(await pause(deps.clock, delayMs, limit)))
      return "error" in answer ? failed(explain(answer.error, tool, signal)) : toOutcome(answer, call);
    call.note?.({ type: "tool-retried", toolCallId: call.toolCallId, attempt: attempt + 1, reason });
  }
}

type Answer = { readonly status: number; readonly text: string };

async function ask(
  deps: WebhookDeps,
  tool: WebhookTool & { readonly url: string },
  { callId, toolCallId, given, payload = earshotToolPayload }: WebhookCall & { readonly given: object },
  signal: AbortSignal,
): Promise<Answer | { readonly error: unknown }> {
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
      signal,
      headers: {
        ...tool.headers,
        ...(isGet ? {} : { "Content-Type": "application/json" }),
        Accept: "application/json, text/plain",
        "User-Agent": "Earshot",
        "Idempotency-Key": toIdempotencyKey(callId, toolCallId),
        ...payload.headers({
          body: isGet ? "" : body,
          timestampS: Math.floor(at.getTime() / 1000),
          secret: tool.secret ?? deps.secret,
        }),
      },
      ...(isGet ? {} : { body }),
    });
    return { status: response.statusCode, text: await readAnswer(response.body) };
  } catch (error) {
    return { error };
  }
}

/** A model may name a tool call as it likes; a header can't hold everything. */
function toIdempotencyKey(callId: string, toolCallId: string): string {
  return `${callId}-${encodeURIComponent(toolCallId.toWellFormed())}`;
}

function toOutcome({ status, text }: Answer, { payload = earshotToolPayload, toolCallId }: WebhookCall): ToolOutcome {
  return status >= 200 && status < 300 ? payload.decode(text, toolCallId) : toFailure(status, text);
}

/** False when the time was up before. */
function pause(clock: WallClock, delayMs: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const cancel = clock.after(delayMs, () => resolve(true));
  const onAbort = () => resolve(false);
  signal.addEventListener("abort", onAbort, { once: true });
  return promise.finally(() => {
    cancel();
    signal.removeEventListener("abort", onAbort);
  });
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
