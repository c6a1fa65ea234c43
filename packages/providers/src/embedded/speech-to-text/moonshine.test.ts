import { describe, expect, it } from "vitest";
import { tidy } from "./moonshine.ts";

describe("tidy", () => {
  it.each([
    ["I will come to-morrow or to-day.", "I will come tomorrow or today."],
    ["Good-bye then.", "Goodbye then."],
    ["Is some one there?", "Is someone there?"],
    [" Hello there. how are you? ", "Hello there. How are you?"],
    ["It costs 3.50 a day.", "It costs 3.50 a day."],
  ])("makes %j into %j", (text, expected) => {
    expect(tidy(text)).toBe(expected);
  });
});
