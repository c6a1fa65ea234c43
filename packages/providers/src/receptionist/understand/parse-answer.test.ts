import { describe, expect, it } from "vitest";
import type { SlotType } from "../slots.ts";
import { parseAnswer, speakValue } from "./parse-answer.ts";

function table(type: SlotType, rows: readonly (readonly [string, unknown])[]): void {
  describe(`an answer of type ${type}`, () => {
    it.each(rows)("%j means %j", (text, value) => {
      expect(parseAnswer(type, text)).toEqual(value);
    });
  });
}

table("name", [
  ["Jane Doe.", "Jane Doe"],
  ["um, my name is jane doe", "Jane Doe"],
  ["Yeah, this is Tom speaking.", "Tom"],
  ["J-A-N-E", "Jane"],
  ["It's Mary Ann O'Neill, thanks", "Mary Ann O'Neill"],
  ["I'm calling about my appointment", undefined],
  ["yes", undefined],
  ["uh", undefined],
  ["what?", undefined],
]);

table("number", [
  ["4", 4],
  ["There will be four of us.", 4],
  ["twenty-five", 25],
  ["two hundred and ten", 210],
  ["three thousand four hundred", 3400],
  ["three point five", 3.5],
  ["1,200", 1200],
  ["a dozen", 12],
  ["just me", 1],
  ["many", undefined],
  ["constructor", undefined],
]);

table("boolean", [
  ["Yes, please.", true],
  ["Sure.", true],
  ["uh, no", false],
  ["Not really.", false],
  ["Tuesday", undefined],
]);

table("date", [
  ["2026-11-24", "2026-11-24"],
  ["Next Tuesday, please", "next Tuesday"],
  ["on fridays", "Friday"],
  ["March the third", "March 3"],
  ["the twenty-fourth of May", "May 24"],
  ["December 25th", "December 25"],
  ["tomorrow morning", "tomorrow"],
  ["the day after tomorrow", "the day after tomorrow"],
  ["soon", undefined],
]);

table("time", [
  ["15:30", "15:30"],
  ["half past three", "15:30"],
  ["quarter to nine in the morning", "08:45"],
  ["ten past four", "16:10"],
  ["three thirty", "15:30"],
  ["seven oh five p.m.", "19:05"],
  ["9am", "09:00"],
  ["at nine", "09:00"],
  ["twelve a.m.", "00:00"],
  ["noon", "12:00"],
  ["any time", undefined],
  ["25:70", undefined],
]);

table("email", [
  ["jane.doe@example.com", "jane.doe@example.com"],
  ["jane dot doe at example dot com", "jane.doe@example.com"],
  ["It's j a n e at example dot co dot uk.", "jane@example.co.uk"],
  ["j-a-n-e underscore d at example dot org", "jane_d@example.org"],
  ["Jane Dot Doe At Example Dot Com", "jane.doe@example.com"],
  ["I'm at home", undefined],
]);

table("phone", [
  ["555 0123", "5550123"],
  ["five five five, oh one two three", "5550123"],
  ["plus four nine, one seven double two, five five five one", "+491722" + "5551"],
  ["It's (555) 012-3456", "5550123456"],
  ["five", undefined],
  ["no", undefined],
]);

table("string", [
  ["Um, it's a toothache.", "a toothache"],
  ["Brown leather, please", "Brown leather"],
  ["uh", undefined],
]);

describe("a value read back", () => {
  it.each([
    ["phone", "+49172555123", "plus 4 9 1, 7 2 5, 5, 5 1 2 3"],
    ["phone", "5550123", "5 5 5, 0 1 2 3"],
    ["email", "jane.doe@example.com", "jane dot doe at example dot com"],
    ["time", "15:30", "3:30 p.m."],
    ["time", "00:00", "12 a.m."],
    ["boolean", true, "yes"],
  ] as const)("%s %j is said as %j", (type, value, spoken) => {
    expect(speakValue(type, value)).toBe(spoken);
  });
});
