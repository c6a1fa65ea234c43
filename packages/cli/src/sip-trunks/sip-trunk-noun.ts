import { defineNoun } from "../nouns/noun.ts";

export const sipTrunkNoun = defineNoun({
  name: "sip-trunks",
  one: "SIP trunk",
  about: "lines to telephone companies and exchanges",
  of: (client) => client.sipTrunks,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    HOST: ({ host, port }) => `${host}:${port}`,
    TRANSPORT: ({ transport }) => transport,
    USER: ({ username }) => username,
  },
});
