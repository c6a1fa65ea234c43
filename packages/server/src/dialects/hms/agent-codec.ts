import { z } from "zod";
import { type AgentSettings, newAgentShape } from "../../agents/agent.ts";
import type { StoredAgent } from "../../agents/stored-agent.ts";
import { toSettings } from "../../agents/update-agent.ts";
import { fromVendor, toVendor, type VendorFields, type VendorObject } from "../kit/vendor-fields.ts";
import { agentFieldShapes, agentFields, DEFAULT_AGENT, webhookSecretField } from "./agent-fields.ts";
import { toVendorId } from "./ids.ts";
import { isRealtime } from "./llm-config.ts";
import { check, invalid, type JsonObject } from "./parse.ts";
import { withoutToolSecrets } from "./tools-codec.ts";

/** Under which name agents keep what HMS clients sent. */
export const DIALECT = "hms";

const { name, ...others } = agentFieldShapes;
const patchShape = z.looseObject({ name, ...others }).partial();
const newShape = patchShape.required({ name: true });

const writable: VendorFields<AgentSettings> = { ...agentFields, webhook_secret: webhookSecretField };
/** What only we say of an agent. */
const READ_ONLY = ["id", "created_at", "updated_at", "org_id"];

export type AgentDocument = { readonly settings: AgentSettings; readonly sent: VendorObject };

/** @throws AppError `invalid_request` naming each wrong field */
export function toNewAgent(body: JsonObject): AgentDocument {
  const given = parse(newShape, body);
  checkRealtime(given, given);
  return decode(given, { settings: DEFAULT_AGENT, sent: {} });
}

/**
 * An agent after a PATCH: each field of the body replaces the whole one of the agent.
 * @throws AppError `invalid_request` naming each wrong field
 */
export function patchAgent({ agent, sent }: StoredAgent, body: JsonObject): AgentDocument {
  return changeSettings({ settings: toSettings(agent), sent: sent[DIALECT] ?? {} }, body);
}

/** Settings with fields of a vendor's object over them, as a call's override or a webhook's answer names them. */
export function changeSettings({ settings, sent }: AgentDocument, body: JsonObject): AgentDocument {
  const given = parse(patchShape, body);
  const becomes = given.llm_config ?? (settings.mode === "speech-to-speech" ? { provider: "xai_realtime" } : undefined);
  checkRealtime({ ...given, llm_config: becomes }, given);
  return decode(given, { settings, sent: isRealtime(becomes) ? withoutSpeech(sent) : sent });
}

/** As HMS shows it, secrets left out. */
export function showAgent({ agent, sent }: StoredAgent): VendorObject {
  return {
    id: toVendorId(agent.id),
    ...showSettings({ settings: agent, sent: sent[DIALECT] ?? {} }),
    created_at: agent.createdAt,
    updated_at: agent.updatedAt,
  };
}

export function showSettings({ settings, sent }: AgentDocument): VendorObject {
  return toVendor(agentFields, withoutWebhookSecret(settings), sent);
}

function parse<Shape extends z.ZodType>(shape: Shape, body: JsonObject): z.output<Shape> {
  const entries = Object.entries(body).filter(([field]) => !READ_ONLY.includes(field));
  return check(shape, Object.fromEntries(entries));
}

function decode(given: VendorObject, before: AgentDocument): AgentDocument {
  const settings = newAgentShape.safeParse(fromVendor(writable, given, before.settings));
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw invalid(issue?.path.join(".") ?? "", issue?.message ?? "is not valid");
  }
  return { settings: settings.data, sent: { ...before.sent, ...toSent(given) } };
}

/** What is kept to be given back as it was. */
function toSent({ webhook_secret: _, llm_config: llm, ...rest }: VendorObject): VendorObject {
  const given = rest["stt_config"] === null || rest["tts_config"] === null ? withoutSpeech(rest) : rest;
  if (llm === undefined) return given;
  if (typeof llm !== "object" || llm === null || !("tools" in llm)) return { ...given, llm_config: llm };
  return { ...given, llm_config: { ...llm, tools: withoutToolSecrets(llm.tools) } };
}

/** Realtime models hear and speak by themselves. */
function checkRealtime(
  { llm_config: llm }: { readonly llm_config?: { readonly provider?: unknown } | null | undefined },
  given: VendorObject,
): void {
  if (!isRealtime(llm)) return;
  for (const field of ["stt_config", "tts_config"])
    if (given[field] !== undefined && given[field] !== null)
      throw invalid(field, `must be left out: ${String(llm?.provider)} hears and speaks by itself`);
}

function withoutSpeech({ stt_config: _, tts_config: __, ...sent }: VendorObject): VendorObject {
  return sent;
}

function withoutWebhookSecret(settings: AgentSettings): AgentSettings {
  if (settings.webhook === undefined) return settings;
  const { secret: _, ...webhook } = settings.webhook;
  return { ...settings, webhook };
}
