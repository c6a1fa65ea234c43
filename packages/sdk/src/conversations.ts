import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { type Message, type MessageQuery, pageMessages } from "./message-page.ts";
import type { PageOf } from "./page.ts";
import type { QueryOf } from "./query-of.ts";
import { ReadableResource } from "./resource.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** A conversation as lists show it, without its messages. */
export type Conversation = components["schemas"]["Conversation"];
/** `messages` are the last ones, newest first. */
export type ConversationWithMessages = components["schemas"]["ConversationWithMessages"];
export type OpenConversation = requests["schemas"]["OpenConversation"];
export type ConversationPatch = requests["schemas"]["ConversationPatch"];
export type ConversationQuery = QueryOf<"listConversations">;
export type ConversationMessageQuery = Omit<MessageQuery, "agentId" | "phoneNumberId">;

/** What phone numbers and others write to each other. */
export class Conversations extends ReadableResource<{
  item: ConversationWithMessages;
  listItem: Conversation;
  query: ConversationQuery;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/conversations");
  }

  /** With its last messages: `messageLimit` of them, 0 to 200. Default 50. */
  override get(
    conversationId: string,
    { messageLimit, ...options }: RequestOptions & { readonly messageLimit?: number | undefined } = {},
  ): Promise<ConversationWithMessages> {
    return this.transport.json({ ...options, path: this.pathOf(conversationId), query: { messageLimit } });
  }

  /** The conversation between a number and somebody: the one that there is, or a new one. */
  open(conversation: OpenConversation, options: RequestOptions = {}): Promise<Conversation> {
    return this.post(this.pathOf(), conversation, options);
  }

  /** Changes its metadata or the name of its group. */
  update(conversationId: string, changes: ConversationPatch, options: RequestOptions = {}): Promise<Conversation> {
    const body = { json: changes };
    return this.transport.json({ ...options, method: "PATCH", path: this.pathOf(conversationId), body });
  }

  /** Its messages, newest first: a page, or all of them. */
  messages(
    conversationId: string,
    query: ConversationMessageQuery = {},
    options: RequestOptions = {},
  ): PageOf<Message> {
    return pageMessages(this.transport, this.pathOf(conversationId, "messages"), query, options);
  }
}
