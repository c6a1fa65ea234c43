import { expect, it } from "vitest";
import { describeMachine, toPercent, watchStolen } from "./machine.ts";

it("tells what the figures were measured on, and what share of it was given to others", async () => {
  expect(describeMachine()).toMatch(/, \d+ cores, \d+ GB, Node v24\S+, load \d+\.\d$/);
  const readStolen = await watchStolen();
  const until = performance.now() + 50;
  while (performance.now() < until);
  const share = await readStolen();
  if (process.platform === "linux") expect(share).toBeGreaterThanOrEqual(0);
  expect(share ?? 0).toBeLessThan(1);
  expect([toPercent(0.1234), toPercent(undefined)]).toEqual(["12.3 %", "unknown"]);
});
