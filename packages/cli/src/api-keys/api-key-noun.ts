import { defineNoun } from "../nouns/noun.ts";

export const apiKeyNoun = defineNoun({
  name: "api-keys",
  one: "API key",
  about: "access for programs; a new key is shown once",
  of: (client) => client.apiKeys,
  columns: {
    ID: ({ id }) => id,
    NAME: ({ name }) => name,
    PREFIX: ({ prefix }) => prefix,
    SCOPES: ({ scopes }) => scopes.join(" "),
    EXPIRES: ({ expiresAt }) => expiresAt,
    "LAST USED": ({ lastUsedAt }) => lastUsedAt,
    CREATED: ({ createdAt }) => createdAt,
  },
});
