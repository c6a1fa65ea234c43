import type { ScopeArea } from "../../http/require-scope.ts";

const AREAS: Readonly<Record<string, ScopeArea>> = {
  agents: "agents",
  calls: "calls",
  webhooks: "webhooks",
  "api-keys": "admin",
  usage: "usage",
  "test-suites": "gym",
  experiments: "gym",
  transcripts: "transcripts",
  audio: "speech",
  chat: "speech",
  embeddings: "speech",
};

/** Where the API begins behind its mount point: both spellings are served. */
const PREFIX = /^\/wordcab\/(?:api\/)?v1\//;

/** Which scope a path needs; an agent's calls are calls. */
export function areaOf(path: string): ScopeArea | undefined {
  const [noun = "", , part] = path.replace(PREFIX, "").split("/", 3);
  if (noun === "agents" && part === "calls") return "calls";
  return AREAS[noun];
}
