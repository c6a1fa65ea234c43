import { defineNoun } from "../nouns/noun.ts";

export const modelNoun = defineNoun({
  name: "models",
  one: "model",
  about: "the models the server uses, with why each is used",
  of: (client) => client.models,
  columns: {
    NAME: ({ name }) => name,
    KIND: ({ kind }) => kind,
    DEFAULT: ({ isDefault }) => isDefault,
    WHY: ({ reason }) => reason,
  },
  isPaged: false,
});
