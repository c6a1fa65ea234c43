import { defineNoun } from "../nouns/noun.ts";

export const publicKeyNoun = defineNoun({
  name: "public-keys",
  one: "public key",
  about: "keys that a page may show, for calls with one agent",
  of: (client) => client.publicKeys,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    AGENT: ({ agentId }) => agentId,
    ORIGINS: ({ allowedOrigins }) => allowedOrigins.join(" "),
  },
});
