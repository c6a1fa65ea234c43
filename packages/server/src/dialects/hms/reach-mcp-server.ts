import { request } from "undici";
import { ForbiddenUrlError, type UrlGuard } from "../../outbound-http/guard-url.ts";
import { readStart } from "../../outbound-http/read-start.ts";

export type Reached = {
  readonly success: boolean;
  readonly message: string;
  readonly status_code: number | null;
  readonly server_info: object | null;
  readonly tools: readonly string[];
};

/** Enough for an answer to `initialize`. */
const MAX_ANSWER_BYTES = 65_536;
const PROTOCOL_VERSION = "2025-06-18";

type Server = {
  readonly url: string;
  readonly transport: "streamable_http" | "sse";
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** Says hello to an MCP server as its transport wants it (specification of 2025-06-18), once, and tells what came back. */
export async function reachMcpServer(guard: UrlGuard, server: Server): Promise<Reached> {
  const isSse = server.transport === "sse";
  try {
    const { statusCode, headers, body } = await request(guard.check(server.url), {
      method: isSse ? "GET" : "POST",
      dispatcher: guard.dispatcher,
      signal: AbortSignal.timeout(server.timeoutMs),
      headers: {
        "User-Agent": "Earshot",
        Accept: isSse ? "text/event-stream" : "application/json, text/event-stream",
        ...(isSse ? {} : { "Content-Type": "application/json", "MCP-Protocol-Version": PROTOCOL_VERSION }),
        ...server.headers,
      },
      ...(isSse ? {} : { body: HELLO }),
    });
    const isStream = String(headers["content-type"] ?? "").includes("text/event-stream");
    if (statusCode < 200 || statusCode >= 300) {
      await body.dump();
      return failed(`The server answered with status ${statusCode}`, statusCode);
    }
    if (isSse) {
      body.destroy();
      return isStream ? reached(statusCode, null) : failed("The server answered without an event stream", statusCode);
    }
    const info = serverInfoOf(await firstMessage(body, isStream));
    return info === undefined
      ? failed("The server's answer is not one of the Model Context Protocol", statusCode)
      : reached(statusCode, info);
  } catch (error) {
    return failed(explain(error, server.timeoutMs), null);
  }
}

const HELLO = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: PROTOCOL_VERSION, capabilities: {}, clientInfo: { name: "earshot", version: "1" } },
});

/** Of a stream only the first event is read: it may stay open for ever. */
async function firstMessage(
  body: import("undici").Dispatcher.ResponseData["body"],
  isStream: boolean,
): Promise<string> {
  if (!isStream) return readStart(body, { keepBytes: MAX_ANSWER_BYTES, drainBytes: MAX_ANSWER_BYTES });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body as AsyncIterable<Buffer>) {
    text += decoder.decode(chunk, { stream: true });
    if (/^data:.*\r?\n\r?\n/m.test(text) || text.length > MAX_ANSWER_BYTES) break;
  }
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5))
    .join("\n");
}

function serverInfoOf(text: string): object | undefined {
  try {
    const answer = JSON.parse(text) as { readonly result?: { readonly serverInfo?: object } };
    return answer.result?.serverInfo;
  } catch {
    return undefined;
  }
}

function reached(status: number, info: object | null): Reached {
  return { success: true, message: "The server can be reached", status_code: status, server_info: info, tools: [] };
}

function failed(message: string, status: number | null): Reached {
  return { success: false, message, status_code: status, server_info: null, tools: [] };
}

function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof ForbiddenUrlError) return `The server's URL is not allowed: ${error.message}`;
  if (error instanceof Error && error.name === "TimeoutError")
    return `The server said nothing for ${timeoutMs / 1000} s`;
  return "The server can't be reached";
}
