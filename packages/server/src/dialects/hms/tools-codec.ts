import { END_CALL_TOOL } from "@earshot/engine";
import type { AgentSettings } from "../../agents/agent.ts";
import { type AgentTool, agentToolShape, type WebhookTool } from "../../agents/agent-tool.ts";
import { fromVendorId, PREFIXES, toVendorId } from "./ids.ts";
import {
  type FlatTool,
  type McpTool,
  type NestedTool,
  OWN_KINDS,
  type OwnTool,
  type TransferTool,
  type VendorTool,
} from "./tool-shapes.ts";

const SYNC_TIMEOUT_MS = 10_000;
const END_CALL_DESCRIPTION = "Ends the call after saying goodbye.";
const TRANSFER_DESCRIPTION = "Transfers the caller to somebody else.";

type ToolSettings = Pick<AgentSettings, "tools" | "transfers">;

/** All of an agent's tools, and where it may transfer calls. */
export function fromVendorTools(tools: readonly VendorTool[]): ToolSettings {
  return {
    tools: tools.map((tool, index) => toTool(tool, index)),
    transfers: tools.filter(isTransfer).flatMap(({ destinations }) =>
      destinations.map(({ number, sip_uri: uri, description, message }) => ({
        destination: number ?? uri ?? "",
        description: description ?? "",
        ...(message === undefined || message === null ? {} : { message }),
      })),
    ),
  };
}

export function toVendorTools({ tools, transfers }: ToolSettings): object[] {
  const shown: object[] = [];
  let hasTransfer = false;
  for (const tool of tools) {
    if (tool.kind !== "transfer") shown.push(toVendorTool(tool));
    else if (!hasTransfer) shown.push(toTransferTool(tool.description, transfers));
    hasTransfer ||= tool.kind === "transfer";
  }
  if (!hasTransfer && transfers.length > 0) shown.push(toTransferTool(TRANSFER_DESCRIPTION, transfers));
  return shown;
}

function toTool(tool: VendorTool, index: number): AgentTool {
  if (isTransfer(tool))
    return {
      kind: "transfer",
      name: "transfer_call",
      description: tool.description ?? TRANSFER_DESCRIPTION,
      phrases: [],
    };
  if (isMcp(tool))
    return {
      kind: "mcp",
      name: `mcp_${index}`,
      mcpServerId: fromVendorId(PREFIXES.mcpServer, tool.mcp_server_id),
      ...(tool.allowed_tools === undefined || tool.allowed_tools === null ? {} : { allowedTools: tool.allowed_tools }),
      isRequired: tool.required ?? true,
    };
  if (isNested(tool)) {
    const { name, description, parameters } = tool.function;
    return toWebhookTool(tool, { name, description: description ?? "", parameters });
  }
  if (isFlat(tool)) return toWebhookTool(tool, tool);
  if (isOwnKind(tool)) {
    const { type: kind, ...rest } = tool;
    return agentToolShape.parse({ ...rest, kind });
  }
  const description = tool.description ?? END_CALL_DESCRIPTION;
  return { kind: "endCall", name: END_CALL_TOOL, description, phrases: [] };
}

function toWebhookTool(
  { url, server, async: isAsync, message, async_response: asyncResponse, dialect }: FlatTool | NestedTool,
  definition: { readonly name: string; readonly description: string; readonly parameters?: object | null | undefined },
): WebhookTool {
  const target = url ?? server?.url ?? undefined;
  const secret = server?.secret ?? undefined;
  const said = message ?? asyncResponse ?? undefined;
  return {
    kind: "webhook",
    name: definition.name,
    description: definition.description,
    parameters: { type: "object", properties: {}, ...definition.parameters },
    phrases: [],
    ...(target === undefined ? {} : { url: target }),
    method: "POST",
    headers: {},
    ...(secret === undefined ? {} : { secret }),
    timeoutMs: SYNC_TIMEOUT_MS,
    isAsync: isAsync ?? false,
    ...(said === undefined || said === "" ? {} : { executionMessage: said }),
    ...(isOurs(dialect) ? {} : { dialect: "hms" }),
  };
}

/** Tools that were made elsewhere keep the format in which their servers are asked, also when they are sent back. */
function isOurs(dialect: unknown): boolean {
  return dialect === "earshot";
}

function toVendorTool(tool: Exclude<AgentTool, { readonly kind: "transfer" }>): object {
  switch (tool.kind) {
    case "endCall":
      return { type: "end_call", description: tool.description };
    case "mcp":
      return {
        type: "mcp",
        mcp_server_id: toVendorId(tool.mcpServerId),
        ...(tool.allowedTools === undefined ? {} : { allowed_tools: tool.allowedTools }),
        required: tool.isRequired,
      };
    case "sendDigits":
    case "voicemail":
    case "sendMessage":
    case "pauseRecording":
    case "resumeRecording":
    case "knowledge":
    case "handoff": {
      const { kind: type, ...rest } = tool;
      return { type, ...rest };
    }
    case "webhook":
      return {
        name: tool.name,
        description: tool.description,
        parameters: tool.parameters,
        ...(tool.url === undefined ? {} : { url: tool.url }),
        async: tool.isAsync,
        ...(tool.executionMessage === undefined ? {} : { message: tool.executionMessage }),
        ...(tool.dialect === undefined ? { dialect: "earshot" } : {}),
      };
  }
}

function toTransferTool(description: string, transfers: AgentSettings["transfers"]): object {
  return {
    type: "transfer_call",
    description,
    destinations: transfers.map(({ destination, description: when, message }) => ({
      type: "number",
      number: destination,
      description: when,
      ...(message === undefined ? {} : { message }),
    })),
  };
}

/** What a client sent, without the secrets in it. */
export function withoutToolSecrets(tools: unknown): unknown {
  if (!Array.isArray(tools)) return tools;
  return tools.map((tool: unknown) => {
    if (typeof tool !== "object" || tool === null || !("server" in tool)) return tool;
    const { server } = tool;
    if (typeof server !== "object" || server === null || !("secret" in server)) return tool;
    const { secret: _, ...rest } = server;
    return { ...tool, server: rest };
  });
}

function isTransfer(tool: VendorTool): tool is TransferTool {
  return tool["type"] === "transfer_call" || tool["type"] === "transferCall";
}

function isOwnKind(tool: VendorTool): tool is OwnTool {
  return OWN_KINDS.some((kind) => kind === tool["type"]);
}

function isMcp(tool: VendorTool): tool is McpTool {
  return tool["type"] === "mcp";
}

function isNested(tool: VendorTool): tool is NestedTool {
  return tool["type"] === "function" && "function" in tool;
}

function isFlat(tool: VendorTool): tool is FlatTool {
  return tool["type"] === undefined || tool["type"] === null || tool["type"] === "function";
}
