/** The webhook assistant-request: before an inbound call is answered, the customer's server may say who answers, and how. */
import { request } from "undici";
import type { AgentStore } from "../../agents/store.ts";
import type { Answer, AskBeforeAnswer, Ringing } from "../../calls/answer-call.ts";
import { type AgentOfCall, chooseAgent } from "../../calls/choose-agent.ts";
import type { UrlGuard } from "../../outbound-http/guard-url.ts";
import { readStart } from "../../outbound-http/read-start.ts";
import type { Vault } from "../../secrets/vault.ts";
import type { WallClock } from "../../wall-clock.ts";
import { secretsOf } from "../../webhooks/signing-secrets.ts";
import type { WebhookEndpointStore } from "../../webhooks/store.ts";
import type { WebhookEndpoint } from "../../webhooks/webhook-endpoint.ts";
import { type AgentDocument, DIALECT } from "./agent-codec.ts";
import { overrideSettings, requireMetadata, toSentWithCall } from "./call-assistant.ts";
import { fromVendorId, PREFIXES } from "./ids.ts";
import type { JsonObject } from "./parse.ts";
import { wants } from "./webhook-events.ts";
import { hmsHeaders, toMessage } from "./webhook-message.ts";

/** After that the agent answers as it is. */
const ANSWER_MAX_MS = 5_000;
const MAX_ANSWER_BYTES = 500_000;
const MOST_ENDPOINTS = 200;

export type AskDeps = {
  readonly guard: UrlGuard;
  readonly clock: WallClock;
  readonly agents: AgentStore;
  /** Ends the asking early; the agent answers as it is then. */
  readonly signal?: AbortSignal;
};

export type Asked = Pick<Ringing, "call" | "number"> & {
  readonly agent: AgentOfCall;
  readonly webhook: { readonly url: string; readonly secret?: string | undefined };
};

/**
 * Asks once. Whatever goes wrong (no answer in 5 s, a bad status, an answer that means nothing) leaves the agent as it is.
 * @returns undefined when the agent is to answer as it is
 */
export async function askAssistant(asked: Asked, deps: AskDeps): Promise<Answer | undefined> {
  try {
    return await toAnswer(await post(asked, deps), asked, deps);
  } catch {
    return undefined;
  }
}

/** For the inbound path: asks the agent's own webhook, or else the workspace's, when it is one of HMS's and wants to be asked. */
export function createAskAssistant(
  deps: Omit<AskDeps, "signal"> & { readonly endpoints: WebhookEndpointStore; readonly vault: Vault },
): AskBeforeAnswer {
  return async ({ call, number }, agent) => {
    const { workspaceId } = number;
    const all = (await deps.endpoints.list(workspaceId, { limit: MOST_ENDPOINTS })).filter(asks);
    const endpoint =
      all.find(({ agentId }) => agentId !== undefined && agentId === agent.agentId) ??
      all.find(({ agentId }) => agentId === undefined);
    if (endpoint === undefined) return undefined;
    const [secret] = secretsOf(deps.vault, endpoint, deps.clock.now().getTime());
    return askAssistant({ call, number, agent, webhook: { url: endpoint.url, secret } }, deps);
  };
}

function asks({ dialect, isEnabled, events }: WebhookEndpoint): boolean {
  return dialect === DIALECT && isEnabled && wants(events, "assistant-request");
}

async function post({ call, number, agent, webhook }: Asked, { guard, clock, signal }: AskDeps): Promise<JsonObject> {
  const now = clock.now();
  const ringing = { ...call, agentId: agent.agentId, agentName: agent.agentName } as typeof call;
  const body = JSON.stringify({
    message: toMessage("assistant-request", ringing, {
      timestamp: now.toISOString(),
      status: "ringing",
      agent: agent.settings,
      numberName: number.name,
    }),
  });
  const limit = AbortSignal.timeout(ANSWER_MAX_MS);
  const response = await request(guard.check(webhook.url), {
    method: "POST",
    dispatcher: guard.dispatcher,
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    headers: hmsHeaders("assistant-request", {
      body,
      timestampS: Math.floor(now.getTime() / 1000),
      secret: webhook.secret,
    }),
    body,
  });
  const text = await readStart(response.body, { keepBytes: MAX_ANSWER_BYTES, drainBytes: MAX_ANSWER_BYTES });
  if (response.statusCode < 200 || response.statusCode >= 300) return {};
  const answer: unknown = text.trim() === "" ? {} : JSON.parse(text);
  return typeof answer === "object" && answer !== null && !Array.isArray(answer) ? (answer as JsonObject) : {};
}

/** @throws AppError for settings that are not valid, or an assistant that isn't there */
async function toAnswer(reply: JsonObject, { number, agent }: Asked, { agents }: AskDeps): Promise<Answer | undefined> {
  const { error, assistant_id: given, max_duration_seconds: seconds } = reply;
  if (typeof error === "string" && error !== "") return { rejected: error };
  const assistantId = given ?? reply["agent_id"];
  const chosen =
    typeof assistantId === "string"
      ? await chooseAgent(
          agents,
          number.workspaceId,
          { agentId: fromVendorId(PREFIXES.agent, assistantId) },
          "deployed",
        )
      : agent;
  const override = {
    ...objectOf(reply["agent"]),
    ...objectOf(reply["assistant"]),
    ...objectOf(reply["assistant_override"]),
    ...(typeof seconds === "number" ? { max_duration_seconds: seconds } : {}),
    ...(reply["metadata"] === undefined ? {} : { metadata: requireMetadata(reply["metadata"]) }),
  };
  if (chosen === agent && Object.keys(override).length === 0) return undefined;
  const before: AgentDocument = { settings: chosen.settings, sent: {} };
  const { settings, sent } = overrideSettings(before, override);
  return {
    agent: { ...chosen, settings, agentName: settings.name, isOwn: true },
    variables: {},
    sent: { [DIALECT]: toSentWithCall(sent) },
  };
}

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
