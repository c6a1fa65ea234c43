import { expect, it } from "vitest";
import { textBody } from "../message/sip-message.ts";
import { makeDtmfInfo, readDtmfInfo } from "./dtmf-info.ts";

it.each([
  ["application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", { digit: "5", durationMs: 160 }],
  ["application/dtmf-relay", "Signal= #\nDuration = 250", { digit: "#", durationMs: 250 }],
  ["application/dtmf-relay; charset=utf-8", "Signal=10", { digit: "*", durationMs: undefined }],
  ["application/dtmf-relay", "Signal=11", { digit: "#", durationMs: undefined }],
  ["application/dtmf", "b", { digit: "B", durationMs: undefined }],
])("reads the key of %s %j", (type, text, key) => {
  expect(readDtmfInfo(textBody(type, text))).toEqual(key);
});

it.each([
  ["text/plain", "5"],
  ["application/dtmf", "55"],
  ["application/dtmf-relay", "Duration=160"],
])("reads no key of %s %j", (type, text) => {
  expect(readDtmfInfo(textBody(type, text))).toBeUndefined();
});

it.each(["dtmf", "dtmf-relay"] as const)("reads what it writes as %s", (format) => {
  expect(readDtmfInfo(makeDtmfInfo("*", 159.6, format))).toMatchObject({ digit: "*" });
});
