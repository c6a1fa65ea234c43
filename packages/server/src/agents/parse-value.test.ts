import { expect, test } from "vitest";
import { parseValue, type ValueType } from "./parse-value.ts";

test.each<[ValueType, unknown, unknown]>([
  ["string", " Ada ", "Ada"],
  ["number", "1,234.5", 1234.5],
  ["number", 4, 4],
  ["boolean", "Yes", true],
  ["boolean", false, false],
  ["date", "2026-02-28", "2026-02-28"],
  ["time", "6:30 pm", "18:30"],
  ["time", "12 am", "00:00"],
  ["time", "18:30:00", "18:30"],
  ["email", "Ada@Example.com", "ada@example.com"],
  ["phone", "+1 (212) 555-0100", "+12125550100"],
  ["phone", "030 901820", "+4930901820"],
])("a %s %j is %j", (type, raw, value) => {
  expect(parseValue(type, raw, { country: "DE" })).toEqual({ isValid: true, value });
});

test.each<[ValueType, unknown]>([
  ["string", ""],
  ["string", { a: 1 }],
  ["number", "four"],
  ["number", ""],
  ["boolean", "maybe"],
  ["date", "2026-02-30"],
  ["date", "tomorrow"],
  ["time", "7"],
  ["time", "25:00"],
  ["email", "ada at example"],
  ["phone", "030 901820"],
])("a %s is not %j, and the answer says what it must be", (type, raw) => {
  expect(parseValue(type, raw)).toMatchObject({ isValid: false, problem: expect.stringMatching(/^must be /) });
});
