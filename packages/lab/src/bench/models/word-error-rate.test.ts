import { describe, expect, it } from "vitest";
import { normaliseWords, wordErrorRate, wordErrors } from "./word-error-rate.ts";

describe("wordErrorRate", () => {
  it("is 0 for the same words, however they are written", () => {
    expect(wordErrorRate("Hello, I'd like two tables!", "hello i would like 2 tables")).toBe(0);
    expect(wordErrorRate("It costs five dollars.", "it costs $5")).toBe(0);
    expect(wordErrorRate("at three o'clock", "At 3:00.")).toBe(0);
    expect(wordErrorRate("I can not come on the twenty first", "I can't come on the 21st")).toBe(0);
  });

  it("counts words left out, added and changed", () => {
    expect(wordErrors("please call me back", "please call back")).toEqual({ errors: 1, words: 4 });
    expect(wordErrors("please call me back", "please do call me back")).toEqual({ errors: 1, words: 4 });
    expect(wordErrors("please call me back", "please fall me sack")).toEqual({ errors: 2, words: 4 });
  });

  it("knows silence", () => {
    expect(wordErrorRate("", "")).toBe(0);
    expect(wordErrorRate("hello there", "")).toBe(1);
    expect(wordErrorRate("", "you")).toBe(1);
  });
});

describe("normaliseWords", () => {
  it.each([
    ["7429", "seven four two nine"],
    ["115", "one hundred fifteen"],
    ["007", "zero zero seven"],
    ["10:30", "ten thirty"],
    ["the 30th", "the thirtieth"],
    ["That's 'it'.", "that is it"],
    ["twenty-one", "twenty one"],
  ])("reads %j as %j", (text, expected) => {
    expect(normaliseWords(text).join(" ")).toBe(expected);
  });
});
