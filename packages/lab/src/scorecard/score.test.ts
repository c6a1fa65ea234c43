import { expect, it } from "vitest";
import { score } from "./score.ts";
import { toTextCard } from "./text-card.ts";

it("plays a small corpus with real ears, counts every call and loses no tool result", {
  timeout: 120_000,
}, async () => {
  const calls: string[] = [];
  const card = await score({
    perKind: 1,
    kinds: ["interruption", "sentence"],
    hearings: [{ listener: "earshot", endpointingMs: 300 }],
    hasSocket: false,
    onPlayed: (played, of) => calls.push(`${played}/${of}`),
  });
  expect(calls.at(-1)).toBe("4/4");
  expect(card.outcomes.turns).toMatchObject([{ kind: "sentence", answers: 1, heard: expect.stringMatching(/\w/) }]);
  expect(card.outcomes.turns[0]?.responseMs).toBeGreaterThan(200);
  expect(card.figures.obedience).toEqual({ count: 1, of: 1 });
  expect(card.figures.lostResults.count).toBe(0);
  expect(card.figures.lostResults.of).toBeGreaterThanOrEqual(2);
  expect(card.figures.duplicateResults.count).toBe(0);
  expect(toTextCard(card)).toMatch(/lost tool results +0 +0\.00 \(0 of \d+\) +met/);
});
