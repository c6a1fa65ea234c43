import { createHmac } from "node:crypto";
import type { ToolOutcome } from "@earshot/engine";
import { type Dispatcher, request } from "undici";
import type { WebhookTool } from "../agents/agent-tool.ts";
import { ForbiddenUrlError, type UrlGuard } from "../outbound-http/guard-url.ts";
import type { WallClock } from "../wall-clock.ts";

export type WebhookCall = {
  readonly callId: string;
  readonly toolCallId: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
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
 * With the method GET the arguments are in the query and there is no body. Otherwise the body is `{ callId, toolCallId, name, arguments }`. `Idempotency-Key` is the toolCallId. With a secret,
 * `Earshot-Signature: t=<unix seconds>,v1=<hex>` holds the HMAC-SHA256 of `<t>.<body>`.
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
  try {
    const url = deps.guard.check(tool.url);
    const body = JSON.stringify({
      callId: call.callId,
      toolCallId: call.toolCallId,
      name: tool.name,
      arguments: given,
    });
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
        "Idempotency-Key": call.toolCallId,
        ...sign({ ...deps, secret: tool.secret ?? deps.secret }, isGet ? "" : body),
      },
      ...(isGet ? {} : { body }),
    });
    return toOutcome(response.statusCode, await readAnswer(response.body));
  } catch (error) {
    return failed(explain(error, tool, signal));
  }
}

function toQueryText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function sign({ secret, clock }: WebhookDeps, body: string): Record<string, string> {
  if (secret === undefined) return {};
  const seconds = Math.floor(clock.now().getTime() / 1000);
  const digest = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { "Earshot-Signature": `t=${seconds},v1=${digest}` };
}

function toOutcome(status: number, answer: string): ToolOutcome {
  if (status >= 200 && status < 300) return { outcome: "succeeded", result: answer };
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
