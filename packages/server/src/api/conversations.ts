import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { conversationPatchShape, conversationShape, toPublicConversation } from "../conversations/conversation.ts";
import { listConversations } from "../conversations/list-conversations.ts";
import { openConversation } from "../conversations/open-conversation.ts";
import { readConversation } from "../conversations/read-conversation.ts";
import { updateConversation } from "../conversations/update-conversation.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { listMessages } from "../messages/list-messages.ts";
import { messageShape, toPublicMessage } from "../messages/message.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { storableText } from "../storable-text.ts";
import { messagePageShape, messageQueryShape, toMessageFilter } from "./message-query.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["conversations"];
const params = idParams("conv_01k9q0w3e4r5t6y7v8b9n0m1a2");
const aConversation = { 200: jsonContent(conversationShape, "The conversation."), ...PROBLEMS };

const open = createRoute({
  method: "post",
  path: "/v1/conversations",
  operationId: "openConversation",
  tags,
  summary: "Open the conversation between a number and somebody",
  description: "The one that there is, or a new one.",
  request: jsonBody(
    z
      .strictObject({
        phoneNumberId: storableText({ min: 1, max: 64 }),
        participant: storableText({ min: 1, max: 320 }),
      })
      .meta({ id: "OpenConversation" }),
  ),
  responses: aConversation,
});

const list = createRoute({
  method: "get",
  path: "/v1/conversations",
  operationId: "listConversations",
  tags,
  summary: "List conversations, newest first",
  request: {
    query: z.object({
      ...pageQueryShape,
      agentId: z.string().max(64).optional(),
      phoneNumberId: z.string().max(64).optional(),
      participant: z.string().max(320).optional(),
    }),
  },
  responses: {
    200: jsonContent(pageShape(conversationShape, "ConversationPage"), "A page of conversations."),
    ...PROBLEMS,
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/conversations/{id}",
  operationId: "readConversation",
  tags,
  summary: "Read a conversation with its last messages",
  request: {
    params,
    query: z.object({ messageLimit: z.coerce.number().int().min(0).max(200).default(50) }),
  },
  responses: {
    200: jsonContent(
      conversationShape
        .extend({ messages: z.array(messageShape).describe("Newest first.") })
        .meta({ id: "ConversationWithMessages" }),
      "The conversation.",
    ),
    ...PROBLEMS,
  },
});

const update = createRoute({
  method: "patch",
  path: "/v1/conversations/{id}",
  operationId: "updateConversation",
  tags,
  summary: "Change a conversation's labels",
  request: { params, ...jsonBody(conversationPatchShape) },
  responses: aConversation,
});

const listItsMessages = createRoute({
  method: "get",
  path: "/v1/conversations/{id}/messages",
  operationId: "listConversationMessages",
  tags,
  summary: "List a conversation's messages, newest first",
  request: { params, query: z.object(messageQueryShape) },
  responses: { 200: jsonContent(messagePageShape, "Messages."), ...PROBLEMS },
});

type Deps = Pick<AppDeps, "conversations" | "messages" | "phoneNumbers" | "clock">;

export function conversationRoutes(deps: Deps) {
  const { conversations, messages, clock } = deps;
  return newRouter()
    .openapi(open, async (c) => {
      const opened = await openConversation(deps, c.get("principal").workspaceId, c.req.valid("json"));
      return c.json(toPublicConversation(opened), 200);
    })
    .openapi(list, async (c) => {
      const { workspaceId } = c.get("principal");
      const { data, ...rest } = await listConversations(conversations, workspaceId, c.req.valid("query"));
      return c.json({ data: data.map(toPublicConversation), ...rest }, 200);
    })
    .openapi(read, async (c) => {
      const { workspaceId } = c.get("principal");
      const { messageLimit } = c.req.valid("query");
      const conversation = await readConversation(conversations, workspaceId, c.req.valid("param").id);
      const wanted = { conversationId: conversation.id, limit: messageLimit };
      const { data } = await listMessages(messages, workspaceId, wanted);
      return c.json({ ...toPublicConversation(conversation), messages: data.map(toPublicMessage) }, 200);
    })
    .openapi(update, async (c) => {
      const change = { ...c.req.valid("param"), patch: c.req.valid("json") };
      const updated = await updateConversation(deps, c.get("principal").workspaceId, change);
      return c.json(toPublicConversation(updated), 200);
    })
    .openapi(listItsMessages, async (c) => {
      const { workspaceId } = c.get("principal");
      const { id } = await readConversation(conversations, workspaceId, c.req.valid("param").id);
      const filter = { ...toMessageFilter(c.req.valid("query"), clock), conversationId: id };
      const { data, hasMore } = await listMessages(messages, workspaceId, filter);
      return c.json({ data: data.map(toPublicMessage), hasMore }, 200);
    });
}
