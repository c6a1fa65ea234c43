import { defineNoun } from "../nouns/noun.ts";

export const workflowNoun = defineNoun({
  name: "workflows",
  one: "workflow",
  about: "conversations drawn as graphs",
  of: (client) => client.workflows,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    NODES: ({ definition }) => definition.nodes.length,
    DESCRIPTION: ({ description }) => description,
  },
});
