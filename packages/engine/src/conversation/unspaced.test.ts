import fc from "fast-check";
import { expect, it } from "vitest";
import { countUnits, gapBetween, splitAfterUnits } from "./unspaced.ts";
import { joinWords } from "./words.ts";

const anyText = fc
  .array(fc.constantFrom("我们", "九", "です", "。", "，", " ", "open", "3.5", "!", "ー"), { maxLength: 20 })
  .map((parts) => parts.join(""));

it("splits a text where it has been heard up to, whichever way it is written", () => {
  expect(splitAfterUnits("你好，我们九点开门。", 3)).toEqual(["你好，", "我们九点开门。"]);
  expect(splitAfterUnits("We open at nine.", 2)).toEqual(["We open", "at nine."]);
  expect(splitAfterUnits(" We open ", 0)).toEqual(["", "We open"]);
});

it("counts in the parts what it counts in the whole", () => {
  fc.assert(
    fc.property(anyText, fc.nat(25), (text, count) => {
      const [first, second] = splitAfterUnits(text, count);
      expect(countUnits(first)).toBe(Math.min(count, countUnits(text)));
      expect(countUnits(first) + countUnits(second)).toBe(countUnits(text));
      expect(countUnits(joinWords(first, second))).toBe(countUnits(text));
    }),
  );
});

it("puts a space between words, and none where none is written", () => {
  expect([gapBetween("你好，", "我们"), gapBetween("Hello", "you"), gapBetween("iPhone", "手机")]).toEqual([
    "",
    " ",
    " ",
  ]);
});
