import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { AppDeps } from "../http/app-deps.ts";
import { listMessages } from "../messages/list-messages.ts";
import {
  messageShape,
  newMessageShape,
  newReactionShape,
  reactionShape,
  toPublicMessage,
} from "../messages/message.ts";
import { reactToMessage } from "../messages/react-to-message.ts";
import { readMessage } from "../messages/read-message.ts";
import { sendMessage } from "../messages/send-message.ts";
import { messagePageShape, messageQueryShape, toMessageFilter } from "./message-query.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["messages"];
const params = idParams("msg_01k9q0w3e4r5t6y7v8b9n0m1a2");

const send = createRoute({
  method: "post",
  path: "/v1/messages",
  operationId: "sendMessage",
  tags,
  summary: "Send a message",
  description:
    "Numbers of this installation have it at once. To any other the carrier of the sender's number brings it: it is " +
    "queued, then sent, delivered or failed. Without a carrier it is kept with the status failed.",
  request: jsonBody(newMessageShape),
  responses: { 201: jsonContent(messageShape, "The message."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/messages",
  operationId: "listMessages",
  tags,
  summary: "List messages, newest first",
  request: {
    query: z.object({
      ...messageQueryShape,
      phoneNumberId: z.string().max(64).optional(),
      agentId: z.string().max(64).optional(),
    }),
  },
  responses: { 200: jsonContent(messagePageShape, "Messages."), ...PROBLEMS },
});

const read = createRoute({
  method: "get",
  path: "/v1/messages/{id}",
  operationId: "readMessage",
  tags,
  summary: "Read a message",
  request: { params },
  responses: { 200: jsonContent(messageShape, "The message."), ...PROBLEMS },
});

const react = createRoute({
  method: "post",
  path: "/v1/messages/{id}/reactions",
  operationId: "reactToMessage",
  tags,
  summary: "React to a message",
  description: "The same reaction again changes nothing.",
  request: { params, ...jsonBody(newReactionShape) },
  responses: { 201: jsonContent(reactionShape, "The reaction."), ...PROBLEMS },
});

type Deps = Pick<
  AppDeps,
  "messages" | "conversations" | "phoneNumbers" | "messageCarrier" | "optOuts" | "agents" | "carrierJobs" | "clock"
>;

export function messageRoutes(deps: Deps) {
  const { messages, clock } = deps;
  return newRouter()
    .openapi(send, async (c) =>
      c.json(toPublicMessage(await sendMessage(deps, c.get("principal").workspaceId, c.req.valid("json"))), 201),
    )
    .openapi(list, async (c) => {
      const { workspaceId } = c.get("principal");
      const { data, hasMore } = await listMessages(messages, workspaceId, toMessageFilter(c.req.valid("query"), clock));
      return c.json({ data: data.map(toPublicMessage), hasMore }, 200);
    })
    .openapi(read, async (c) =>
      c.json(
        toPublicMessage(await readMessage(messages, c.get("principal").workspaceId, c.req.valid("param").id)),
        200,
      ),
    )
    .openapi(react, async (c) => {
      const request = { ...c.req.valid("param"), ...c.req.valid("json") };
      const { reaction } = await reactToMessage(deps, c.get("principal").workspaceId, request);
      return c.json(reaction, 201);
    });
}
