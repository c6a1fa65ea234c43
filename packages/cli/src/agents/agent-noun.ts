import { defineNoun } from "../nouns/noun.ts";
import { findAgentId } from "./find-agent.ts";

export const agentNoun = defineNoun({
  name: "agents",
  one: "agent",
  about: "the agents that answer calls, by name or id",
  of: (client) => client.agents,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    VOICE: ({ voice }) => voice.id ?? "(default)",
    LANGUAGE: ({ language }) => language,
  },
  filters: [{ flags: "--name <name>", about: "only agents of this name, whatever its case", query: "name" }],
  findId: findAgentId,
});
