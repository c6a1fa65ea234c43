import type { ScopeArea } from "../http/require-scope.ts";

const AREAS: Readonly<Record<string, ScopeArea>> = {
  agents: "agents",
  "tool-templates": "agents",
  "mcp-servers": "agents",
  workflows: "agents",
  "knowledge-bases": "agents",
  "knowledge-documents": "agents",
  "analysis-templates": "agents",
  calls: "calls",
  campaigns: "calls",
  "web-calls": "calls",
  "phone-numbers": "calls",
  conversations: "messages",
  messages: "messages",
  "opt-outs": "messages",
  contacts: "messages",
  "webhook-endpoints": "webhooks",
  "webhook-deliveries": "webhooks",
  speech: "speech",
  transcriptions: "speech",
  transcripts: "transcripts",
  "test-suites": "gym",
  experiments: "gym",
  usage: "usage",
  "api-keys": "admin",
  workspaces: "admin",
  "sip-trunks": "admin",
  "carrier-accounts": "admin",
  "public-keys": "admin",
  secrets: "admin",
};

/** Which scope a path of our API needs: /v1/agents/… needs one of agents. */
export function areaOf(path: string): ScopeArea | undefined {
  return AREAS[path.split("/", 3)[2] ?? ""];
}
