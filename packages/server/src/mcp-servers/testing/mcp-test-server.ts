/** MCP servers made with the same SDK, on loopback. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as McpProtocol } from "@modelcontextprotocol/sdk/server/index.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

export type McpScript = {
  readonly tools: readonly object[];
  /** What a call of a tool is answered. */
  readonly call: (name: string, given: Record<string, unknown>) => Promise<object> | object;
};

export type McpTestServer = {
  readonly url: string;
  readonly lists: () => number;
  readonly calls: string[];
  readonly headers: IncomingMessage["headers"][];
  /** All connections, at once; the next ones begin anew. */
  cut(): void;
  close(): void;
};

export async function startMcpServer(transport: "streamable_http" | "sse", script: McpScript): Promise<McpTestServer> {
  const calls: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  let lists = 0;
  const open = (): McpProtocol => {
    const protocol = new McpProtocol({ name: "test", version: "1" }, { capabilities: { tools: {} } });
    protocol.setRequestHandler(ListToolsRequestSchema, () => {
      lists++;
      return { tools: [...script.tools] } as never;
    });
    protocol.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      calls.push(params.name);
      return (await script.call(params.name, params.arguments ?? {})) as never;
    });
    return protocol;
  };
  const sessions = new Map<string, SSEServerTransport | StreamableHTTPServerTransport>();
  const serve = transport === "sse" ? serveSse : serveStreamable;
  const server = createServer((request, response) => {
    headers.push(request.headers);
    void serve(request, response, { open, sessions }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    lists: () => lists,
    ...{ calls, headers },
    cut() {
      sessions.clear();
      server.closeAllConnections();
    },
    close: () => closeServer(server),
  };
}

/** Takes connections and says nothing. */
export async function startSilentServer(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () => closeServer(server),
  };
}

type Serving = {
  readonly open: () => McpProtocol;
  readonly sessions: Map<string, SSEServerTransport | StreamableHTTPServerTransport>;
};

async function serveSse(request: IncomingMessage, response: ServerResponse, { open, sessions }: Serving) {
  const id = new URL(request.url ?? "", "http://localhost").searchParams.get("sessionId") ?? "";
  const known = sessions.get(id);
  if (known instanceof SSEServerTransport) return known.handlePostMessage(request, response);
  if (request.method !== "GET") return void response.writeHead(404).end();
  const made = new SSEServerTransport("/mcp", response);
  sessions.set(made.sessionId, made);
  await open().connect(made);
}

async function serveStreamable(request: IncomingMessage, response: ServerResponse, { open, sessions }: Serving) {
  const id = request.headers["mcp-session-id"];
  const known = typeof id === "string" ? sessions.get(id) : undefined;
  if (known instanceof StreamableHTTPServerTransport) return known.handleRequest(request, response);
  if (typeof id === "string") return void response.writeHead(404).end();
  const made: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => `session-${sessions.size + 1}-${Math.trunc(performance.now() * 1000)}`,
    onsessioninitialized: (sessionId) => void sessions.set(sessionId, made),
  });
  await open().connect(made as Transport);
  await made.handleRequest(request, response);
}

function closeServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}
