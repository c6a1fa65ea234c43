import { createHash } from "node:crypto";
import type { ToolOutcome } from "@earshot/engine";
import type { ConversationStore } from "../conversations/store.ts";
import type { Message } from "../messages/message.ts";
import { type MessageDeps, sendMessage } from "../messages/send-message.ts";
import { toE164 } from "../phone-numbers/parse-phone-number.ts";
import { failed, succeeded } from "../tools/tool-outcome.ts";

export type SentByTool = { readonly to?: string; readonly body: string };

/**
 * Writes to somebody else than whom the agent answers; once, also when the answer is begun anew after a crash. Never
 * throws: what goes wrong is told to the agent.
 */
export async function sendFromAnswer(
  deps: MessageDeps & { readonly conversations: Pick<ConversationStore, "findByParties"> },
  { id, workspaceId, phoneNumberId, from }: Message,
  { to: wanted, body }: SentByTool,
): Promise<ToolOutcome> {
  const to = wanted === undefined ? undefined : toE164(wanted);
  if (to === undefined || to === from)
    return failed("No message was sent: write your answer instead, or name another number as `to`.");
  const answersId = `${id}/${createHash("sha256").update(`${to} ${body}`).digest("base64url")}`;
  try {
    const conversation = await deps.conversations.findByParties(workspaceId, { phoneNumberId, participant: to });
    const isSent = conversation !== undefined && (await deps.messages.isAnswered(conversation.id, answersId));
    if (isSent) return succeeded(`The message was sent to ${to}.`);
    const message = { phoneNumberId, to, body, mediaUrls: [], delivery: { answersId } };
    const sent = await sendMessage(deps, workspaceId, message);
    if (sent.status === "failed") return failed(`The message was not sent: ${sent.error ?? "it failed"}.`);
    return succeeded(`The message was sent to ${to}.`);
  } catch (error) {
    return failed(`No message was sent: ${error instanceof Error ? error.message : String(error)}`);
  }
}
