import { expect, test } from "vitest";
import { newAgentShape } from "./agent.ts";
import { RememberedRevisions } from "./remembered-revisions.ts";

const key = (revision: number) => ({ agentId: "agt_1", revision });
const stored = (prompt: string) => ({
  document: JSON.stringify(newAgentShape.parse({ name: "Ada", prompt })),
  sent: "{}",
});
/** Eighty of them are what is remembered at most. */
const LONG = "x".repeat(99_000);

test("revisions are given back as they were remembered, and nobody can change them for others", () => {
  const remembered = new RememberedRevisions();
  expect(remembered.find(key(1))).toBeUndefined();
  remembered.remember(key(1), stored("one"));
  const found = remembered.find(key(1));
  expect(found?.settings.prompt).toBe("one");
  expect(() => Object.assign(found?.settings.voice ?? {}, { speed: 2 })).toThrow("read only");
});

test("the revisions that nobody read for longest are forgotten first", () => {
  const remembered = new RememberedRevisions();
  for (let revision = 1; revision <= 70; revision++) remembered.remember(key(revision), stored(LONG));
  expect(remembered.find(key(1))).toBeDefined();
  for (let revision = 71; revision <= 100; revision++) remembered.remember(key(revision), stored(LONG));
  expect([1, 2, 3, 100].map((revision) => remembered.find(key(revision)) !== undefined)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});
