import { AppError } from "../app-error.ts";
import { readConversation } from "../conversations/read-conversation.ts";
import { newId } from "../new-id.ts";
import type { Message, Reaction } from "./message.ts";
import { readMessage } from "./read-message.ts";
import type { MessageDeps } from "./send-message.ts";

const MAX_REACTIONS = 100;

/**
 * Reacts to a message; whoever has a copy of it on this installation sees it there. The same reaction again changes
 * nothing.
 * @throws AppError `not_found`; `conflict` when the message has 100 reactions
 */
export async function reactToMessage(
  deps: MessageDeps,
  workspaceId: string,
  { id, reaction }: { readonly id: string; readonly reaction: string },
): Promise<{ readonly message: Message; readonly reaction: Reaction }> {
  const at = deps.clock.now();
  const message = await readMessage(deps.messages, workspaceId, id);
  const conversation = await readConversation(deps.conversations, workspaceId, message.conversationId);
  const copyIds = [id, ...(await findOtherCopies(deps, message, conversation))];
  const from = conversation.phoneNumber;
  const reactionId = newId("rct", at.getTime());
  const add = (copy: Message): Reaction | undefined => {
    if (copy.reactions.some((one) => one.from === from && one.reaction === reaction)) return undefined;
    if (copy.reactions.length >= MAX_REACTIONS)
      throw new AppError("conflict", `message "${copy.id}" has ${MAX_REACTIONS} reactions already`);
    const direction = copy.id === id ? "outbound" : "inbound";
    return { id: reactionId, reaction, from, direction, createdAt: at.toISOString() };
  };
  const reacted = await deps.messages.react(id, { copyIds, add }, at);
  const stored = reacted?.reactions.find((one) => one.from === from && one.reaction === reaction);
  if (reacted === undefined || stored === undefined) throw new Error("a stored reaction is gone");
  return { message: reacted, reaction: stored };
}

/** Of the other numbers of this installation that are in the conversation. */
async function findOtherCopies(
  { messages, conversations, phoneNumbers }: MessageDeps,
  message: Message,
  conversation: Awaited<ReturnType<typeof readConversation>>,
): Promise<string[]> {
  const addresses = conversation.participants.map(({ address }) => address);
  const originId = message.originId ?? message.id;
  const ids: string[] = [];
  for (const number of await phoneNumbers.findAllActive(addresses)) {
    const participant = conversation.isGroup ? conversation.participant : conversation.phoneNumber;
    const parties = { phoneNumberId: number.id, participant };
    const theirs = await conversations.findByParties(number.workspaceId, parties);
    const copy = theirs === undefined ? undefined : await messages.findCopy(theirs.id, originId);
    if (copy !== undefined) ids.push(copy.id);
  }
  return ids;
}
