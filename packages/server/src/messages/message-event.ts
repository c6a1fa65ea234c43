import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import type { Message, Reaction } from "./message.ts";

/** What webhooks are told of messages. */
export type MessageEvent = Extract<NewDomainEvent, { type: `message.${string}` }>;

/** What webhooks are told of messages. */
import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import type { Message, Reaction } from "./message.ts";

type Moment = NewDomainEvent["occurredAt"];

/** None for what didn't go out. */
export function toMessageEvents(message: Message, occurredAt: Moment): NewDomainEvent[] {
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
  const { direction, from, to, body, mediaUrls, createdAt } = message;
  const type = direction === "inbound" ? "message.received" : "message.sent";
  const data = { ...placeOf(message), direction, from, to, body, mediaUrls, createdAt };
  return [{ type, workspaceId: message.workspaceId, occurredAt, data }];
}

export function toReactionEvent(message: Message, added: Reaction, occurredAt: Moment): NewDomainEvent {
  const { id: reactionId, reaction, from, createdAt } = added;
  const data = { ...placeOf(message), reactionId, reaction, from, createdAt };
  return { type: "message.reaction", workspaceId: message.workspaceId, occurredAt, data };
}

function placeOf({ id, conversationId, agentId, phoneNumberId, channel }: Message) {
  const agent = agentId === undefined ? {} : { agentId };
  return { messageId: id, conversationId, ...agent, phoneNumberId, channel };
}
