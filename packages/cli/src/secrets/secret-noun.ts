import { defineNoun } from "../nouns/noun.ts";

export const secretNoun = defineNoun({
  name: "secrets",
  one: "secret",
  about: "keys of providers, sealed; give --data - to keep them out of the shell's history",
  of: (client) => client.secrets,
  columns: {
    ID: ({ id }) => id,
    PROVIDER: ({ provider }) => provider,
    NAME: ({ name }) => name,
    "ENDS IN": ({ lastCharacters }) => lastCharacters,
    CHANGED: ({ updatedAt }) => updatedAt,
  },
  filters: [{ flags: "--provider <name>", about: "only those of this provider", query: "provider" }],
});
