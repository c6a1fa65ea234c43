/** Which assistant holds a call: a saved one, a one-time one, or a saved one of which some fields differ. */
import { z } from "zod";
import type { AgentPatch, AgentSettings } from "../../agents/agent.ts";
import { agentNotFound } from "../../agents/read-agent.ts";
import type { AgentStore } from "../../agents/store.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorObject } from "../kit/vendor-fields.ts";
import { type AgentDocument, changeSettings, toNewAgent } from "./agent-codec.ts";
import type { SentWithCall } from "./call-view.ts";
import { fromVendorId, PREFIXES } from "./ids.ts";
import { mergePatchOf } from "./merge-patch-of.ts";
import { invalid, type JsonObject } from "./parse.ts";

const id = storableText({ min: 1, max: 100 }).nullish();
const part = z.record(z.string(), z.unknown()).nullish();

/** The newer names, and those that they replace. */
export const assistantChoiceShape = z.looseObject({
  assistant_id: id,
  agent_id: id,
  assistant: part,
  agent: part,
  assistant_override: part,
  agent_config: part,
});

export type AssistantChoice = z.output<typeof assistantChoiceShape>;

/** What a call is made with. */
export type CallAssistant = {
  readonly agentId?: string;
  readonly agent?: AgentSettings;
  readonly overrides?: AgentPatch;
  readonly sent: SentWithCall;
};

const TRANSIENT_NAME = "One-time assistant";

/**
 * @param options `use`: which version of a saved assistant; `firstMessage`: said instead of its own
 * @throws AppError `invalid_request` naming the field; `not_found` for the saved assistant
 */
export async function chooseAssistant(
  agents: AgentStore,
  workspaceId: string,
  choice: AssistantChoice,
  options: { readonly use: "working" | "deployed"; readonly firstMessage?: string | undefined },
): Promise<CallAssistant> {
  const assistantId = choice.assistant_id ?? choice.agent_id ?? undefined;
  const transient = choice.assistant ?? choice.agent ?? undefined;
  const override = choice.assistant_override ?? choice.agent_config ?? undefined;
  if (assistantId === undefined && transient === undefined)
    throw invalid("assistant_id", "is required, or assistant instead of it");
  if (assistantId === undefined) {
    if (override !== undefined) throw invalid("assistant_override", "belongs to an assistant_id");
    return toTransient(transient ?? {}, options.firstMessage);
  }
  if (transient !== undefined) throw invalid("assistant", "must be left out beside assistant_id");
  const agentId = fromVendorId(PREFIXES.agent, assistantId);
  const found = await agents.findForCall(workspaceId, agentId, options.use);
  if (found === undefined) throw agentNotFound(assistantId);
  const changed = overrideSettings({ settings: found.settings, sent: {} }, withGreeting(override ?? {}, options));
  const overrides = mergePatchOf(found.settings, changed.settings);
  return {
    agentId,
    ...(Object.keys(overrides).length === 0 ? {} : { overrides: overrides as AgentPatch }),
    sent: toSentWithCall(changed.sent),
  };
}

/** Shallow: each field of the override replaces the whole one. Its greeting is also how an outbound call opens. */
export function overrideSettings(document: AgentDocument, override: JsonObject): AgentDocument {
  const { metadata, ...fields } = override;
  const changed = changeSettings(document, fields);
  const sent = metadata === undefined ? changed.sent : { ...changed.sent, metadata: requireMetadata(metadata) };
  if (fields["first_message"] === undefined || isGivenOutbound(fields)) return { ...changed, sent };
  const { outboundGreeting: _, ...settings } = changed.settings;
  return { settings, sent };
}

/** What is kept with a call, of what the client sent about its assistant. */
export function toSentWithCall({ metadata, ...assistant }: VendorObject): SentWithCall {
  return {
    ...(Object.keys(assistant).length === 0 ? {} : { assistant }),
    ...(metadata === undefined ? {} : { metadata: metadata as JsonObject }),
  };
}

function toTransient(assistant: JsonObject, firstMessage: string | undefined): CallAssistant {
  if (assistant["llm_config"] === undefined || assistant["llm_config"] === null)
    throw invalid("assistant.llm_config", "is required");
  const { metadata, ...fields } = assistant;
  const { settings, sent } = toNewAgent({
    ...fields,
    ...(fields["name"] === undefined ? { name: TRANSIENT_NAME } : {}),
    ...(firstMessage === undefined ? {} : { first_message: firstMessage }),
  });
  const kept = metadata === undefined ? sent : { ...sent, metadata: requireMetadata(metadata) };
  return { agent: settings, sent: toSentWithCall(kept) };
}

function withGreeting(
  override: JsonObject,
  { firstMessage }: { readonly firstMessage?: string | undefined },
): JsonObject {
  return firstMessage === undefined ? override : { ...override, first_message: firstMessage };
}

function isGivenOutbound({ speech_config: speech }: JsonObject): boolean {
  return typeof speech === "object" && speech !== null && "first_message_outbound" in speech;
}

const MAX_METADATA_LENGTH = 20_000;

/** @throws AppError `invalid_request` */
export function requireMetadata(metadata: unknown): JsonObject {
  if (metadata === null) return {};
  if (typeof metadata !== "object" || Array.isArray(metadata)) throw invalid("metadata", "must be an object");
  if (JSON.stringify(metadata).length > MAX_METADATA_LENGTH)
    throw invalid("metadata", `must be at most ${MAX_METADATA_LENGTH} characters of JSON`);
  return metadata as JsonObject;
}
