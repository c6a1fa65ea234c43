import { describe, expect, it } from "vitest";
import { findVocabulary } from "./vocabulary/find-vocabulary.ts";
import { asksToHold, isBackchannel, isCommand, joinWords } from "./words.ts";

const english = findVocabulary("en-GB");

describe("a backchannel", () => {
  it.each([
    "Mm-hmm.",
    "Uh-huh",
    "Okay.",
    "Yeah, yeah.",
    "I see.",
    "Oh okay, yeah.",
    "Right, right, sure.",
    "Got it. Yes.",
  ])("is %s", (text) => {
    expect(isBackchannel(text, english)).toBe(true);
  });

  it.each(["No.", "Stop", "Okay, but wait", "What?", "Yes please.", ""])("is not %s", (text) => {
    expect(isBackchannel(text, english)).toBe(false);
  });

  it.each([
    ["de", "Ja, genau."],
    ["fr-CA", "Oui, d'accord."],
    ["es-MX", "Sí, claro."],
    ["it", "Va bene, certo."],
    ["pt-BR", "Tá bom, entendi."],
    ["nl", "Ja, ik snap het."],
    ["ja", "Mm."],
  ])("is known in %s: %s", (language, text) => {
    expect(isBackchannel(text, findVocabulary(language))).toBe(true);
  });
});

describe("words that stop an agent", () => {
  it.each(["Wait.", "Hold on, please", "No no no", "Sorry, I meant Tuesday", "Stop!"])("%s", (text) => {
    expect(isCommand(text, english)).toBe(true);
  });

  it.each(["Waiting for Tom", "Tuesday", "Nothing else"])("are not %s", (text) => {
    expect(isCommand(text, english)).toBe(false);
  });
});

describe("asking for a moment", () => {
  it.each(["One moment please.", "Hang on, let me get my card.", "Uh, just a second."])("is %s", (text) => {
    expect(asksToHold(text, english)).toBe(true);
  });

  it.each([
    "One moment I thought that you were closed on Sundays and then it turned out that you are not.",
    "A second pizza",
  ])("is not %s", (text) => {
    expect(asksToHold(text, english)).toBe(false);
  });
});

it("joins words by one space", () => {
  expect(joinWords("", " a ")).toBe("a");
  expect(joinWords("a", "b")).toBe("a b");
  expect(joinWords("a", " ")).toBe("a");
});
