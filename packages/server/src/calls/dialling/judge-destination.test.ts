import { expect, test } from "vitest";
import { callingRulesShape } from "../../workspaces/calling-rules.ts";
import { judgeDestination } from "./judge-destination.ts";

const judge = (to: string, rules: object = {}, own: readonly string[] = ["US"]) =>
  judgeDestination(callingRulesShape.parse(rules), to, own)?.dial?.code;

test.each(["+19002345678", "+97912345678", "+80812345678", "+449098790000"])(
  "%s costs too much, unless the workspace allows that",
  (to) => {
    expect(judge(to, { allowsAnyCountry: true })).toBe("premium_rate");
    expect(judge(to, { allowsAnyCountry: true, allowsPremiumRate: true })).toBeUndefined();
  },
);

test("a blocked prefix goes before everything that allows a number", () => {
  expect(judge("+12125550100", { prefixes: ["+1212"], blockedPrefixes: ["+12125"] })).toBe("destination_not_allowed");
  expect(judge("+12125550100", { prefixes: ["+1212"], blockedPrefixes: ["+1213"] })).toBeUndefined();
});

test("the countries of the rules go before those of the workspace's own numbers", () => {
  expect(judge("+12125550100")).toBeUndefined();
  expect(judge("+12125550100", { countries: ["GB"] })).toBe("destination_not_allowed");
  expect(judge("+447700900123", { countries: ["GB"] })).toBeUndefined();
  expect(judge("+447700900123", {}, [])).toBe("destination_not_allowed");
});
