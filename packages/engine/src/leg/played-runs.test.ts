import fc from "fast-check";
import { expect, it } from "vitest";
import { PlayedRuns } from "./played-runs.ts";

it("counts own samples alone, in the order in which they were sent", () => {
  const runs = new PlayedRuns();
  runs.sent(320, false);
  runs.sent(640, true);
  runs.sent(320, false);
  runs.played(300);
  expect(runs.own).toBe(0);
  runs.played(500);
  expect(runs.own).toBe(180);
  runs.played(1280);
  expect(runs.own).toBe(640);
});

it("takes the first report after a cut as the place where it stopped", () => {
  const runs = new PlayedRuns();
  runs.sent(640, true);
  runs.cut();
  runs.sent(640, false);
  runs.played(200);
  expect(runs.own).toBe(200);
  runs.played(840);
  expect(runs.own).toBe(200);
});

it("never counts more than was sent, whatever a far end reports", () => {
  const step = fc.oneof(
    fc.record({ sent: fc.integer({ min: 1, max: 500 }), isOwn: fc.boolean() }),
    fc.record({ played: fc.integer({ min: 0, max: 20_000 }) }),
    fc.constant("cut" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const runs = new PlayedRuns();
      let sent = 0;
      let before = 0;
      for (const next of steps) {
        if (next === "cut") runs.cut();
        else if ("played" in next) runs.played(next.played);
        else {
          runs.sent(next.sent, next.isOwn);
          if (next.isOwn) sent += next.sent;
        }
        expect(runs.own).toBeGreaterThanOrEqual(before);
        expect(runs.own).toBeLessThanOrEqual(sent);
        before = runs.own;
      }
    }),
  );
});
