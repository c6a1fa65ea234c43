/** Between Voicy's agents of both generations and ours. What a client sent is kept for each generation of its own. */
import { type AgentSettings, newAgentShape } from "../../agents/agent.ts";
import type { SentByDialect, StoredAgent } from "../../agents/stored-agent.ts";
import { toSettings } from "../../agents/update-agent.ts";
import { fromVendor, toVendor, type VendorObject } from "../kit/vendor-fields.ts";
import type { Account } from "./accounts.ts";
import { type AgentPatch, agentFields, toGreeting } from "./agent-fields.ts";
import { briefAgentFields } from "./brief-agent-fields.ts";
import { toVoicyId } from "./voicy-id.ts";

type Generation = "full" | "brief";
type Stored = { readonly settings: AgentSettings; readonly sent: SentByDialect };

const DIALECT = "voicy";
/** A standard account's longest call. */
const MAX_DURATION_MS = 30 * 60_000;

/** Shown as they are, whatever a client sends. */
const COMPUTED: ReadonlySet<string> = new Set([
  "agent_id",
  "account",
  "account_id",
  "account_name",
  "version",
  "deployed_at",
  "agent_type",
  "active",
  "created_at",
  "updated_at",
  "begin_message_mode",
  "general_prompt",
  "end_call_enabled",
  "end_call_condition",
  "transfer_call_enabled",
  "transfer_call_destination",
]);
/** What lists leave out. */
const HEAVY: readonly string[] = ["vars_provided", "vars_extracted", "pronunciations"];
const HEAVY_BRIEF: readonly string[] = ["variables_provided", "variables_extracted"];
const PROMPT_AGENTS_ONLY: readonly string[] = ["prompt", "welcome_message"];

/** The agent with `agent_prompt`; a working version that differs from the deployed one has the next number. */
export function showAgent(stored: StoredAgent, context: { readonly account: Account; readonly voiceId: string }) {
  const { agent } = stored;
  const { agent_name, voice_id, ...rest } = toVendor(agentFields, agent, keptOf(stored.sent, "full"));
  return {
    agent_id: toVoicyId(agent.id),
    agent_name,
    account: context.account,
    voice_id: voice_id ?? context.voiceId,
    ...rest,
    version: agent.isDeployed ? agent.version : agent.version + 1,
    deployed_at: agent.isDeployed ? (agent.deployedAt ?? null) : null,
  };
}

/** The same as lists show it. */
export function showLightAgent(...shown: Parameters<typeof showAgent>): VendorObject {
  return without(showAgent(...shown), HEAVY);
}

/** The agent with `prompt`. */
export function showBriefAgent(stored: StoredAgent, context: { readonly voiceId: string }): VendorObject {
  const { agent } = stored;
  const { voice, ...rest } = toVendor(briefAgentFields, agent, keptOf(stored.sent, "brief"));
  const { name, language, ...more } = rest;
  return {
    agent_id: toVoicyId(agent.id),
    name,
    language,
    voice: voice ?? context.voiceId,
    ...(agent.flow === undefined ? more : without(more, PROMPT_AGENTS_ONLY)),
    created_at: agent.createdAt,
    updated_at: agent.updatedAt,
  };
}

export function showLightBriefAgent(...shown: Parameters<typeof showBriefAgent>): VendorObject {
  return without(showBriefAgent(...shown), HEAVY_BRIEF);
}

/** A new agent of the current generation. @param sent validated, defaults filled in */
export function toNewAgent(sent: VendorObject & { readonly name: string }): Stored {
  const base = newAgentShape.parse({
    name: sent.name,
    greeting: { mode: "dynamic" },
    maxDurationMs: MAX_DURATION_MS,
  });
  const kept = without(sent, [...COMPUTED]);
  return { settings: fromVendor(briefAgentFields, kept, base), sent: { [DIALECT]: { brief: kept } } };
}

/** An agent with what a client of the current generation changed. */
export function patchBriefAgent({ agent, sent }: StoredAgent, patch: VendorObject): Stored {
  const changes = without(patch, [...COMPUTED]);
  const settings = fromVendor(briefAgentFields, changes, toSettings(agent));
  return { settings, sent: keep(sent, "brief", changes) };
}

/** An agent with what a client of the generation before changed. */
export function patchAgent({ agent, sent }: StoredAgent, patch: AgentPatch): Stored {
  const { general_prompt, ...rest } = patch;
  const prompt = rest.agent_prompt ?? general_prompt;
  const changes = {
    ...without(rest, [...COMPUTED]),
    ...(prompt === undefined ? {} : { agent_prompt: prompt }),
  };
  const before = toSettings(agent);
  const settings = fromVendor(agentFields, changes, before);
  const { begin_message: text, begin_message_mode: mode } = patch;
  const greeting =
    text === undefined && mode === undefined
      ? settings.greeting
      : toGreeting(mode ?? before.greeting.mode, text === undefined ? messageOf({ agent, sent }) : text);
  return { settings: { ...settings, greeting }, sent: keep(sent, "full", changes) };
}

/** What would be said if the greeting were static. */
function messageOf({ agent, sent }: Pick<StoredAgent, "agent" | "sent">): string | null {
  if (agent.greeting.mode === "static") return agent.greeting.text;
  const kept = keptOf(sent, "full")["begin_message"];
  return typeof kept === "string" ? kept : null;
}

function keptOf(sent: SentByDialect, generation: Generation): VendorObject {
  return (sent[DIALECT]?.[generation] as VendorObject | undefined) ?? {};
}

function keep(sent: SentByDialect, generation: Generation, changes: VendorObject): SentByDialect {
  return {
    ...sent,
    [DIALECT]: { ...sent[DIALECT], [generation]: { ...keptOf(sent, generation), ...changes } },
  };
}

function without(object: VendorObject, names: readonly string[]): VendorObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
