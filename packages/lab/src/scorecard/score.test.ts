import { expect, it } from "vitest";
import { score } from "./score.ts";
import { toTextCard } from "./text-card.ts";

it("plays a small corpus with real ears, counts every call and loses no tool result", {
  timeout: 120_000,
}, async () => {
  const calls: string[] = [];
  const card = await score({
    perKind: 1,
    kinds: ["sentence", "backchannel", "interruption", "noise"],
    onPlayed: (played, of) => calls.push(`${played}/${of}`),
  });
  expect(calls.at(-1)).toBe("10/10");
  expect(card.figures.turns.map(({ cutOff }) => cutOff.of)).toEqual([1, 1, 1, 1]);
  expect(card.outcomes.turns.every(({ heard, answers }) => heard !== "" && answers === 1)).toBe(true);
  expect(card.outcomes.overlaps.map(({ kind }) => kind)).toEqual(["backchannel", "interruption", "noise"]);
  expect(card.figures.obedience).toEqual({ count: 1, of: 1 });
  expect(card.figures.lostResults.count).toBe(0);
  expect(card.figures.lostResults.of).toBeGreaterThanOrEqual(3);
  expect(card.figures.duplicateResults.count).toBe(0);
  expect(toTextCard(card)).toMatch(/lost tool results +0 +0\.00 \(0 of \d+\) +met/);
});
