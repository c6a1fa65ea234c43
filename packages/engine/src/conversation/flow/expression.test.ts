import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Value } from "../values.ts";
import { isTrue } from "./expression.ts";
import { ExpressionError, parseExpression } from "./parse-expression.ts";

const KNOWN: Record<string, Value> = {
  name: "Jane Doe",
  age: 41,
  party: "6",
  day: "2026-03-04",
  is_member: true,
  is_late: false,
  empty: "",
  "tool.outcome": "succeeded",
};
const judge = (text: string) => isTrue(parseExpression(text), (name) => KNOWN[name]);

describe("a condition", () => {
  it.each([
    ['name == "jane doe"', true],
    ["name != 'Jane Doe'", false],
    ["age == 41.0", true],
    ["age >= 18 and age < 65", true],
    ["party > 5", true],
    ["party > 10", false],
    ['day < "2026-04-01"', true],
    ['name contains "doe"', true],
    ['name matches "jane*"', true],
    ['name matches "*an*oe"', true],
    ['name matches "doe*"', false],
    ['name matches "jane"', false],
    ["is_member", true],
    ["is_late or not is_member", false],
    ["!(is_late || empty) && exists name", true],
    ["exists empty", false],
    ["missing == null", true],
    ["missing == 3", false],
    ["missing < 3", false],
    ["not exists missing", true],
    ['{{tool.outcome}} == "succeeded"', true],
    ["is_member == true", true],
    ['name == "a\\"b"', false],
  ])("%s is %s", (text, expected) => {
    expect(judge(text)).toBe(expected);
  });

  it("binds and before or", () => {
    expect(judge("is_member or is_late and is_late")).toBe(true);
    expect(judge("(is_member or is_late) and is_late")).toBe(false);
  });

  it.each([
    ["", "wants a name or a value instead of the end at character 1"],
    ["age ==", "wants a name or a value instead of the end at character 7"],
    ["age == 4 5", 'wants "and" or "or" instead of 5 at character 9'],
    ["(age == 4", 'wants ")" instead of the end at character 10'],
    ["age = 4", `can't be read from character 4 on: "= 4"`],
    ["process.exit()", 'wants "and" or "or" instead of ( at character 13'],
    ["and", "wants a name or a value instead of and at character 1"],
    [`${"(".repeat(30)}age${")".repeat(30)}`, "must not be nested deeper than 20 levels"],
    ["a".repeat(1_001), "must be at most 1000 characters"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => parseExpression(text)).toThrow(new ExpressionError(message));
  });

  it("is either refused or judged, whatever is written", () => {
    const part = fc.constantFrom(
      "age",
      "name",
      '"x"',
      "4",
      "==",
      "and",
      "or",
      "not",
      "(",
      ")",
      "exists",
      "<",
      "matches",
      "'",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 4 })), { maxLength: 12 }), (parts) => {
        try {
          expect(typeof judge(parts.join(" "))).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });
});
