import { z } from "zod";
import { storableText } from "../storable-text.ts";

const MAX_STATE_CHARACTERS = 16_000;

const participantShape = z
  .object({
    address: z.string().describe("E.164, a short code or an e-mail address."),
    name: z.string().optional(),
  })
  .meta({ id: "Participant" });

/** JSON of the API's user, at most 16,000 characters of it. */
const stateShape = z
  .record(storableText({ min: 1, max: 100 }), z.unknown())
  .refine((state) => JSON.stringify(state).length <= MAX_STATE_CHARACTERS, "must be at most 16,000 characters of JSON")
  .describe("JSON of your own that webhooks about the conversation carry.");

const backgroundShape = z
  .strictObject({
    imageUrl: z.url({ protocol: /^https$/, error: "must be an https URL" }).max(2000),
    id: storableText({ min: 1, max: 64 }),
    version: z.number().int().min(1),
  })
  .meta({ id: "ConversationBackground" });

export const conversationPatchShape = z
  .strictObject({
    metadata: stateShape.nullable().describe("Replaces what was there; null removes it."),
    groupName: storableText({ min: 1, max: 200 }).nullable(),
  })
  .partial()
  .meta({ id: "ConversationPatch" });

export const conversationShape = z
  .object({
    id: z.string(),
    agentId: z.string().optional().describe("Who answers the number."),
    phoneNumberId: z.string(),
    phoneNumber: z.string().describe("Ours, E.164."),
    participant: z.string().describe("The other side: E.164, a short code, an e-mail address, or a group's id."),
    isGroup: z.boolean(),
    groupName: z.string().optional(),
    participants: z.array(participantShape).describe("Everybody on the other side."),
    metadata: stateShape.optional(),
    background: backgroundShape.optional(),
    messageCount: z.number().int(),
    lastMessageAt: z.iso.datetime().optional(),
    lastMessagePreview: z.string().optional().describe("The first 100 characters."),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Conversation", description: "The messages between one of our numbers and somebody, or a group." });

export type Participant = Readonly<z.infer<typeof participantShape>>;
export type ConversationBackground = Readonly<z.infer<typeof backgroundShape>>;
export type ConversationPatch = z.infer<typeof conversationPatchShape>;
export type PublicConversation = z.infer<typeof conversationShape>;
export type Conversation = Readonly<PublicConversation> & { readonly workspaceId: string };

/** As our own API shows it. */
export function toPublicConversation({ workspaceId: _, ...shown }: Conversation): PublicConversation {
  return shown;
}
