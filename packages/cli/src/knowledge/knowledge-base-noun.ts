import { defineNoun } from "../nouns/noun.ts";

export const knowledgeBaseNoun = defineNoun({
  name: "knowledge-bases",
  one: "knowledge base",
  about: "what agents look things up in",
  of: (client) => client.knowledgeBases,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    LANGUAGE: ({ language }) => language,
    DESCRIPTION: ({ description }) => description,
  },
  verbs: [
    {
      name: "search",
      about: "find the passages that fit a question",
      args: ["<question>"],
      run: (client, { id, args }) => client.knowledgeBases.search(id, { query: args[0] ?? "" }),
    },
  ],
});
