import { describe, expect, it } from "vitest";
import { isSpeakable, splitText, toAscii } from "./split-text.ts";

describe("splitText", () => {
  it("speaks sentence by sentence", () => {
    expect(splitText("Hello there. Is it 3.50? Yes!  Fine")).toEqual(["Hello there.", "Is it 3.50?", "Yes!", "Fine"]);
  });

  it("cuts long sentences at a comma, else between words, and loses no word", () => {
    const long = `${"one two three four five six seven, ".repeat(9)}end.`;
    const pieces = splitText(long);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith(","))).toBe(true);
    expect(pieces.join(" ")).toBe(long);
    const words = "word ".repeat(100).trim();
    expect(splitText(words).every((piece) => piece.length <= 200)).toBe(true);
    expect(splitText(words).join(" ")).toBe(words);
  });

  it("cuts a word that never ends", () => {
    expect(splitText("x".repeat(450)).map((piece) => piece.length)).toEqual([200, 200, 50]);
  });

  it("gives nothing for nothing", () => {
    expect(splitText(" \n ")).toEqual([]);
  });
});

describe("toAscii", () => {
  it.each([
    ["naïve café", "naive cafe"],
    ["It’s “fine” — really…", 'It\'s "fine" ,  really...'],
    ["5 €", "5  euros "],
    ["Straße", "Strasse"],
    ["日本 😀 ok", "      ok"],
  ])("spells %j as %j", (text, expected) => {
    expect(toAscii(text).replace(/\s+/g, " ").trim()).toBe(expected.replace(/\s+/g, " ").trim());
  });
});

describe("isSpeakable", () => {
  it("needs a letter or a digit", () => {
    expect(isSpeakable("…!")).toBe(false);
    expect(isSpeakable("7")).toBe(true);
    expect(isSpeakable("é")).toBe(true);
  });
});
