import { z } from "zod";
import type { SentByDialect } from "../agents/stored-agent.ts";
import { storableText } from "../storable-text.ts";
import { segmentsOf } from "./segments.ts";

const MESSAGE_DIRECTIONS = ["inbound", "outbound"] as const;
const MESSAGE_CHANNELS = ["sms", "mms"] as const;
const MESSAGE_STATUSES = ["queued", "sent", "delivered", "received", "failed"] as const;

const address = storableText({ min: 1, max: 320 });
const id = storableText({ min: 1, max: 64 });

export const newMessageShape = z
  .strictObject({
    agentId: id.optional().describe("Writes from its number."),
    phoneNumberId: id.optional().describe("Writes from this number; or give `from`."),
    from: address.optional().describe("A number of the workspace, E.164."),
    to: address.optional().describe("E.164, a short code, an e-mail address, or a group's id."),
    recipients: z.array(address).min(2).max(32).optional().describe("Instead of `to`: makes a new group of them."),
    groupName: storableText({ min: 1, max: 200 }).optional(),
    body: storableText({ max: 10_000 }).default("").describe("May be empty when there are media."),
    mediaUrls: z
      .array(z.url({ protocol: /^https$/, error: "must be an https URL" }).max(2000))
      .max(10)
      .default([]),
    replyToId: id.optional().describe("A message of the same conversation."),
  })
  .meta({ id: "NewMessage" });

export const reactionTextShape = storableText({ min: 1, max: 32 }).describe("A word such as love, or an emoji.");
export const newReactionShape = z.strictObject({ reaction: reactionTextShape }).meta({ id: "NewReaction" });

export const reactionShape = z
  .object({
    id: z.string(),
    reaction: z.string(),
    from: z.string(),
    direction: z.enum(MESSAGE_DIRECTIONS),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Reaction" });

export const messageShape = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    phoneNumberId: z.string(),
    agentId: z.string().optional(),
    direction: z.enum(MESSAGE_DIRECTIONS),
    from: z.string(),
    to: z.string(),
    body: z.string(),
    mediaUrls: z.array(z.string()),
    channel: z.enum(MESSAGE_CHANNELS),
    status: z.enum(MESSAGE_STATUSES),
    error: z.string().optional().describe("Why it failed, in words."),
    errorCode: z.string().optional().describe("The carrier's own code of that."),
    segments: z
      .object({ count: z.number().int(), encoding: z.enum(["GSM-7", "UCS-2"]) })
      .optional()
      .describe("Of an SMS: in how many parts it goes over the air, which carriers charge for each."),
    replyToId: z.string().optional(),
    reactions: z.array(reactionShape),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Message" });

export type NewMessage = z.infer<typeof newMessageShape>;
export type Reaction = Readonly<z.infer<typeof reactionShape>>;
export type PublicMessage = z.infer<typeof messageShape>;
export type Message = Readonly<PublicMessage> & {
  readonly workspaceId: string;
  /** The sender's copy, of which this one is the receiver's. */
  readonly originId?: string;
  readonly sent: SentByDialect;
  /** The carrier's own id of it. */
  readonly carrierMessageId?: string;
  readonly delivery?: MessageDelivery;
};

/** How a message goes on its way; absent of those that neither a carrier brings nor an agent writes. */
export type MessageDelivery = {
  /** The carrier account that brings it. */
  readonly accountId?: string;
  /** When it was last handed to the carrier, ISO 8601; absent while that can't have reached it. */
  readonly attemptedAt?: string;
  /** The carrier's own code of what went wrong. */
  readonly code?: string;
  /** The message that an agent answers with it. */
  readonly answersId?: string;
  /** The agent that has taken the conversation over by then, and goes on. */
  readonly inCharge?: string;
  /** It confirms an opt-out: also sent to who has opted out. */
  readonly isNotice?: boolean;
  /** What it orders is done, and it is answered if it is to be: told again it changes nothing. */
  readonly isHeeded?: boolean;
};

/** As our own API shows it. */
export function toPublicMessage(message: Message): PublicMessage {
  const { workspaceId: _, originId: __, sent: ___, carrierMessageId: ____, delivery, ...shown } = message;
  return {
    ...shown,
    ...(delivery?.code === undefined ? {} : { errorCode: delivery.code }),
    ...(shown.channel === "sms" ? { segments: segmentsOf(shown.body) } : {}),
  };
}
