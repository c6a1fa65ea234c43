/** What AgentPhone's webhooks say: three events in one envelope, signed over time and body. */
import type { ReadCall } from "../../calls/read-call.ts";
import type { Contact } from "../../contacts/contact.ts";
import type { DomainEvent, EventData } from "../../webhooks/domain-event.ts";
import { signWithPrefix } from "../../webhooks/signature.ts";
import {
  type DialectDelivery,
  type DialectEndpoint,
  type HistoryMessage,
  UndeliverableError,
  type WebhookDialect,
  type WebhookLoad,
} from "../../webhooks/webhook-dialect.ts";
import { toDisconnectionReason, toDurationSeconds, toShownRole, toShownStatus } from "./call-view.ts";

export const DEFAULT_CONTEXT_LIMIT = 10;
export const DEFAULT_TIMEOUT_MS = 30_000;
/** Enough to find the message that somebody reacts to. */
const REACTION_HISTORY = 50;
/** As many as may have come in before an event is told. */
const LATER_MESSAGES = 20;

export const agentPhoneWebhooks: WebhookDialect = {
  name: "agentphone",
  retries: { maxAttempts: 6, firstDelayMs: 10_000, maxDelayMs: 3_600_000 },
  keepsOrder: false,
  eventName: toEventName,
  timeoutMs: ({ settings }) => (typeof settings["timeoutMs"] === "number" ? settings["timeoutMs"] : DEFAULT_TIMEOUT_MS),
  encode,
  headers: ({ deliveryId, eventName, timestampS, body, secrets }) =>
    toHeaders({ id: deliveryId, event: eventName, timestampS, body, secret: secrets[0] }),
};

/** Only what came in is told as a message: who answers by webhook would answer themselves. */
export function toEventName(type: DomainEvent["type"]): string | undefined {
  switch (type) {
    case "message.received":
    case "webhook.test":
      return "agent.message";
    case "message.reaction":
      return "agent.reaction";
    case "call.ended":
    case "call.failed":
      return "agent.call_ended";
    default:
      return undefined;
  }
}

/** Also for the turns of a call, which are no deliveries. */
export function toHeaders(request: {
  readonly id: string;
  readonly event: string;
  readonly timestampS: number;
  readonly body: string;
  readonly secret: string | undefined;
}): Record<string, string> {
  const { id, event, timestampS, body, secret } = request;
  return {
    "X-Webhook-ID": id,
    "X-Webhook-Event": event,
    "X-Webhook-Timestamp": String(timestampS),
    ...(secret === undefined ? {} : { "X-Webhook-Signature": signWithPrefix(secret, { body, timestampS }) }),
  };
}

async function encode({ event, eventName, endpoint, load }: DialectDelivery): Promise<unknown> {
  const envelope = { event: eventName, timestamp: event.createdAt, agentId: event.agentId ?? null };
  switch (event.type) {
    case "message.received":
    case "message.sent": {
      const { channel } = event.data;
      const data = await toMessageData(event.data, load);
      return { ...envelope, channel, data, ...(await toContext(event.data, contextLimit(endpoint), load)) };
    }
    case "message.reaction": {
      const { channel } = event.data;
      const data = await toReactionData(event.data, load);
      return { ...envelope, channel, data, ...(await toContext(event.data, contextLimit(endpoint), load)) };
    }
    case "call.ended":
    case "call.failed":
      return {
        ...envelope,
        channel: "voice",
        data: await toCallData(event.data.callId, load),
        ...{ conversationState: null, recentHistory: [] },
      };
    default:
      return {
        ...envelope,
        channel: "sms",
        data: toTestData(event),
        ...{ conversationState: null, recentHistory: [] },
      };
  }
}

export function contextLimit({ settings }: Pick<DialectEndpoint, "settings">): number {
  return typeof settings["contextLimit"] === "number" ? settings["contextLimit"] : DEFAULT_CONTEXT_LIMIT;
}

/** What was said before the event; its delivery may come later than the next message. */
async function toContext(
  event: { readonly conversationId: string; readonly messageId: string; readonly createdAt: string },
  limit: number,
  load: WebhookLoad,
) {
  const [conversation, history] = await Promise.all([
    load.conversation(event.conversationId),
    limit === 0 ? [] : load.history(event.conversationId, limit + LATER_MESSAGES),
  ]);
  const earlier = history.filter(
    ({ messageId, createdAt }) => messageId !== event.messageId && createdAt <= event.createdAt,
  );
  return {
    conversationState: conversation?.metadata ?? null,
    recentHistory: limit === 0 ? [] : earlier.slice(-limit).map(toHistory),
  };
}

function toHistory({ messageId, body, direction, channel, createdAt }: HistoryMessage) {
  return { messageId, content: body, direction, channel, at: createdAt };
}

async function toMessageData(message: EventData<"message.received">, load: WebhookLoad) {
  const { messageId, conversationId, phoneNumberId, from, to, body, mediaUrls, direction, createdAt } = message;
  return {
    ...{ messageId, conversationId, numberId: phoneNumberId, from, to },
    contact: toContact(await load.contact?.(direction === "inbound" ? from : to)),
    message: body,
    mediaUrl: mediaUrls[0] ?? null,
    mediaUrls,
    direction,
    receivedAt: createdAt,
    senderIdentifier: from,
  };
}

async function toReactionData(reaction: EventData<"message.reaction">, load: WebhookLoad) {
  const { conversationId, phoneNumberId, messageId, from, createdAt } = reaction;
  const history = await load.history(conversationId, REACTION_HISTORY);
  const message = history.find((one) => one.messageId === messageId);
  return {
    ...{ conversationId, numberId: phoneNumberId, reactionType: reaction.reaction, fromNumber: from },
    ...{ direction: "inbound", messageId, messageBody: message?.body ?? null },
    ...{ messageMediaUrl: null, messageMediaUrls: [], createdAt },
  };
}

async function toCallData(callId: string, load: WebhookLoad) {
  const call = await load.call(callId);
  if (call === undefined) throw new UndeliverableError("the call was deleted");
  const other = call.direction === "outbound" ? call.toNumber : call.fromNumber;
  return {
    ...toCallParties(call),
    contact: other === undefined ? null : toContact(await load.contact?.(other)),
    status: toShownStatus(call),
    startedAt: call.startedAt ?? call.createdAt,
    endedAt: call.endedAt ?? null,
    durationSeconds: toDurationSeconds(call),
    disconnectionReason: toDisconnectionReason(call.endReason),
    transcript: call.transcript.flatMap(({ role, text }) => {
      const shown = toShownRole(role);
      return shown === undefined ? [] : [{ role: shown, content: text }];
    }),
    summary: null,
    userSentiment: null,
    callSuccessful: null,
  };
}

export function toCallParties({
  id,
  phoneNumberId,
  fromNumber,
  toNumber,
  direction,
}: Pick<ReadCall, "id" | "phoneNumberId" | "fromNumber" | "toNumber" | "direction">) {
  return { callId: id, numberId: phoneNumberId ?? null, from: fromNumber ?? "", to: toNumber ?? "", direction };
}

function toContact(contact: Contact | undefined) {
  if (contact === undefined) return null;
  const { id, name, email, phoneNumber } = contact;
  return { id, name, email: email ?? null, phoneNumber };
}

/** A message as it could come in, between numbers that nobody has. */
function toTestData({ id, createdAt }: DomainEvent) {
  return {
    ...{ messageId: id, conversationId: null, numberId: null, from: "+12125550100", to: "+12125550101", contact: null },
    ...{ message: "This is a test of your webhook.", mediaUrl: null, mediaUrls: [], direction: "inbound" },
    receivedAt: createdAt,
  };
}
