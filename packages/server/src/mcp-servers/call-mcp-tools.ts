/** The tools of MCP servers that one call may use: looked up when the call is reserved, offered once they are known. */

import type { LanguageModel, ToolDefinition, ToolOutcome, ToolRun } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { ToolOfKind } from "../agents/agent-tool.ts";
import { parseArguments } from "../tools/parse-arguments.ts";
import { failed } from "../tools/tool-outcome.ts";
import type { McpConnection, McpEndpoint } from "./mcp-connection.ts";
import { fromMcpPlaceholder } from "./mcp-placeholder.ts";
import type { McpToolInfo } from "./mcp-tool-list.ts";

type McpTool = ToolOfKind<"mcp">;
type Offered = { readonly info: McpToolInfo; readonly connection: McpConnection; readonly limitMs: number };

export type McpFailure = { readonly server: string; readonly isRequired: boolean; readonly message: string };

export class CallMcpTools {
  readonly #connect: (endpoint: McpEndpoint) => McpConnection;
  /** By id; a server that is gone is missing. */
  readonly #servers: Readonly<Record<string, McpEndpoint>>;
  readonly #offered = new Map<string, Offered>();
  readonly #definitions = new Map<string, ToolDefinition[]>();
  readonly #isEmpty: boolean;
  readonly #ready: Promise<readonly McpFailure[]>;

  /** @param taken names of the call's other tools */
  constructor(options: {
    readonly tools: readonly McpTool[];
    readonly servers: Readonly<Record<string, McpEndpoint>>;
    readonly taken: ReadonlySet<string>;
    readonly connect: (endpoint: McpEndpoint) => McpConnection;
  }) {
    this.#connect = options.connect;
    this.#servers = options.servers;
    this.#isEmpty = options.tools.length === 0;
    this.#ready = this.#load(options.tools, options.taken);
  }

  /** Those of every agent that speaks, or may take over. */
  static ofAgents(
    agents: readonly Pick<AgentSettings, "tools">[],
    servers: Readonly<Record<string, McpEndpoint>>,
    connect: (endpoint: McpEndpoint) => McpConnection,
  ): CallMcpTools {
    const all = agents.flatMap(({ tools }) => tools);
    const tools = all.flatMap((tool) => (tool.kind === "mcp" ? [tool] : []));
    return new CallMcpTools({ tools, servers, taken: new Set(all.map(({ name }) => name)), connect });
  }

  /** Resolves once every server has answered or failed, with those that failed. */
  get ready(): Promise<readonly McpFailure[]> {
    return this.#ready;
  }

  /** The call has no servers, so there is nothing to wait for. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  owns(name: string): boolean {
    return this.#offered.has(name);
  }

  limitMs(name: string): number {
    return this.#offered.get(name)?.limitMs ?? 0;
  }

  async run({ toolCallId, name, arguments: given, note }: ToolRun, signal: AbortSignal): Promise<ToolOutcome> {
    const offered = this.#offered.get(name);
    const parsed = parseArguments(given);
    if (offered === undefined) return failed(`There is no tool "${name}".`);
    if (parsed === undefined) return failed("The tool was not run: its arguments are not a JSON object.");
    const onRetry = (reason: string) => note?.({ type: "tool-retried", toolCallId, attempt: 2, reason });
    return offered.connection.call(offered.info, parsed, { signal, onRetry });
  }

  /** Puts the servers' tools where they are stood for. */
  expand(tools: readonly ToolDefinition[]): ToolDefinition[] {
    return tools.flatMap((tool) => {
      const name = fromMcpPlaceholder(tool);
      return name === undefined ? [tool] : (this.#definitions.get(name) ?? []);
    });
  }

  async #load(tools: readonly McpTool[], taken: ReadonlySet<string>): Promise<readonly McpFailure[]> {
    const loaded = await Promise.all(tools.map((tool) => this.#list(tool)));
    const names = new Set(taken);
    const failures: McpFailure[] = [];
    // One after the other: which name is taken must not hang on who answered first.
    for (const [index, found] of loaded.entries()) {
      const tool = tools[index];
      if (tool === undefined) continue;
      if ("message" in found) failures.push(found);
      else this.#offer(tool, found, names);
    }
    return failures;
  }

  async #list(tool: McpTool): Promise<Found | McpFailure> {
    const endpoint = this.#servers[tool.mcpServerId];
    const { isRequired } = tool;
    if (endpoint === undefined)
      return { server: tool.mcpServerId, isRequired, message: "There is no such MCP server in the workspace." };
    const connection = this.#connect(endpoint);
    try {
      return { endpoint, connection, tools: await connection.tools() };
    } catch (error) {
      return { server: endpoint.name, isRequired, message: error instanceof Error ? error.message : String(error) };
    }
  }

  #offer({ name: stands, allowedTools }: McpTool, { endpoint, connection, tools }: Found, names: Set<string>): void {
    const definitions: ToolDefinition[] = [];
    for (const info of tools) {
      if (allowedTools !== undefined && !allowedTools.includes(info.name)) continue;
      const name = freeName(info.name, endpoint.name, names);
      names.add(name);
      // Twice the limit: one attempt and one more.
      this.#offered.set(name, { info, connection, limitMs: 2 * endpoint.timeoutMs });
      definitions.push({ name, description: info.description, parameters: info.parameters });
    }
    this.#definitions.set(stands, definitions);
  }
}

type Found = {
  readonly endpoint: McpEndpoint;
  readonly connection: McpConnection;
  readonly tools: readonly McpToolInfo[];
};

/** A model that is offered the tools of servers, once they are known, or after `waitMs` without them. */
export function offerMcpTools(
  model: LanguageModel,
  mcp: CallMcpTools,
  wait: (until: Promise<unknown>) => Promise<unknown>,
): LanguageModel {
  if (mcp.isEmpty) return model;
  return {
    name: model.name,
    ...(model.context === undefined ? {} : { context: model.context }),
    ...(model.partLimitMs === undefined ? {} : { partLimitMs: model.partLimitMs }),
    async *reply(request, signal) {
      await wait(mcp.ready);
      yield* model.reply({ ...request, tools: mcp.expand(request.tools) }, signal);
    },
    prepare: (system) => model.prepare?.(system),
  };
}

/** As models allow names; with the server's in front, and a number behind, where it is taken. */
function freeName(tool: string, server: string, taken: ReadonlySet<string>): string {
  const plain = toName(tool);
  if (!taken.has(plain)) return plain;
  const prefixed = toName(`${server}_${tool}`);
  for (let number = 1; ; number++) {
    const name = number === 1 ? prefixed : `${prefixed.slice(0, 60)}_${number}`;
    if (!taken.has(name)) return name;
  }
}

function toName(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, 64);
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`.slice(0, 64);
}
