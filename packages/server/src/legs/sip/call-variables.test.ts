import { SipHeaders } from "@earshot/telephony";
import { expect, it } from "vitest";
import { toCallVariables } from "./call-variables.ts";

it("makes variables of the caller's own headers, and of no others", () => {
  const headers = SipHeaders.from({ "X-Customer-Id": "42", Subject: "hello", "X-Note": ["one", "two"] });
  expect(toCallVariables(headers)).toEqual({ customer_id: "42", note: "one, two" });
});

it("knows who sent the caller on, and what they sent along", () => {
  const headers = SipHeaders.from({ "User-to-User": "6162;encoding=hex", Diversion: "<sip:+12125550100@a.example>" });
  expect(toCallVariables(headers)).toEqual({
    user_to_user: "6162;encoding=hex",
    diversion: "<sip:+12125550100@a.example>",
  });
});

it("leaves out what can't be a variable, and more than fifty", () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`X-N${index}`, "1"]));
  expect(Object.keys(toCallVariables(SipHeaders.from(many)))).toHaveLength(50);
  expect(toCallVariables(SipHeaders.from({ "X-1st": "a", "X-Long": "b".repeat(2001) }))).toEqual({});
});
