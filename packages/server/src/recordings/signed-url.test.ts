import { expect, test } from "vitest";
import { createVault, toVaultKey } from "../secrets/vault.ts";
import { isValidRecordingLink, signRecording } from "./signed-url.ts";

const vault = createVault(toVaultKey("one"));
const link = signRecording(vault, { callId: "call_1", expiresAtS: 100 });

test("opens a recording until the link's time is over", () => {
  expect(isValidRecordingLink(vault, link, 99_999)).toBe(true);
  expect(isValidRecordingLink(vault, link, 100_000)).toBe(false);
});

test("opens nothing with a link that was changed, or made elsewhere", () => {
  const isValid = (changed: object) => isValidRecordingLink(vault, { ...link, ...changed }, 0);
  expect(isValid({})).toBe(true);
  expect(isValid({ callId: "call_2" })).toBe(false);
  expect(isValid({ expiresAtS: 101 })).toBe(false);
  expect(isValid({ expiresAtS: Number.NaN })).toBe(false);
  for (const signature of ["", "0".repeat(64), `${link.signature}0`]) expect(isValid({ signature })).toBe(false);
  expect(isValidRecordingLink(createVault(toVaultKey("two")), link, 0)).toBe(false);
});
