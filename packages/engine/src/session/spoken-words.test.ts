import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpokenWords } from "./spoken-words.ts";

describe("the words of a reply", () => {
  it("are heard by the timings that the voice gives", () => {
    const words = new SpokenWords();
    words.beginSentence("one two three");
    words.addAudio(48_000, [
      { text: "one", startMs: 0, endMs: 2_000 },
      { text: "two", startMs: 2_000, endMs: 2_200 },
      { text: "three", startMs: 2_200, endMs: 3_000 },
    ]);
    words.endSentence();
    expect(words.takeHeard(15_999)).toBe("");
    expect(words.takeHeard(16_000)).toBe("one");
    expect(words.takeHeard(40_000)).toBe("two");
    expect(words.takeRest()).toBe("three");
  });

  it("are spread by their length where the voice gives none", () => {
    const words = new SpokenWords();
    words.beginSentence("a incomprehensible");
    words.addAudio(16_000);
    words.endSentence();
    expect(words.takeHeard(1_600)).toBe("a");
    expect(words.takeHeard(8_000)).toBe("");
    expect(words.takeHeard(16_000)).toBe("incomprehensible");
  });

  it("are each heard once and in order, whatever the reports", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 })), (reports) => {
        const words = new SpokenWords();
        for (const sentence of ["we open at nine", "and close at six today"]) {
          words.beginSentence(sentence);
          words.addAudio(16_000);
          words.endSentence();
        }
        const heard = [...reports.map((report) => words.takeHeard(report)), words.takeRest()];
        expect(heard.filter((text) => text !== "").join(" ")).toBe("we open at nine and close at six today");
      }),
    );
  });
});
