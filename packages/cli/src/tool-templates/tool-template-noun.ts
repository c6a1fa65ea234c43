import { defineNoun } from "../nouns/noun.ts";

export const toolTemplateNoun = defineNoun({
  name: "tool-templates",
  one: "tool template",
  about: "tools to be used by several agents",
  of: (client) => client.toolTemplates,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    TOOL: ({ tool }) => tool.name,
    KIND: ({ tool }) => tool.kind,
    DESCRIPTION: ({ description }) => description,
  },
});
