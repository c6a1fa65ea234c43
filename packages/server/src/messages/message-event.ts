import type { WallClock } from "../wall-clock.ts";
import type { Message, Reaction } from "./message.ts";

type Occurrence<Type extends string, Data> = {
  readonly type: Type;
  readonly workspaceId: string;
  readonly occurredAt: ReturnType<WallClock["now"]>;
  readonly data: Data;
};

type MessageData = Pick<
  Message,
  "conversationId" | "agentId" | "phoneNumberId" | "direction" | "channel" | "from" | "to" | "body" | "mediaUrls"
> & { readonly messageId: string; readonly createdAt: string };

type ReactionData = Pick<Message, "conversationId" | "agentId" | "phoneNumberId" | "channel"> & {
  readonly reactionId: string;
  readonly reaction: string;
  readonly messageId: string;
  readonly from: string;
  readonly createdAt: string;
};

/** What webhooks are told of messages. */
export type MessageEvent =
  | Occurrence<"message.received" | "message.sent", MessageData>
  | Occurrence<"message.reaction", ReactionData>;

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
    mediaUrls: message.mediaUrls,
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
