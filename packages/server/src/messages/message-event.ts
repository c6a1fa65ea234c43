import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import type { Message, Reaction } from "./message.ts";

/** What webhooks are told of messages. */
export type MessageEvent = Extract<NewDomainEvent, { type: `message.${string}` }>;

/** None for what didn't go out, or is still on its way to the carrier. */
export function toMessageEvents(message: Message, occurredAt: MessageEvent["occurredAt"]): MessageEvent[] {
  if (message.status === "failed" || message.status === "queued") return [];
  const { workspaceId, direction } = message;
  const type = direction === "inbound" ? "message.received" : "message.sent";
  return [{ type, workspaceId, occurredAt, data: toData(message) }];
}

/** What a change of its status tells: a message that was queued goes out first. */
export function toStatusEvents(
  before: Message,
  after: Message,
  occurredAt: MessageEvent["occurredAt"],
): MessageEvent[] {
  if (before.status === after.status) return [];
  const { workspaceId, error } = after;
  const data = toData(after);
  const sent = { type: "message.sent" as const, workspaceId, occurredAt, data };
  const isNew = before.status === "queued" || before.status === "failed";
  if (after.status === "sent") return [sent];
  if (after.status === "delivered")
    return [...(isNew ? [sent] : []), { type: "message.delivered", workspaceId, occurredAt, data }];
  if (after.status !== "failed") return [];
  const told = { ...data, ...(error === undefined ? {} : { error }) };
  return [{ type: "message.failed", workspaceId, occurredAt, data: told }];
}

function toData(message: Message) {
  const { conversationId, agentId, phoneNumberId, direction, channel, from, to, body } = message;
  return {
    messageId: message.id,
    conversationId,
    ...(agentId === undefined ? {} : { agentId }),
    phoneNumberId,
    direction,
    channel,
    from,
    to,
    body,
    mediaUrls: [...message.mediaUrls],
    createdAt: message.createdAt,
  };
}

export function toReactionEvent(
  message: Message,
  reaction: Reaction,
  occurredAt: MessageEvent["occurredAt"],
): MessageEvent {
  const { workspaceId, conversationId, agentId, phoneNumberId, channel } = message;
  const data = {
    reactionId: reaction.id,
    reaction: reaction.reaction,
    messageId: message.id,
    conversationId,
    ...(agentId === undefined ? {} : { agentId }),
    phoneNumberId,
    channel,
    from: reaction.from,
    createdAt: reaction.createdAt,
  };
  return { type: "message.reaction", workspaceId, occurredAt, data };
}
