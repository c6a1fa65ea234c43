import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SentenceSplitter } from "./sentences.ts";

function split(pieces: readonly string[], language = "en-US"): string[] {
  const splitter = new SentenceSplitter(language);
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
    ["It is $3.50. Okay?", ["It is $3.50.", "Okay?"]],
    ["We open at 10 a.m. tomorrow. Bye.", ["We open at 10 a.m. tomorrow.", "Bye."]],
    ["We close at 5 p.m. See you then.", ["We close at 5 p.m.", "See you then."]],
    ["At 5 p.m. Monday it ends. Bye.", ["At 5 p.m. Monday it ends.", "Bye."]],
    ["No. We don't have No. 5 now.", ["No.", "We don't have No. 5 now."]],
    ["1. First this. 2. Then that.", ["1. First this.", "2. Then that."]],
    ["There are 5. Take one.", ["There are 5.", "Take one."]],
    ["**Hello there.** How are you?", ["**Hello there.**", "How are you?"]],
    ["See https://a.dev/x?y=1 or e.g. docs.a.dev. Fine.", ["See https://a.dev/x?y=1 or e.g. docs.a.dev.", "Fine."]],
    ["你好。今天好吗？很好！", ["你好。", "今天好吗？", "很好！"]],
    ["「はい。」と言った。では", ["「はい。」", "と言った。", "では"]],
    ["क्या हाल है। ठीक है।", ["क्या हाल है।", "ठीक है।"]],
  ])("cuts %s", (text, sentences) => {
    expect(split([text])).toEqual(sentences);
  });

  it("takes a number with a full stop for an ordinal where the language writes them so", () => {
    expect(split(["Am 3. Mai um 9. Dann los."], "de-DE")).toEqual(["Am 3. Mai um 9. Dann los."]);
    expect(split(["Es sind 5. 6 wären mehr."], "de-DE")).toEqual(["Es sind 5.", "6 wären mehr."]);
  });

  it("gives the same sentences however the stream is cut", () => {
    const text = "Dr. Lee is in at 5 p.m. See No. 5. 1. First this! 「はい。」と Bye.";
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        expect(split(at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(split(Array.from(text)));
      }),
    );
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
