/** /chats: messages of any channel, kept for the customer's own software. Deprecated there; stored as ever here. */
import { z } from "zod";
import { type Resource, Resources } from "../../documents/resource.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { fromVendorId, PREFIXES, toVendorId, toVendorIdOrNull } from "./ids.ts";
import { parseBody, parseQuery } from "./parse.ts";

const contactId = storableText({ min: 1, max: 200 });
const channel = storableText({ min: 1, max: 60 });
const agentId = storableText({ min: 1, max: 100 });
const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 20_000, "must be at most 20,000 characters of JSON");

const newShape = z.looseObject({
  contact_id: contactId,
  channel,
  role: z.enum(["user", "assistant", "system"]),
  content: storableText({ min: 1, max: 50_000 }),
  agent_id: agentId.nullish(),
  assistant_id: agentId.nullish(),
  metadata: metadata.nullish(),
});

const kind = {
  name: "hms_chat_message",
  idPrefix: "chat",
  title: "chat message",
  shape: z.object({
    contactId: z.string(),
    channel: z.string(),
    role: z.string(),
    content: z.string(),
    agentId: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()),
  }),
} as const;

type Message = Resource<z.output<typeof kind.shape>>;

const offset = z.coerce.number().int().min(0).max(1_000_000).default(0);
const limit = (max: number, usual: number) => z.coerce.number().int().min(1).max(max).default(usual);
const listShape = z.object({
  contact_id: contactId,
  channel: channel.optional(),
  agent_id: agentId.optional(),
  limit: limit(500, 100),
  offset,
});
const contextShape = z.object({ contact_id: contactId, agent_id: agentId.optional(), limit: limit(200, 50) });

/** As many of a contact's newest messages are looked through. */
const MAX_SEARCHED = 5000;

export function addChats(app: DialectApp, deps: DialectDeps): void {
  const messages = new Resources(deps, kind);
  /** Newest first. */
  const search = async (
    workspaceId: string,
    wanted: {
      readonly contact_id: string;
      readonly channel?: string | undefined;
      readonly agent_id?: string | undefined;
    },
  ) => {
    const agent = wanted.agent_id === undefined ? undefined : fromVendorId(PREFIXES.agent, wanted.agent_id);
    const parentId = toParentId(wanted.contact_id);
    const all = await messages.list(workspaceId, { parentId, limit: MAX_SEARCHED });
    return all.filter(
      (message) =>
        (agent === undefined || message.agentId === agent) &&
        (wanted.channel === undefined || message.channel === wanted.channel),
    );
  };

  app.get("/api/v1/chats", async (c) => {
    const query = parseQuery(c, listShape);
    const found = await search(c.get("principal").workspaceId, query);
    const page = found.slice(query.offset, query.offset + query.limit);
    const pagination = { total: found.length, limit: query.limit, offset: query.offset };
    return c.json({ messages: page.map(show), pagination });
  });

  app.post("/api/v1/chats", async (c) => {
    const { workspaceId } = c.get("principal");
    const body = await parseBody(c, newShape);
    const agent = body.assistant_id ?? body.agent_id ?? undefined;
    const message = await messages.create(
      workspaceId,
      {
        contactId: body.contact_id,
        channel: body.channel,
        role: body.role,
        content: body.content,
        ...(agent === undefined ? {} : { agentId: fromVendorId(PREFIXES.agent, agent) }),
        metadata: body.metadata ?? {},
      },
      { parentId: toParentId(body.contact_id) },
    );
    return c.json(show(message), 201);
  });

  app.get("/api/v1/chats/context", async (c) => {
    const query = parseQuery(c, contextShape);
    const found = (await search(c.get("principal").workspaceId, query)).slice(0, query.limit).toReversed();
    return c.json({
      contact_id: query.contact_id,
      agent_id: query.agent_id ?? null,
      messages: found.map(show),
      formatted: found.map(({ role, content }) => `${role.toUpperCase()}: ${content}`).join("\n"),
    });
  });

  app.delete("/api/v1/chats/:id", async (c) => {
    await messages.delete(c.get("principal").workspaceId, fromVendorId(kind.idPrefix, c.req.param("id")));
    return c.json({ success: true });
  });
}

function show({
  id,
  contactId: contact,
  channel: where,
  role,
  content,
  agentId: agent,
  metadata: labels,
  createdAt,
}: Message) {
  return {
    id: toVendorId(id),
    agent_id: toVendorIdOrNull(agent),
    contact_id: contact,
    channel: where,
    role,
    content,
    metadata: labels,
    created_at: createdAt,
  };
}

/** Not an id, so that nothing else is taken for its parent. */
function toParentId(contact: string): string {
  return `contact ${contact}`;
}
