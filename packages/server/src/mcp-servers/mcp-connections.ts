import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { WallClock } from "../wall-clock.ts";
import { McpConnection, type McpEndpoint } from "./mcp-connection.ts";

/** Of one answer: a stream of events counts as one. */
export const MAX_MCP_BYTES = 10_000_000;
/** Of one node; the one that was used longest ago is closed for a new one. */
const MAX_CONNECTIONS = 100;

/** Connections to MCP servers by where they lead and what they send: calls of one agent share theirs. */
export class McpConnections {
  readonly #deps: { readonly guard: UrlGuard; readonly clock: WallClock };
  readonly #connections = new Map<string, McpConnection>();

  constructor(deps: { readonly guard: UrlGuard; readonly clock: WallClock }) {
    this.#deps = deps;
  }

  get(endpoint: McpEndpoint): McpConnection {
    const { url, transport, headers, timeoutMs } = endpoint;
    const key = JSON.stringify([url, transport, timeoutMs, Object.entries(headers).toSorted()]);
    const connection = this.#connections.get(key) ?? new McpConnection(endpoint, this.#deps);
    this.#connections.delete(key);
    this.#connections.set(key, connection);
    const [oldest] = this.#connections.keys();
    if (this.#connections.size > MAX_CONNECTIONS && oldest !== undefined) {
      void this.#connections.get(oldest)?.close();
      this.#connections.delete(oldest);
    }
    return connection;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
    this.#connections.clear();
  }
}
