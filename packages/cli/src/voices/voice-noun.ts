import { defineNoun } from "../nouns/noun.ts";

export const voiceNoun = defineNoun({
  name: "voices",
  one: "voice",
  about: "the voices an agent can have",
  of: (client) => client.voices,
  columns: {
    ID: ({ id }) => id,
    NAME: ({ name }) => name,
    LANGUAGE: ({ language }) => language,
    GENDER: ({ gender }) => gender,
    DESCRIPTION: ({ description }) => description,
  },
  isPaged: false,
});
