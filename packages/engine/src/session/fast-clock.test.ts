import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { FastClock } from "./fast-clock.ts";

function makeClocks() {
  const real = new FakeClock();
  const fast = new FastClock(real);
  const log: string[] = [];
  const note = (what: string) => () => log.push(`${what} at ${Math.round(fast.nowMs())}`);
  return { real, fast, log, note };
}

describe("a fast clock", () => {
  it("jumps from timer to timer when nobody works", async () => {
    const { real, fast, log, note } = makeClocks();
    fast.after(60_000, note("minute"));
    fast.after(1_000, note("second"));
    await real.advance(1);
    expect(log).toEqual(["second at 1000", "minute at 60000"]);
  });

  it("keeps to real time while somebody works, so that the delay stays in the figures", async () => {
    const { real, fast, log, note } = makeClocks();
    const workDone = fast.working();
    fast.after(100, note("tick"));
    await real.advance(60);
    expect(log).toEqual([]);
    expect(fast.nowMs()).toBe(60);
    workDone();
    await real.advance(1);
    expect(log).toEqual(["tick at 100"]);
  });

  it("stands still while it is held, whatever else goes on", async () => {
    const { real, fast, log, note } = makeClocks();
    const release = fast.hold();
    const workDone = fast.working();
    fast.after(10, note("tick"));
    await real.advance(5_000);
    expect(log).toEqual([]);
    expect(fast.nowMs()).toBe(0);
    workDone();
    release();
    await real.advance(1);
    expect(log).toEqual(["tick at 10"]);
  });

  it("repeats a period and stops when asked", async () => {
    const { real, fast, log, note } = makeClocks();
    const stop = fast.every(20, note("frame"));
    fast.after(70, () => stop());
    await real.advance(1);
    expect(log).toEqual(["frame at 20", "frame at 40", "frame at 60"]);
  });

  it("forgives releasing twice", async () => {
    const { real, fast, log, note } = makeClocks();
    const first = fast.hold();
    fast.hold();
    first();
    first();
    fast.after(10, note("tick"));
    await real.advance(1_000);
    expect(log).toEqual([]);
  });
});
