import { defineNoun } from "../nouns/noun.ts";

export const workspaceNoun = defineNoun({
  name: "workspaces",
  one: "workspace",
  about: "tenants below the key's own; act in one with EARSHOT_WORKSPACE",
  of: (client) => client.workspaces,
  columns: {
    ID: ({ id }) => id,
    NAME: ({ name }) => name,
    PARENT: ({ parentId }) => parentId,
    CREATED: ({ createdAt }) => createdAt,
  },
});
