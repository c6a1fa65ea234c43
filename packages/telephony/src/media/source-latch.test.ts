import { describe, expect, it } from "vitest";
import { SourceLatch } from "./source-latch.ts";

const DESCRIBED = { address: "192.0.2.1", port: 4000 };
const NAT = { address: "203.0.113.1", port: 61_000 };
const STRANGER = { address: "203.0.113.66", port: 6666 };

function accepts(latch: SourceLatch, from: typeof NAT, sequence: number, nowMs: number, isAuthenticated = false) {
  return latch.accepts({ ssrc: 1, sequence }, from, { nowMs, isAuthenticated });
}

it("takes the first source it hears, wherever it is, and sends there", () => {
  const latch = new SourceLatch();
  latch.describe(DESCRIBED);
  expect(latch.remote).toEqual(DESCRIBED);
  expect(accepts(latch, NAT, 1, 0)).toBe(true);
  expect(latch.remote).toEqual(NAT);
});

describe("another source", () => {
  it("is refused while the first one speaks, however long it tries", () => {
    const latch = new SourceLatch();
    for (let i = 0; i < 100; i++) {
      expect(accepts(latch, NAT, i, i * 20)).toBe(true);
      expect(accepts(latch, STRANGER, i, i * 20)).toBe(false);
    }
  });

  it("is taken after three packets in a row when the first one has been silent for a second", () => {
    const latch = new SourceLatch();
    accepts(latch, NAT, 1, 0);
    expect([10, 11, 12].map((sequence) => accepts(latch, STRANGER, sequence, 900))).toEqual([false, false, false]);
    expect([20, 22, 23].map((sequence) => accepts(latch, STRANGER, sequence, 1100))).toEqual([false, false, false]);
    expect(accepts(latch, STRANGER, 24, 1120)).toBe(true);
  });

  it("is taken without waiting when it is the one that was described", () => {
    const latch = new SourceLatch();
    latch.describe(DESCRIBED);
    accepts(latch, NAT, 1, 0);
    expect([10, 11, 12].map((sequence) => accepts(latch, DESCRIBED, sequence, 50))).toEqual([false, false, true]);
  });

  it("is taken at once when its packets are authenticated", () => {
    const latch = new SourceLatch();
    accepts(latch, NAT, 1, 0, true);
    expect(accepts(latch, STRANGER, 2, 20, true)).toBe(true);
  });

  it("is welcome after a new description, and after the same one it is not", () => {
    const latch = new SourceLatch();
    latch.describe(DESCRIBED);
    accepts(latch, NAT, 1, 0);
    latch.describe({ ...DESCRIBED });
    expect(latch.remote).toEqual(NAT);
    latch.describe({ ...DESCRIBED, port: 5000 });
    expect(latch.remote?.port).toBe(5000);
    expect(accepts(latch, STRANGER, 2, 20)).toBe(true);
  });
});

it("keeps to the description where told to", () => {
  const latch = new SourceLatch("as-described");
  latch.describe(DESCRIBED);
  expect(accepts(latch, { ...DESCRIBED, port: 9 }, 1, 0)).toBe(true);
  expect(accepts(latch, NAT, 1, 0)).toBe(false);
  expect(latch.remote).toEqual(DESCRIBED);
});
