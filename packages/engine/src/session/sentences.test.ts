import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SentenceSplitter } from "./sentences.ts";

function split(pieces: readonly string[]): string[] {
  const splitter = new SentenceSplitter();
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.flush()];
}

describe("the splitter of sentences", () => {
  it("gives a sentence as soon as the next word shows that it is over", () => {
    const splitter = new SentenceSplitter();
    expect(splitter.push("We open at nine.")).toEqual([]);
    expect(splitter.push(" See")).toEqual(["We open at nine."]);
    expect(splitter.flush()).toEqual(["See"]);
  });

  it.each([
    ["It costs 3.50 dollars. Fine?", ["It costs 3.50 dollars.", "Fine?"]],
    ["Ask Dr. Lee at 5 p.m. today. Thanks!", ["Ask Dr. Lee at 5 p.m. today.", "Thanks!"]],
    ["Write to info@example.com. Bye.", ["Write to info@example.com.", "Bye."]],
    ["Well... let me see.", ["Well...", "let me see."]],
    ["One\nTwo", ["One", "Two"]],
    ['He said "No." Then he left.', ['He said "No."', "Then he left."]],
  ])("cuts %s", (text, sentences) => {
    expect(split([text])).toEqual(sentences);
  });

  it("cuts a text without an end where one may breathe", () => {
    const text = `${"word ".repeat(30)}, ${"more ".repeat(40)}`;
    const sentences = split([text]);
    expect(sentences.length).toBeGreaterThan(1);
    for (const sentence of sentences) expect(sentence.length).toBeLessThanOrEqual(240);
  });

  it("loses no word, whatever the pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z.,!? ]{0,40}$/)), (pieces) => {
        const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
        expect(words(split(pieces).join(" "))).toEqual(words(pieces.join("")));
      }),
    );
  });
});
