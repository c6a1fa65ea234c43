import { describe, expect, it } from "vitest";
import { type Phone, spreadWords, timeWords } from "./time-words.ts";

describe("timeWords", () => {
  it("matches phrases with the pauses between them", () => {
    const words = timeWords("Hi there, friend.", toPhones("|..........||....|"));
    expect(words.map((word) => word.text)).toEqual(["Hi", "there,", "friend."]);
    expect(words[1]?.endMs).toBe(110);
    expect(words[2]).toEqual({ text: "friend.", startMs: 130, endMs: 170 });
  });

  it("shares the sounds among the words of a phrase by their length", () => {
    const words = timeWords("ab abcdef", toPhones("........"));
    expect(words).toEqual([
      { text: "ab", startMs: 0, endMs: 20 },
      { text: "abcdef", startMs: 20, endMs: 80 },
    ]);
  });

  it("gives digits the time of a word each, and signs none", () => {
    const words = timeWords("at 42 - ab", toPhones("............"));
    expect(words[1]).toEqual({ text: "42", startMs: 20, endMs: 100 });
    expect(words[2]).toEqual({ text: "-", startMs: 100, endMs: 100 });
  });

  it("spreads the words over all sounds when pauses and punctuation don't match", () => {
    const words = timeWords("one, two, six", toPhones("...|......"));
    expect(words[0]?.startMs).toBe(0);
    expect(words.at(-1)?.endMs).toBe(100);
    for (const [i, word] of words.entries()) expect(word.startMs).toBeGreaterThanOrEqual(words[i - 1]?.endMs ?? 0);
  });
});

describe("spreadWords", () => {
  it("knows only the span", () => {
    expect(spreadWords("ab cd", { startMs: 100, endMs: 300 })).toEqual([
      { text: "ab", startMs: 100, endMs: 200 },
      { text: "cd", startMs: 200, endMs: 300 },
    ]);
  });
});

/** A dot is a sound and a bar a pause, 10 ms each. */
function toPhones(picture: string): Phone[] {
  return [...picture].map((sign, i) => ({ isPause: sign === "|", startMs: 10 * i, endMs: 10 * (i + 1) }));
}
