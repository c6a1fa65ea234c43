import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { earshotDialect } from "./earshot-dialect.ts";
import { signHex, signWithPrefix, verifyEarshot, verifyHex } from "./signature.ts";

const body = '{"text":"שלום 🦻"}';
const secret = "whsec_abc";
const hmac = (text: string) => createHmac("sha256", secret).update(text, "utf8").digest("hex");

test("signs the time and the body, or the body alone, with the secret's text", () => {
  expect(signHex(secret, { body, timestampS: 1700 })).toBe(hmac(`1700.${body}`));
  expect(signWithPrefix(secret, { body, timestampS: 1700 })).toBe(`sha256=${hmac(`1700.${body}`)}`);
  expect(signWithPrefix(secret, { body })).toBe(`sha256=${hmac(body)}`);
});

test("tells a right signature from a wrong one, whatever its length", () => {
  const text = { body, timestampS: 1700 };
  expect(verifyHex(secret, text, signHex(secret, text))).toBe(true);
  expect(verifyHex(secret, text, signWithPrefix(secret, text))).toBe(true);
  for (const wrong of [
    "",
    "sha256=",
    "zz",
    signHex("other", text),
    signHex(secret, { body }),
    `${signHex(secret, text)}00`,
  ])
    expect(verifyHex(secret, text, wrong)).toBe(false);
});

test("puts one signature for each key on our own webhooks, and takes any of them for five minutes", () => {
  const headers = earshotDialect.headers({
    deliveryId: "dlv_1",
    eventId: "evt_1",
    eventName: "call.ended",
    timestampS: 1700,
    body,
    secrets: ["whsec_new", secret],
    endpoint: { id: "whe_1", workspaceId: "ws_1", url: "https://example.com", settings: {} },
  });
  const signature = headers["Earshot-Signature"] ?? "";
  expect(signature).toMatch(/^t=1700,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
  expect(headers).toMatchObject({ "Earshot-Delivery": "dlv_1", "Earshot-Event": "call.ended" });
  for (const key of ["whsec_new", secret]) expect(verifyEarshot(key, { body, signature }, { nowS: 2000 })).toBe(true);
  expect(verifyEarshot(secret, { body, signature }, { nowS: 2001 })).toBe(false);
  expect(verifyEarshot("whsec_other", { body, signature }, { nowS: 1700 })).toBe(false);
  expect(verifyEarshot(secret, { body: `${body} `, signature }, { nowS: 1700 })).toBe(false);
  expect(verifyEarshot(secret, { body, signature: "nonsense" }, { nowS: 1700 })).toBe(false);
});
