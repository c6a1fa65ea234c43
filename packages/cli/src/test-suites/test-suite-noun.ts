import { defineNoun } from "../nouns/noun.ts";

export const testSuiteNoun = defineNoun({
  name: "test-suites",
  one: "test suite",
  about: "conversations that agents must get right",
  of: (client) => client.testSuites,
  columns: {
    NAME: ({ name }) => name,
    ID: ({ id }) => id,
    CASES: ({ cases }) => cases.length,
    DESCRIPTION: ({ description }) => description,
  },
  verbs: [{ name: "run", about: "have all its cases tried", run: (client, { id }) => client.testSuites.run(id) }],
});
