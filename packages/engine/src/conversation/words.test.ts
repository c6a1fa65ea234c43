import { describe, expect, it } from "vitest";
import { isBackchannel, joinWords, soundsUnfinished } from "./words.ts";

describe("words that sound unfinished", () => {
  it.each(["I would like to", "My name is, um", "On Monday and", "I want the", "Well,", "So..."])("%s", (text) => {
    expect(soundsUnfinished(text)).toBe(true);
  });

  it.each(["I would like to book.", "What is that?", "Yes.", "Who are you?", "", "That's where I am.", "Thank you"])(
    "are not: %s",
    (text) => {
      expect(soundsUnfinished(text)).toBe(false);
    },
  );
});

describe("a backchannel", () => {
  it.each(["Mm-hmm.", "Uh-huh", "Okay.", "Yeah, yeah.", "I see."])("is %s", (text) => {
    expect(isBackchannel(text)).toBe(true);
  });

  it.each(["No.", "Stop", "Okay, but wait", "What?", ""])("is not %s", (text) => {
    expect(isBackchannel(text)).toBe(false);
  });
});

it("joins words by one space", () => {
  expect(joinWords("", " a ")).toBe("a");
  expect(joinWords("a", "b")).toBe("a b");
  expect(joinWords("a", " ")).toBe("a");
});
