/** One connection to an MCP server, shared by the calls of a node: made when first needed, and again when it is lost. */

import type { ToolOutcome } from "@earshot/engine";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { ForbiddenUrlError, type UrlGuard } from "../outbound-http/guard-url.ts";
import { failed } from "../tools/tool-outcome.ts";
import type { WallClock } from "../wall-clock.ts";
import { createMcpFetch } from "./mcp-fetch.ts";
import { callResultShape, toOutcome } from "./mcp-result.ts";
import { MAX_TOOLS, type McpToolInfo, parseMcpTool, toolPageShape } from "./mcp-tool-list.ts";

/** How long a list of tools is believed. */
const LIST_LASTS_MS = 300_000;
const MAX_PAGES = 10;

/** A server as a call knows it. */
export type McpEndpoint = {
  readonly name: string;
  readonly url: string;
  readonly transport: "streamable_http" | "sse";
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long an answer may take. */
  readonly timeoutMs: number;
};

type Deps = { readonly guard: UrlGuard; readonly clock: WallClock };

export class McpConnection {
  readonly #endpoint: McpEndpoint;
  readonly #deps: Deps;
  #client: Promise<Client> | undefined;
  #list: { readonly tools: readonly McpToolInfo[]; readonly atMs: number } | undefined;
  #listing: Promise<readonly McpToolInfo[]> | undefined;

  constructor(endpoint: McpEndpoint, deps: Deps) {
    this.#endpoint = endpoint;
    this.#deps = deps;
  }

  /** @throws Error saying why the server gave no list */
  async tools(): Promise<readonly McpToolInfo[]> {
    const nowMs = this.#deps.clock.now().getTime();
    if (this.#list !== undefined && nowMs - this.#list.atMs < LIST_LASTS_MS) return this.#list.tools;
    this.#listing ??= this.#readList().finally(() => {
      this.#listing = undefined;
    });
    try {
      const tools = await this.#listing;
      this.#list = { tools, atMs: nowMs };
      return tools;
    } catch (error) {
      throw new Error(this.#explain(error), { cause: error });
    }
  }

  /** Asked once; again only when the connection was lost before, or asking twice does no harm. Never throws. */
  async call(
    tool: McpToolInfo,
    given: Readonly<Record<string, unknown>>,
    { signal, onRetry }: { readonly signal: AbortSignal; readonly onRetry?: (reason: string) => void },
  ): Promise<ToolOutcome> {
    try {
      return await this.#ask(tool, given, signal);
    } catch (error) {
      const isUnknownSession = isSessionGone(error);
      if (isUnknownSession) await this.close();
      if (signal.aborted || !(isUnknownSession || (tool.isIdempotent && !isTimeout(error))))
        return failed(signal.aborted ? "The tool was cancelled." : this.#explain(error));
      onRetry?.(isUnknownSession ? "session lost" : "connection lost");
    }
    return this.#ask(tool, given, signal).catch((error: unknown) => failed(this.#explain(error)));
  }

  /** Connects again when it is next needed. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((open) => open.close()).catch(() => {});
  }

  async #ask(tool: McpToolInfo, given: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolOutcome> {
    const client = await this.#connect();
    const request = { method: "tools/call", params: { name: tool.name, arguments: { ...given } } } as const;
    const { timeoutMs: timeout } = this.#endpoint;
    // Not `callTool`, which throws a result away that its server's own schema doesn't fit.
    return toOutcome(await client.request(request, callResultShape, { timeout, maxTotalTimeout: timeout, signal }));
  }

  async #readList(): Promise<readonly McpToolInfo[]> {
    const client = await this.#connect();
    const found = new Map<string, McpToolInfo>();
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES && found.size < MAX_TOOLS; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const { timeoutMs: timeout } = this.#endpoint;
      const read = await client.request({ method: "tools/list", params }, toolPageShape, { timeout });
      for (const tool of read.tools.map(parseMcpTool)) if (tool) found.set(tool.name, tool);
      cursor = read.nextCursor;
      if (cursor === undefined) break;
    }
    return [...found.values()].slice(0, MAX_TOOLS);
  }

  #connect(): Promise<Client> {
    this.#client ??= this.#open().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #open(): Promise<Client> {
    const { timeoutMs, url } = this.#endpoint;
    const transport = this.#makeTransport(this.#deps.guard.check(url));
    const client = new Client({ name: "earshot", version: "1" });
    client.onclose = () => {
      this.#client = undefined;
    };
    // A stream that breaks takes the answers to what is under way with it; a new one begins anew.
    client.onerror = () => {
      if (this.#endpoint.transport === "sse") void client.close().catch(() => {});
    };
    const late = Promise.withResolvers<never>();
    // The SDK's own limit doesn't count the time in which the stream opens.
    const cancel = this.#deps.clock.after(timeoutMs, () => {
      late.reject(new McpError(ErrorCode.RequestTimeout, "Request timed out"));
      void transport.close().catch(() => {});
    });
    try {
      await Promise.race([client.connect(transport, { timeout: timeoutMs }), late.promise]);
      return client;
    } finally {
      cancel();
    }
  }

  #makeTransport(url: URL): Transport {
    const { headers, transport } = this.#endpoint;
    const options = { fetch: createMcpFetch(this.#deps.guard), requestInit: { headers: { ...headers } } };
    const made =
      transport === "sse" ? new SSEClientTransport(url, options) : new StreamableHTTPClientTransport(url, options);
    // The SDK's classes are declared without `| undefined` in mind.
    return made as Transport;
  }

  #explain(error: unknown): string {
    const forbidden = findForbidden(error);
    if (forbidden) return `The URL of the MCP server is not allowed: ${forbidden.message}.`;
    if (isTimeout(error)) return `The MCP server gave no answer within ${this.#endpoint.timeoutMs / 1000} seconds.`;
    if (error instanceof McpError && error.code !== ErrorCode.ConnectionClosed)
      return `The MCP server refused: ${error.message}`;
    return "The MCP server can't be reached.";
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof McpError && error.code === ErrorCode.RequestTimeout;
}

/** The server has forgotten the session, so it has not looked at the request either. */
function isSessionGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 404;
}

function findForbidden(error: unknown): ForbiddenUrlError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof ForbiddenUrlError) return each;
  return undefined;
}
