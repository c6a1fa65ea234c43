/** Conversations and messages as AgentPhone's clients read them. */
import type { Conversation } from "../../conversations/conversation.ts";
import { conversationNotFound } from "../../conversations/read-conversation.ts";
import { listMessages } from "../../messages/list-messages.ts";
import type { Message, Reaction } from "../../messages/message.ts";
import type { MessageFilter } from "../../messages/store.ts";
import { toEpochMs, type WallClock } from "../../wall-clock.ts";
import type { DialectDeps } from "../kit/open-dialect.ts";

/** As an agent's list shows it. */
export function toBriefConversation(conversation: Conversation) {
  const { id, agentId, phoneNumberId, phoneNumber, participant, lastMessageAt, createdAt } = conversation;
  return {
    id,
    agentId: agentId ?? null,
    phoneNumberId,
    phoneNumber,
    participant,
    lastMessageAt: lastMessageAt ?? createdAt,
    lastMessagePreview: conversation.lastMessagePreview ?? "",
    messageCount: conversation.messageCount,
    createdAt,
  };
}

export function toConversation(conversation: Conversation) {
  const { isGroup, participant, groupName, participants, metadata } = conversation;
  return {
    ...toBriefConversation(conversation),
    isGroup,
    groupId: isGroup ? participant : null,
    groupName: groupName ?? null,
    groupIconUrl: null,
    participants: isGroup
      ? participants.map(({ address, name }) => ({ identifier: address, name: name ?? null }))
      : null,
    metadata: metadata ?? null,
  };
}

/**
 * With its newest messages.
 * @throws AppError `not_found`
 */
export async function toConversationDetail(
  deps: DialectDeps,
  conversation: Conversation | undefined,
  options: { readonly id: string; readonly limit: number },
) {
  if (conversation === undefined) throw conversationNotFound(options.id);
  const { workspaceId, id } = conversation;
  const { data } = await listShown(deps, workspaceId, { conversationId: id, limit: options.limit });
  return { ...toConversation(conversation), messages: data };
}

/** Newest first, each with what it answers. */
export async function listShown(
  { messages }: Pick<DialectDeps, "messages">,
  workspaceId: string,
  request: MessageFilter & { readonly limit: number },
) {
  const { data, hasMore } = await listMessages(messages, workspaceId, request);
  const repliedIds = [...new Set(data.flatMap(({ replyToId }) => replyToId ?? []))];
  const replied = repliedIds.length === 0 ? [] : await messages.findAll(workspaceId, repliedIds);
  const byId = new Map(replied.map((message) => [message.id, message]));
  return { data: data.map((message) => toMessage(message, byId.get(message.replyToId ?? ""))), hasMore };
}

function toMessage(message: Message, replied: Message | undefined) {
  const { id, body, from, to, direction, channel, mediaUrls, createdAt, reactions } = message;
  return {
    id,
    body,
    fromNumber: from,
    toNumber: to,
    direction,
    senderIdentifier: from,
    channel,
    mediaUrl: mediaUrls[0] ?? null,
    mediaUrls,
    receivedAt: createdAt,
    reactions: reactions.map(toReaction),
    replyTo:
      replied === undefined ? null : { messageId: replied.id, message: replied.body, mediaUrls: replied.mediaUrls },
  };
}

function toReaction({ id, reaction, from, direction, createdAt }: Reaction) {
  return { id, reactionType: reaction, fromNumber: from, direction, createdAt };
}

/** The published description says `from_`, their other tools `from`. */
export function toNumberMessage({ id, from, to, body, direction, channel, createdAt }: Message) {
  return { id, from_: from, from, to, body, direction, channel, receivedAt: createdAt };
}

/** Bounds of a list; moments without a time zone are in UTC. */
export function toRange(
  clock: WallClock,
  range: { readonly before?: string | undefined; readonly after?: string | undefined },
) {
  const toDate = (moment: string | undefined) =>
    moment === undefined ? undefined : clock.at(toEpochMs(/(Z|[+-]\d\d:?\d\d)$/i.test(moment) ? moment : `${moment}Z`));
  return { before: toDate(range.before), after: toDate(range.after) };
}
