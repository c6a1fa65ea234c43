import type { PageQuery } from "@earshot/sdk";
import { defineNoun } from "../nouns/noun.ts";

export const testRunNoun = defineNoun({
  name: "test-runs",
  one: "test run",
  about: "how agents did in a test suite",
  parent: { flags: "--suite <id>", about: "whose runs" },
  of: ({ testSuites }, suiteId) => ({ list: (query: PageQuery) => testSuites.runs(suiteId, query) }),
  columns: {
    ID: ({ id }) => id,
    STATUS: ({ status }) => status,
    PASSED: ({ passed, total }) => `${passed} of ${total}`,
    CREATED: ({ createdAt }) => createdAt,
  },
});
