import { expect, test } from "vitest";
import { keywordOf } from "./opt-out-words.ts";

test.each([
  ["STOP", false, "stop"],
  [" stop. ", false, "stop"],
  ['"Unsubscribe"', false, "stop"],
  ["start", false, "start"],
  ["Help!", false, "help"],
  ["Yes", true, "start"],
  ["Yes", false, undefined],
  ["stop by at six", false, undefined],
  ["", false, undefined],
])("%j of somebody whose opt-out is %j orders %s", (body, isOptedOut, keyword) => {
  expect(keywordOf(body, isOptedOut)).toBe(keyword);
});
