import { defineNoun } from "../nouns/noun.ts";

export const contactNoun = defineNoun({
  name: "contacts",
  one: "contact",
  about: "whom agents know by name",
  of: (client) => client.contacts,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    NUMBER: ({ phoneNumber }) => phoneNumber,
    EMAIL: ({ email }) => email,
  },
  filters: [{ flags: "--search <text>", about: "part of the name, the number or the e-mail address", query: "search" }],
});
