import { beforeEach, describe, expect, it } from "vitest";
import { PlaybackQueue } from "./playback-queue.ts";

let reports: number[];
let queue: PlaybackQueue;

beforeEach(() => {
  reports = [];
  queue = new PlaybackQueue({ report: (played) => reports.push(played) });
});

function voice(count: number, value = 16_384): Int16Array {
  return new Int16Array(count).fill(value);
}

function pull(count: number): Float32Array {
  const output = new Float32Array(count);
  for (let at = 0; at < count; at += 64) queue.pull(output.subarray(at, Math.min(at + 64, count)));
  return output;
}

const voiced = (samples: Float32Array) => samples.filter((value) => value !== 0).length;

describe("the playback queue", () => {
  it("starts when 60 ms are waiting and then plays without a gap", () => {
    queue.push(voice(640));
    expect(voiced(pull(320))).toBe(0);
    queue.push(voice(320));
    for (let frame = 0; frame < 20; frame++) {
      queue.push(voice(320));
      expect(voiced(pull(320))).toBe(320);
    }
  });

  it("plays a reply shorter than that after the same wait", () => {
    queue.push(voice(320));
    expect(voiced(pull(960))).toBe(0);
    expect(voiced(pull(640))).toBe(320);
    expect(reports.at(-1)).toBe(320);
  });

  it("is silent and reports nothing while nothing comes", () => {
    expect(voiced(pull(16_000))).toBe(0);
    expect(reports).toEqual([]);
  });

  it("reports each 100 ms while it plays and once when it runs dry", () => {
    queue.push(voice(4_000));
    pull(8_000);
    expect(reports).toEqual([1600, 3200, 4000]);
  });

  it("counts all replies of a call together", () => {
    queue.push(voice(1_600));
    pull(3_200);
    queue.push(voice(1_600));
    pull(3_200);
    expect(reports.at(-1)).toBe(3_200);
  });

  it("drops the rest within 5 ms on a clear, and reports at once what was heard", () => {
    queue.push(voice(16_000));
    pull(640);
    queue.clear();
    const after = pull(16_000);
    expect(voiced(after)).toBeLessThanOrEqual(80);
    expect(after[0]).toBeLessThan(0.5);
    expect([...after.subarray(0, 80)]).toEqual([...after.subarray(0, 80)].sort((a, b) => b - a));
    expect(reports).toEqual([720]);
  });

  it("does not count what a clear dropped when the next reply plays", () => {
    queue.push(voice(16_000));
    pull(640);
    queue.clear();
    queue.push(voice(1_600));
    pull(3_200);
    expect(reports.at(-1)).toBe(720 + 1_600);
  });

  it("answers a clear when there was nothing to drop", () => {
    queue.push(voice(320));
    queue.clear();
    expect(reports).toEqual([0]);
    expect(voiced(pull(3_200))).toBe(0);
  });

  it("never holds more than half a minute", () => {
    for (let second = 0; second < 60; second++) queue.push(voice(16_000));
    expect(voiced(pull(60 * 16_000))).toBe(30 * 16_000);
  });
});
