import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSamples } from "../audio/frame.ts";
import { type SpokenPiece, toSpeakable } from "../speakable/speakable.ts";
import { SpokenWords } from "./spoken-words.ts";

function toPieces(text: string): SpokenPiece[] {
  return toSpeakable(text, { language: "en", audioTags: "keep" });
}

describe("the words of a reply", () => {
  it("are heard by the timings that the voice gives", () => {
    const words = new SpokenWords();
    words.beginSentence(toPieces("one two three"));
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

  it("are told apart where they are written without spaces", () => {
    for (const text of ["我们九点开门，六点关门。", "お電話ありがとうございます。", "「iPhone手机」是3.5元。"]) {
      const words = new SpokenWords();
      words.beginSentence(toPieces(text));
      words.addAudio(64_000);
      words.endSentence();
      const half = words.takeHeard(32_000);
      expect(text.startsWith(half)).toBe(true);
      expect(half.length).toBeGreaterThan(text.length / 4);
      expect(half.length).toBeLessThan((text.length * 3) / 4);
      expect(`${half}${words.takeRest()}`).toBe(text);
    }
  });

  it("are spread by their length where the voice gives none", () => {
    const words = new SpokenWords();
    words.beginSentence(toPieces("a incomprehensible"));
    words.addAudio(16_000);
    words.endSentence();
    expect(words.takeHeard(1_600)).toBe("a");
    expect(words.takeHeard(8_000)).toBe("");
    expect(words.takeHeard(16_000)).toBe("incomprehensible");
  });

  it("are weighed by what is said, and reported as they were written", () => {
    const words = new SpokenWords();
    words.beginSentence(toPieces("[laughs] Pay $3.50 now"));
    const spoken = ["Pay", "three", "dollars", "and", "fifty", "cents", "now"];
    words.addAudio(
      toSamples(7_000),
      spoken.map((text, index) => ({ text, startMs: index * 1_000, endMs: (index + 1) * 1_000 })),
    );
    words.endSentence();
    expect(words.takeHeard(toSamples(3_400))).toBe("Pay");
    expect(words.takeHeard(toSamples(3_600))).toBe("$3.50");
    expect(words.takeHeard(toSamples(6_400))).toBe("");
    expect(words.takeHeard(toSamples(6_600))).toBe("now");
  });

  it("take the time of their spoken form where the voice gives no timings", () => {
    const words = new SpokenWords();
    words.beginSentence(toPieces("It is 1984 x"));
    words.addAudio(16_000);
    words.endSentence();
    expect(words.takeHeard(4_000)).toBe("It is");
    expect(words.takeHeard(15_000)).toBe("1984");
  });

  it("are each heard once and in order, whatever the reports", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 })), (reports) => {
        const words = new SpokenWords();
        for (const sentence of ["we open at nine", "and close at six today"]) {
          words.beginSentence(toPieces(sentence));
          words.addAudio(16_000);
          words.endSentence();
        }
        const heard = [...reports.map((report) => words.takeHeard(report)), words.takeRest()];
        expect(heard.filter((text) => text !== "").join(" ")).toBe("we open at nine and close at six today");
      }),
    );
  });
});
