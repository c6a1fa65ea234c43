import type { PhoneNumber } from "@earshot/sdk";
import { findAgentId } from "../agents/find-agent.ts";
import { defineNoun } from "../nouns/noun.ts";
import { addCarrierNumberCommands } from "./carrier-number-commands.ts";
import { findPhoneNumberId } from "./find-phone-number.ts";

export const phoneNumberNoun = defineNoun({
  name: "phone-numbers",
  one: "phone number",
  about: "numbers that agents answer, call and write from; by number or id",
  of: (client) => client.phoneNumbers,
  columns: {
    NUMBER: ({ phoneNumber }) => phoneNumber,
    ID: ({ id }) => id,
    NAME: ({ name }) => name,
    AGENT: ({ agentId }) => agentId,
    SOURCE: ({ source }) => source,
    STATUS: ({ status }) => status,
  },
  filters: [
    { flags: "--agent <name>", about: "only those of this agent", query: "agentId", resolve: findAgentId },
    {
      flags: "--status <status>",
      about: "only those in this state",
      query: "status",
      choices: ["active", "released"],
    },
    { flags: "--search <digits>", about: "part of the number", query: "search" },
  ],
  findId: findPhoneNumberId,
  verbs: [
    {
      name: "attach",
      about: "have an agent answer it from now on",
      args: ["<agent>"],
      run: async (client, { id, args: [agent = ""] }) =>
        client.phoneNumbers.attach(id, await findAgentId(client, agent)),
      toText: (number) => `${(number as PhoneNumber).phoneNumber} is answered by ${(number as PhoneNumber).agentId}.`,
    },
    {
      name: "detach",
      about: "leave it without an agent: nobody answers it",
      run: (client, { id }) => client.phoneNumbers.detach(id),
      toText: (number) => `${(number as PhoneNumber).phoneNumber} is answered by nobody.`,
    },
    {
      name: "move",
      about: "give it to a workspace that yours made",
      args: ["<workspaceId>"],
      run: (client, { id, args: [workspaceId = ""] }) => client.phoneNumbers.move(id, workspaceId),
      toText: (number) => `${(number as PhoneNumber).phoneNumber} is ${(number as PhoneNumber).id} there.`,
    },
  ],
  addMore: addCarrierNumberCommands,
});
