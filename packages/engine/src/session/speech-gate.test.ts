import { describe, expect, it } from "vitest";
import { SpeechGate } from "./speech-gate.ts";

/** Feeds one probability per 32 ms and tells each edge with its window. */
function feed(gate: SpeechGate, probabilities: readonly number[], options = {}): string[] {
  return probabilities.flatMap((probability, index) => {
    const edge = gate.push(probability, (index + 1) * 32, options);
    if (!edge) return [];
    return edge.type === "started"
      ? [`${index}: began at ${edge.firstSampleAtMs}`]
      : [`${index}: ended at ${edge.lastSampleAtMs}`];
  });
}

const speech = (windows: number) => Array<number>(windows).fill(0.7);
const quiet = (windows: number) => Array<number>(windows).fill(0.01);

describe("the gate of speech", () => {
  it("opens after two windows and dates the beginning back to the first", () => {
    expect(feed(new SpeechGate(), [...quiet(2), ...speech(3)])).toEqual(["3: began at 64"]);
  });

  it("takes a click for no speech", () => {
    expect(feed(new SpeechGate(), [...quiet(2), 0.7, ...quiet(5), 0.7, ...quiet(5)])).toEqual([]);
  });

  it("opens at once where it is sure", () => {
    expect(feed(new SpeechGate(), [...quiet(2), 0.9, ...speech(2)])).toEqual(["2: began at 64"]);
  });

  it("opens over the agent at the first hint, and not for a quiet room", () => {
    const hint = [...quiet(2), 0.15, ...speech(2)];
    expect(feed(new SpeechGate(), hint, { isOverAgent: true })).toEqual(["2: began at 64"]);
    expect(feed(new SpeechGate(), hint)).toEqual(["4: began at 96"]);
    expect(feed(new SpeechGate(), Array<number>(20).fill(0.08), { isOverAgent: true })).toEqual([]);
  });

  it("dates the beginning back to where it was unsure, and opens for no more than that never", () => {
    expect(feed(new SpeechGate(), [...quiet(2), 0.4, 0.7])).toEqual(["3: began at 64"]);
    expect(feed(new SpeechGate(), Array<number>(20).fill(0.4))).toEqual([]);
  });

  it("closes after 224 ms of silence and dates the end back to the last sound", () => {
    expect(feed(new SpeechGate(), [...speech(4), ...quiet(8)])).toEqual(["1: began at 0", "10: ended at 112"]);
  });

  it("stays open over longer pauses where accurate words are wanted", () => {
    const paused = [...speech(4), ...quiet(12), ...speech(2), ...quiet(14)];
    expect(feed(new SpeechGate("accurate"), paused)).toEqual(["1: began at 0", "30: ended at 560"]);
    expect(feed(new SpeechGate(), paused)).toHaveLength(4);
  });

  it("stays open over a pause inside a word, and while it is unsure", () => {
    expect(feed(new SpeechGate(), [...speech(4), ...quiet(6), ...speech(1), ...Array<number>(20).fill(0.4)])).toEqual([
      "1: began at 0",
    ]);
  });

  it("ends what is under way when no more audio will come", () => {
    const gate = new SpeechGate();
    feed(gate, speech(4));
    expect(gate.close()).toEqual({ type: "ended", lastSampleAtMs: 112 });
    expect(gate.close()).toBeUndefined();
  });
});
