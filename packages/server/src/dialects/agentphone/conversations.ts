import { z } from "zod";
import { readAgent } from "../../agents/read-agent.ts";
import { conversationPatchShape } from "../../conversations/conversation.ts";
import { readConversation } from "../../conversations/read-conversation.ts";
import type { ConversationFilter } from "../../conversations/store.ts";
import { updateConversation } from "../../conversations/update-conversation.ts";
import { listMessages } from "../../messages/list-messages.ts";
import { newId } from "../../new-id.ts";
import { type DialectApp, type DialectDeps, parseQuery } from "../kit/open-dialect.ts";
import {
  listShown,
  toBriefConversation,
  toConversation,
  toConversationDetail,
  toNumberMessage,
  toRange,
} from "./message-view.ts";
import { readNumber } from "./numbers.ts";
import { messageQuery, type OffsetRequest, pageQuery, toOffsetPage } from "./pages.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const listQuery = z.object(pageQuery());
const detailQuery = z.object({ message_limit: z.coerce.number().int().min(0).max(200).default(50) });
const patchShape = z.looseObject({
  metadata: conversationPatchShape.shape.metadata,
  group_name: conversationPatchShape.shape.groupName,
});
const backgroundShape = z.looseObject({
  image_url: z.url({ protocol: /^https$/, error: "must be an HTTPS URL" }).max(2000),
});
/** Neither SMS nor MMS can show who types, or a picture behind the chat. */
const CHANNEL = "sms";

export function addConversationRoutes(app: DialectApp, deps: DialectDeps): void {
  const { conversations, clock } = deps;

  const page = async (workspaceId: string, filter: ConversationFilter, request: OffsetRequest) => {
    const [found, total] = await Promise.all([
      conversations.list(workspaceId, { ...filter, ...request }),
      conversations.count(workspaceId, filter),
    ]);
    return { found, total };
  };

  app.get("/v1/conversations", async (c) => {
    const query = parseQuery(c, listQuery);
    const { found, total } = await page(workspaceOf(c), {}, query);
    return c.json(toOffsetPage(found.map(toConversation), total, query));
  });

  app.get("/v1/agents/:agentId/conversations", async (c) => {
    const query = parseQuery(c, listQuery);
    const { id: agentId } = (await readAgent(deps.agents, workspaceOf(c), pathPart(c, "agentId"))).agent;
    const { found, total } = await page(workspaceOf(c), { agentId }, query);
    return c.json(toOffsetPage(found.map(toBriefConversation), total, query));
  });

  app.get("/v1/conversations/:id", async (c) => {
    const { message_limit: limit } = parseQuery(c, detailQuery);
    const id = pathPart(c, "id");
    return c.json(await toConversationDetail(deps, await conversations.find(workspaceOf(c), id), { id, limit }));
  });

  app.patch("/v1/conversations/:id", async (c) => {
    const workspaceId = workspaceOf(c);
    const { metadata, group_name: groupName } = (await readBody(c, patchShape)).given;
    const { id, isGroup } = await readConversation(conversations, workspaceId, pathPart(c, "id"));
    const patch = { metadata, ...(isGroup ? { groupName } : {}) };
    const updated = await updateConversation(deps, workspaceId, { id, patch });
    return c.json(await toConversationDetail(deps, updated, { id, limit: 50 }));
  });

  app.get("/v1/conversations/:id/messages", async (c) => {
    const { limit, ...range } = parseQuery(c, messageQuery);
    const { id: conversationId } = await readConversation(conversations, workspaceOf(c), pathPart(c, "id"));
    return c.json(await listShown(deps, workspaceOf(c), { conversationId, limit, ...toRange(clock, range) }));
  });

  app.get("/v1/numbers/:numberId/messages", async (c) => {
    const { limit, ...range } = parseQuery(c, messageQuery);
    const { id: phoneNumberId } = await readNumber(deps, workspaceOf(c), pathPart(c, "numberId"));
    const request = { phoneNumberId, limit, ...toRange(clock, range) };
    const { data, hasMore } = await listMessages(deps.messages, workspaceOf(c), request);
    return c.json({ data: data.map(toNumberMessage), hasMore });
  });

  app.post("/v1/conversations/:id/typing", async (c) => {
    const { id } = await readConversation(conversations, workspaceOf(c), pathPart(c, "id"));
    return c.json({ conversationId: id, channel: CHANNEL, status: "not_supported" });
  });

  app.post("/v1/conversations/:id/background", async (c) => {
    const { image_url: imageUrl } = (await readBody(c, backgroundShape)).given;
    const { id, background: before } = await readConversation(conversations, workspaceOf(c), pathPart(c, "id"));
    const isNew = before?.imageUrl !== imageUrl;
    const background = isNew
      ? { imageUrl, id: newId("bg", clock.now().getTime()), version: (before?.version ?? 0) + 1 }
      : before;
    if (isNew) await updateConversation(deps, workspaceOf(c), { id, patch: { background } });
    return c.json({
      conversationId: id,
      channel: CHANNEL,
      hasBackground: true,
      backgroundId: background.id,
      backgroundVersion: background.version,
      changed: isNew,
    });
  });

  app.delete("/v1/conversations/:id/background", async (c) => {
    const { id } = await readConversation(conversations, workspaceOf(c), pathPart(c, "id"));
    await updateConversation(deps, workspaceOf(c), { id, patch: { background: null } });
    return c.body(null, 204);
  });
}
