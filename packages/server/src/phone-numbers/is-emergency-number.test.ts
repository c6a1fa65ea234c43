import { expect, test } from "vitest";
import { isEmergencyNumber } from "./is-emergency-number.ts";

test.each([
  "911",
  "9-1-1",
  "+1911",
  "1911",
  "1 (411)",
  "112",
  "+112",
  "999",
  "000",
  "+44 999",
  "+49112",
  "sip:911@carrier.example",
  "tel:+1-911;phone-context=x",
  "sip:%39%31%31@carrier.example",
  "sip:911:secret@carrier.example",
  "sip:%EF%BC%9911@carrier.example",
  "９１１",
  "011911",
  "00112",
  "001911",
])("%s is an emergency number or another short service", (destination) => {
  expect(isEmergencyNumber(destination)).toBe(true);
});

test.each(["+12125550911", "+19115550100", "+447700900911", "sip:911-desk@pbx.example", "40404", "ada@example.com"])(
  "%s is none",
  (destination) => {
    expect(isEmergencyNumber(destination)).toBe(false);
  },
);
