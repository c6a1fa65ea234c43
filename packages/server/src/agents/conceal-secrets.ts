/** Secrets of an agent's tools, on their way into the database and out of it. */
import type { Vault } from "../secrets/vault.ts";
import { type AgentSettings, newAgentShape } from "./agent.ts";

type StoredTool = Readonly<Record<string, unknown>> & { readonly name: string; readonly sealedSecret?: string };
type StoredDocument = Readonly<Record<string, unknown>> & { readonly tools?: readonly StoredTool[] };

/**
 * The settings as they are stored: the secrets of tools sealed, the webhook's left out (it has its own row). A tool that
 * comes without a secret keeps that of its namesake in `previous`.
 */
export function concealSecrets(
  settings: AgentSettings,
  options: { readonly vault: Vault; readonly agentId: string; readonly previous?: unknown },
): StoredDocument {
  const { vault, agentId, previous } = options;
  const before = (previous as StoredDocument | undefined)?.tools ?? [];
  const tools = settings.tools.map((tool): StoredTool => {
    if (tool.kind !== "webhook") return tool;
    const { secret, ...rest } = tool;
    const kept = before.find(({ name }) => name === tool.name)?.sealedSecret;
    const sealedSecret = secret === undefined ? kept : vault.seal(secret, toolContext(agentId, tool.name));
    return sealedSecret === undefined ? rest : { ...rest, sealedSecret };
  });
  if (settings.webhook === undefined) return { ...settings, tools };
  const { secret: _secret, ...webhook } = settings.webhook;
  return { ...settings, tools, webhook };
}

/** Settings that may be written down in the clear, or told to others. */
export function stripSecrets<Settings extends Pick<AgentSettings, "tools" | "webhook">>(settings: Settings): Settings {
  const tools = settings.tools.map((tool) => {
    if (tool.kind !== "webhook") return tool;
    const { secret: _secret, ...rest } = tool;
    return rest;
  });
  if (settings.webhook === undefined) return { ...settings, tools };
  const { secret: _secret, ...webhook } = settings.webhook;
  return { ...settings, tools, webhook };
}

/** What may be shown of a stored document. Parsing fills in settings that came after it was written. */
export function withoutSecrets(document: unknown): AgentSettings {
  const { tools = [], ...rest } = document as StoredDocument;
  return parseDocument({ ...rest, tools: tools.map(({ sealedSecret: _, ...tool }) => tool) });
}

/** The settings with the secrets of tools readable. */
export function revealSecrets(document: unknown, vault: Vault, agentId: string): AgentSettings {
  const { tools = [], ...rest } = document as StoredDocument;
  const revealed = tools.map(({ sealedSecret, ...tool }) =>
    sealedSecret === undefined ? tool : { ...tool, secret: vault.open(sealedSecret, toolContext(agentId, tool.name)) },
  );
  return parseDocument({ ...rest, tools: revealed });
}

/** Graphs that were kept before they could run may have flaws; an agent without its graph still answers. */
function parseDocument(document: Readonly<Record<string, unknown>>): AgentSettings {
  const parsed = newAgentShape.safeParse(document);
  if (parsed.success) return parsed.data;
  const { flow: _, ...rest } = document;
  return newAgentShape.parse(rest);
}

function toolContext(agentId: string, toolName: string): string {
  return `${agentId} tool ${toolName}`;
}
