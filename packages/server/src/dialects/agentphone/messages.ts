import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { type Message, newMessageShape as ourMessageShape, reactionTextShape } from "../../messages/message.ts";
import { reactToMessage } from "../../messages/react-to-message.ts";
import { sendMessage } from "../../messages/send-message.ts";
import { storableText } from "../../storable-text.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import type { VendorObject } from "../kit/vendor-fields.ts";
import { DIALECT } from "./agent-view.ts";
import { wrongField } from "./errors.ts";
import { pathPart, readBody, workspaceOf } from "./requests.ts";

const STYLES = [
  ...["celebration", "fireworks", "lasers", "love", "confetti", "balloons"],
  ...["spotlight", "echo", "invisible", "gentle", "loud", "slam"],
] as const;

const { agentId, phoneNumberId, from, to, recipients, mediaUrls, replyToId } = ourMessageShape.shape;
const mediaUrl = z.url({ protocol: /^https$/, error: "must be an HTTPS URL" }).max(2000);

const messageShape = z.looseObject({
  agent_id: agentId.nullable(),
  to_number: to.nullable(),
  recipients: recipients.nullable(),
  body: storableText({ max: 10_000 }),
  media_url: mediaUrl.nullish(),
  media_urls: mediaUrls.unwrap().nullish(),
  number_id: phoneNumberId.nullable(),
  from_number: from.nullable(),
  send_style: z.enum(STYLES).nullish(),
  reply_to_message_id: replyToId.nullable(),
});

const reactionShape = z.looseObject({ reaction: reactionTextShape });

export function addMessageRoutes(app: DialectApp, deps: DialectDeps): void {
  app.post("/v1/messages", async (c) => {
    const { given, sent } = await readBody(c, messageShape);
    if (!given.to_number && !given.recipients) throw wrongField("to_number", "must be given, or recipients");
    const { message, isParentKnown } = await send(deps, workspaceOf(c), { given, sent });
    return c.json({
      id: message.id,
      status: message.status === "failed" ? "failed" : "sent",
      channel: message.channel,
      from_number: message.from,
      to_number: message.to,
      conversation_id: message.conversationId,
      media_urls: message.mediaUrls,
      reply_to_message_id: message.replyToId ?? null,
      reply_parent_unresolved: given.reply_to_message_id ? !isParentKnown : null,
      ...(message.error === undefined ? {} : { error_message: message.error }),
    });
  });

  app.post("/v1/messages/:messageId/reactions", async (c) => {
    const { reaction: given } = (await readBody(c, reactionShape)).given;
    const id = pathPart(c, "messageId");
    const { message, reaction } = await reactToMessage(deps, workspaceOf(c), { id, reaction: given });
    const { channel } = message;
    return c.json({ id: reaction.id, reaction_type: reaction.reaction, message_id: message.id, channel });
  });
}

type Sending = { readonly given: z.output<typeof messageShape>; readonly sent: VendorObject };

/** Who answers a message that isn't there is heard all the same. */
async function send(
  deps: DialectDeps,
  workspaceId: string,
  { given, sent }: Sending,
): Promise<{ readonly message: Message; readonly isParentKnown: boolean }> {
  const media = [given.media_url ?? [], given.media_urls ?? []].flat();
  const message = {
    ...(given.agent_id ? { agentId: given.agent_id } : {}),
    ...(given.to_number ? { to: given.to_number } : {}),
    ...(given.recipients ? { recipients: given.recipients } : {}),
    ...(given.number_id ? { phoneNumberId: given.number_id } : {}),
    ...(given.from_number ? { from: given.from_number } : {}),
    body: given.body,
    mediaUrls: [...new Set(media)],
    sent: { [DIALECT]: sent },
  };
  try {
    const reply = given.reply_to_message_id ? { replyToId: given.reply_to_message_id } : {};
    return { message: await sendMessage(deps, workspaceId, { ...message, ...reply }), isParentKnown: true };
  } catch (error) {
    const [path] = wrongPaths(error);
    if (path === undefined) throw error;
    if (path !== "replyToId") throw inTheirWords(error as AppError);
  }
  return { message: await sendMessage(deps, workspaceId, message), isParentKnown: false };
}

function wrongPaths(error: unknown): readonly string[] {
  if (!(error instanceof AppError) || error.code !== "invalid_request") return [];
  return ((error.details["errors"] ?? []) as readonly { readonly path: string }[]).map(({ path }) => path);
}

const THEIR_NAMES: Readonly<Record<string, string>> = {
  agentId: "agent_id",
  phoneNumberId: "number_id",
  from: "from_number",
  to: "to_number",
  mediaUrls: "media_urls",
};

/** The same failure under the name that the client gave the field. */
function inTheirWords(error: AppError): AppError {
  const [first] = error.details["errors"] as readonly { readonly path: string; readonly message: string }[];
  const [ours = "", ...rest] = (first?.path ?? "").split(".");
  return wrongField([THEIR_NAMES[ours] ?? ours, ...rest].join("."), first?.message ?? error.message);
}
