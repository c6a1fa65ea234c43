import { expect, it } from "vitest";
import { soak } from "./soak.ts";

it("holds no memory, timer or delay of the calls before, over a bad network", { timeout: 60_000 }, () => {
  const { samples, calls, packets, heapGrowthBytesPerHour } = soak({ minutes: 1.5, callMinutes: 0.25, calls: 2 });
  expect([calls, samples.length]).toEqual([12, 6]);
  expect(packets).toBeGreaterThan(12_000);
  for (const { timers, delayMs } of samples) {
    expect(timers).toBe(0);
    expect(delayMs).toBeLessThan(250);
  }
  // Half a megabyte of noise in a minute makes 30 in an hour.
  expect(heapGrowthBytesPerHour).toBeLessThan(30_000_000);
});
