import { expect, it } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { FrameTicker } from "./frame-ticker.ts";

it("beats every 20 ms for each, spread over the 20 ms", () => {
  const clock = new ManualClock(0);
  const ticker = new FrameTicker(clock);
  const beats = Array.from({ length: 17 }, (): number[] => []);
  for (const times of beats) ticker.add((nowMs) => times.push(nowMs));
  clock.advance(1000);
  for (const times of beats) {
    expect(times.length).toBe(50);
    expect(times.slice(1).every((ms, index) => ms - (times[index] ?? 0) === 20)).toBe(true);
  }
  expect(new Set(beats.map(([first]) => first)).size).toBe(4);
});

it("lets the first beat of a new one come soon, with time for what it is to send", () => {
  const clock = new ManualClock(0);
  const ticker = new FrameTicker(clock);
  ticker.add(() => {});
  for (const waitMs of [100, 67, 59]) {
    clock.advance(waitMs);
    const addedMs = clock.nowMs();
    const times: number[] = [];
    ticker.add((nowMs) => times.push(nowMs));
    clock.advance(40);
    expect(times[0]).toBeGreaterThanOrEqual(addedMs + 5);
    expect(times[0]).toBeLessThanOrEqual(addedMs + 10);
  }
});

it("catches up after a short stall, and skips what is older than 100 ms", () => {
  const clock = new ManualClock(0);
  const ticker = new FrameTicker(clock);
  let count = 0;
  let skippedFrames = 0;
  ticker.add((_, skipped) => {
    count++;
    skippedFrames += skipped;
  });
  clock.advance(200);
  clock.stall(80);
  clock.advance(20);
  expect([count, skippedFrames]).toEqual([15, 0]);
  clock.stall(1000);
  clock.advance(20);
  expect(count + skippedFrames).toBe(66);
  expect(skippedFrames).toBeGreaterThan(40);
});

it("stops with its last listener, and starts again in time", () => {
  const clock = new ManualClock(0);
  const ticker = new FrameTicker(clock);
  let count = 0;
  const cancel = ticker.add(() => count++);
  clock.advance(100);
  cancel();
  cancel();
  clock.advance(1000);
  expect(count).toBe(5);
  ticker.add(() => count++);
  clock.advance(100);
  expect(count).toBe(10);
});

it("survives listeners that leave during the beat", () => {
  const clock = new ManualClock(0);
  const ticker = new FrameTicker(clock);
  let count = 0;
  const cancel = ticker.add(() => {
    count++;
    cancel();
  });
  clock.advance(500);
  expect(count).toBe(1);
});
