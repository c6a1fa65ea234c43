import { expect, it } from "vitest";
import { soak } from "./soak.ts";

it("holds no memory, timer or delay of the calls before, over a bad network", { timeout: 60_000 }, () => {
  const { samples, calls, packets, heapGrowthBytesPerHour } = soak({ minutes: 5, callMinutes: 0.5, calls: 3 });
  expect([calls, samples.length]).toEqual([30, 10]);
  expect(packets).toBeGreaterThan(80_000);
  // The clock of the frames alone.
  for (const { timers, delayMs } of samples) {
    expect(timers).toBeLessThanOrEqual(1);
    expect(delayMs).toBeLessThan(250);
  }
  expect(heapGrowthBytesPerHour).toBeLessThan(10_000_000);
});
