import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import type { Message, Reaction } from "./message.ts";

/** What webhooks are told of messages. */
export type MessageEvent = Extract<NewDomainEvent, { type: `message.${string}` }>;

/** None for what didn't go out. */
export function toMessageEvents(message: Message, occurredAt: MessageEvent["occurredAt"]): MessageEvent[] {
  if (message.status === "failed") return [];
  const { workspaceId, conversationId, agentId, phoneNumberId, direction, channel, from, to, body } = message;
  const data = {
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
  return [{ type: direction === "inbound" ? "message.received" : "message.sent", workspaceId, occurredAt, data }];
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
