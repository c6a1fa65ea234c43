import type { Message, NewMessage } from "@earshot/sdk";
import { findAgentId } from "../agents/find-agent.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { defineNoun } from "../nouns/noun.ts";
import { readBody } from "../nouns/read-data.ts";
import { oneLine } from "../one-line.ts";
import { findPhoneNumberId } from "../phone-numbers/find-phone-number.ts";
import { printResult } from "../terminal.ts";

type SendOptions = JsonOption & { readonly from?: string; readonly agent?: string; readonly data?: string };

const addSend: AddCommands = (messages, { terminal, client }) => {
  messages
    .command("send <to> <text>")
    .description("send a message")
    .option("--from <number>", "from this number (default: the agent's, or the workspace's first)")
    .option("--agent <name>", "in the name of this agent")
    .option("--data <json>", "more of the message as JSON, e.g. mediaUrls: '{…}', @file.json, or -")
    .option(...JSON_OPTION)
    .action(async (to: string, body: string, { from, agent, data, json }: SendOptions) => {
      const message: NewMessage = {
        ...(await readBody(data, terminal)),
        ...(from === undefined ? {} : { phoneNumberId: await findPhoneNumberId(client, from) }),
        ...(agent === undefined ? {} : { agentId: await findAgentId(client, agent) }),
        to,
        body,
      };
      const sent = await client.messages.send(message);
      printResult(terminal, json, sent, () => describeSent(sent));
    });
};

export const messageNoun = defineNoun({
  name: "messages",
  one: "message",
  about: "text messages, sent and received",
  of: (client) => client.messages,
  columns: {
    ID: ({ id }) => id,
    AT: ({ createdAt }) => createdAt,
    FROM: ({ from }) => from,
    TO: ({ to }) => to,
    STATUS: ({ status }) => status,
    TEXT: ({ body }) => oneLine(body),
  },
  filters: [
    { flags: "--agent <name>", about: "only those of this agent", query: "agentId", resolve: findAgentId },
    {
      flags: "--number <number>",
      about: "only those of this phone number",
      query: "phoneNumberId",
      resolve: findPhoneNumberId,
    },
    { flags: "--before <time>", about: "only those older than that, ISO 8601", query: "before" },
    { flags: "--after <time>", about: "only those newer than that, ISO 8601", query: "after" },
  ],
  verbs: [
    {
      name: "react",
      about: "add a reaction to it",
      args: ["<reaction>"],
      run: (client, { id, args: [reaction = ""] }) => client.messages.react(id, reaction),
    },
  ],
  addMore: addSend,
});

function describeSent({ id, to, status, error }: Message): string {
  return `${id} to ${to}: ${status}${error === undefined ? "" : ` (${error})`}`;
}
