import { defineNoun } from "../nouns/noun.ts";

export const experimentNoun = defineNoun({
  name: "experiments",
  one: "experiment",
  about: "variants of an agent that are measured against it",
  of: (client) => client.experiments,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    STATUS: ({ status }) => status,
    CONTROL: ({ controlAgentId }) => controlAgentId,
    VARIANTS: ({ variants }) => variants.map((variant) => variant.name).join(" "),
  },
  verbs: [
    {
      name: "start",
      about: "begin to send calls to the variants",
      run: (client, { id }) => client.experiments.start(id),
    },
    {
      name: "stop",
      about: "send all calls to the agent itself again",
      run: (client, { id }) => client.experiments.stop(id),
    },
  ],
});
