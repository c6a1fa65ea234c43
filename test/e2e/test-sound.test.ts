import { toSamples } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { composeLines } from "./compose-lines.ts";
import { findStretches } from "./speech-stretches.ts";
import { wordsHeard } from "./spoken-words.ts";

const loud = (ms: number) => new Int16Array(toSamples(ms)).fill(3000);

describe("the sound of the browser tests", () => {
  it("puts lines at their times and finds them again", () => {
    const track = composeLines(
      [
        { atMs: 100, samples: loud(200) },
        { atMs: 400, samples: loud(100) },
        { atMs: 1000, samples: loud(50) },
      ],
      { tailMs: 500 },
    );
    expect(track.length).toBe(toSamples(1550));
    expect(findStretches(track, { joinMs: 150 })).toEqual([
      { start: toSamples(100), end: toSamples(500) },
      { start: toSamples(1000), end: toSamples(1050) },
    ]);
    expect(findStretches(track, { joinMs: 50 })).toHaveLength(3);
  });

  it("refuses lines that run into each other", () => {
    const lines = [
      { atMs: 0, samples: loud(200) },
      { atMs: 100, samples: loud(200) },
    ];
    expect(() => composeLines(lines, { tailMs: 0 })).toThrow("the line at 100 ms");
  });

  it("counts words in order, without case and punctuation", () => {
    expect(wordsHeard("We are open.", "so WE are, open")).toBe(1);
    expect(wordsHeard("one two three four", "four two three")).toBe(0.5);
    expect(wordsHeard("one two", "")).toBe(0);
  });
});
