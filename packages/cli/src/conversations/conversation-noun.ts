import type { ConversationWithMessages, Message } from "@earshot/sdk";
import { findAgentId } from "../agents/find-agent.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { oneLine } from "../one-line.ts";
import { findPhoneNumberId } from "../phone-numbers/find-phone-number.ts";
import { printResult } from "../terminal.ts";

const addOpen: AddCommands = (conversations, { terminal, client }) => {
  conversations
    .command("open <number> <participant>")
    .description("find the one between a number of yours and somebody, or begin it")
    .option(...JSON_OPTION)
    .action(async (number: string, participant: string, { json }: JsonOption) => {
      const phoneNumberId = await findPhoneNumberId(client, number);
      const conversation = await client.conversations.open({ phoneNumberId, participant });
      printResult(terminal, json, conversation, () => conversation.id);
    });
};

export const conversationNoun = defineNoun({
  name: "conversations",
  one: "conversation",
  about: "what phone numbers and others write to each other",
  of: (client) => client.conversations,
  columns: {
    ID: ({ id }) => id,
    NUMBER: ({ phoneNumber }) => phoneNumber,
    WITH: ({ participant, groupName }) => groupName ?? participant,
    MESSAGES: ({ messageCount }) => messageCount,
    LATEST: ({ lastMessageAt }) => lastMessageAt,
    TEXT: ({ lastMessagePreview = "" }) => oneLine(lastMessagePreview),
  },
  filters: [
    { flags: "--agent <name>", about: "only those of this agent", query: "agentId", resolve: findAgentId },
    {
      flags: "--number <number>",
      about: "only those of this phone number",
      query: "phoneNumberId",
      resolve: findPhoneNumberId,
    },
    { flags: "--with <address>", about: "only those with this number or address", query: "participant" },
  ],
  toText: describeConversation,
  verbs: [
    {
      name: "messages",
      about: "every message of it",
      run: async ({ conversations }, { id }) => {
        const data: Message[] = [];
        for await (const message of conversations.messages(id, { limit: 200 })) data.push(message);
        return { data };
      },
      toText: (page) => toLines((page as { data: readonly Message[] }).data),
    },
  ],
  addMore: addOpen,
});

function describeConversation(conversation: ConversationWithMessages): string {
  const { id, phoneNumber, participant, groupName = participant, messageCount, messages } = conversation;
  const head = `${id}  ${phoneNumber} and ${groupName}, messages: ${messageCount}`;
  return messages.length === 0 ? head : `${head}\n\n${toLines(messages)}`;
}

/** As they were written, the latest at the bottom. */
function toLines(newestFirst: readonly Message[]): string {
  return newestFirst
    .toReversed()
    .map(({ createdAt, from, body, mediaUrls }) => [createdAt, `${from}:`, body, ...mediaUrls].join("  "))
    .join("\n");
}
