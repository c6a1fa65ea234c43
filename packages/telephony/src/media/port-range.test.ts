import { expect, it } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { PortRange } from "./port-range.ts";

it("lends even ports in turn, each once", () => {
  const range = new PortRange(new ManualClock(), { from: 20_001, to: 20_007 });
  expect([range.take(), range.take(), range.take()]).toEqual([20_002, 20_004, 20_006]);
  expect(() => range.take()).toThrow(expect.objectContaining({ code: "no_free_port" }));
});

it("lets a port rest before it is lent again", () => {
  const clock = new ManualClock();
  const range = new PortRange(clock, { from: 30_000, to: 30_001, quarantineMs: 5000 });
  range.giveBack(range.take());
  clock.advance(4999);
  expect(() => range.take()).toThrow(expect.objectContaining({ code: "no_free_port" }));
  clock.advance(1);
  expect(range.take()).toBe(30_000);
});

it.each([
  [30_001, 30_001],
  [30_001, 30_002],
  [0, 10],
  [60_000, 70_000],
  [Number.NaN, 5],
])("refuses the range %d-%d", (from, to) => {
  expect(() => new PortRange(new ManualClock(), { from, to })).toThrow(
    expect.objectContaining({ code: "invalid_range" }),
  );
});

it("has room for 5000 calls by default", () => {
  expect(new PortRange(new ManualClock()).size).toBe(5000);
});
