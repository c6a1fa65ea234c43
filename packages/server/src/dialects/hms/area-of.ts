import type { ScopeArea } from "../../http/require-scope.ts";

const AREAS: Readonly<Record<string, ScopeArea>> = {
  agents: "agents",
  assistants: "agents",
  "tool-templates": "agents",
  "analysis-templates": "agents",
  workflows: "agents",
  "mcp-servers": "agents",
  calls: "calls",
  "web-calls": "calls",
  campaigns: "calls",
  numbers: "calls",
  chats: "messages",
  usage: "usage",
  "sip-trunks": "admin",
  byok: "admin",
  domains: "admin",
  organizations: "admin",
};

/** Which scope a path needs: …/v1/agents/… needs one of agents. */
export function areaOf(path: string): ScopeArea | undefined {
  const [, noun = ""] = /\/v1\/([a-z-]+)/.exec(path) ?? [];
  return AREAS[noun];
}
