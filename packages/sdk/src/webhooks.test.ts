import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { verifyWebhook, WebhookVerificationError, webhookDeliveryId } from "./webhooks.ts";

const secret = "whsec_c2VjcmV0";
const event = {
  id: "evt_1",
  type: "call.ended",
  createdAt: "2026-01-02T03:04:05.000Z",
  workspaceId: "ws_1",
  data: { callId: "call_1", words: "Grüße 👋" },
};
const body = JSON.stringify(event);
const nowMs = 1_767_323_045_678;
const seconds = Math.floor(nowMs / 1000);
const sign = (key: string, t: number | string = seconds, signed = body) =>
  createHmac("sha256", key).update(`${t}.${signed}`).digest("hex");
const header = (t: number | string, ...hexes: readonly string[]) =>
  [`t=${t}`, ...hexes.map((hex) => `v1=${hex}`)].join(",");
const good = header(seconds, sign(secret));

describe("a webhook that Earshot signed", () => {
  it.each([
    ["text and Headers", body, new Headers({ "Earshot-Signature": good })],
    ["bytes and Node's headers", Buffer.from(body), { "earshot-signature": good }],
    ["headers in other letters' case", body, { "Earshot-Signature": good }],
    ["headers as lists", body, { "earshot-signature": [good] }],
    ["a space after the comma", body, { "earshot-signature": good.replace(",", ", ") }],
  ])("gives its event: %s", async (_, given, headers) => {
    expect(await verifyWebhook({ body: given, headers, secret, nowMs })).toEqual(event);
  });

  it("is believed with the old and with the new secret while the secret is rotated", async () => {
    const headers = { "earshot-signature": header(seconds, sign("whsec_new"), sign(secret)) };
    for (const each of ["whsec_new", secret])
      expect(await verifyWebhook({ body, headers, secret: each, nowMs })).toEqual(event);
  });

  it("is believed for 300 s either way, or as long as the receiver says", async () => {
    const headers = { "earshot-signature": good };
    const at = (offsetMs: number, toleranceMs?: number) =>
      verifyWebhook({
        body,
        headers,
        secret,
        nowMs: seconds * 1000 + offsetMs,
        ...(toleranceMs ? { toleranceMs } : {}),
      });
    await expect(at(300_000)).resolves.toEqual(event);
    await expect(at(-300_000)).resolves.toEqual(event);
    await expect(at(300_001)).rejects.toMatchObject({ reason: "too_old" });
    await expect(at(-301_000)).rejects.toMatchObject({ reason: "too_new" });
    await expect(at(300_001, 400_000)).resolves.toEqual(event);
  });

  it("takes the time from the system unless told", async () => {
    const t = Math.floor(Date.now() / 1000);
    const headers = { "earshot-signature": header(t, sign(secret, t)) };
    await expect(verifyWebhook({ body, headers, secret })).resolves.toEqual(event);
  });
});

describe("a webhook is refused", () => {
  const huge = "9".repeat(400);
  it.each([
    ["without a signature", {}, body, "missing_signature"],
    ["with something else in its place", { "earshot-signature": "sha256=abc" }, body, "malformed_signature"],
    ["with a time that is none", { "earshot-signature": header(huge, sign(secret)) }, body, "malformed_signature"],
    ["with a short signature", { "earshot-signature": header(seconds, "ab") }, body, "malformed_signature"],
    [
      "with another version's signature",
      { "earshot-signature": good.replace("v1", "v0") },
      body,
      "malformed_signature",
    ],
    ["signed with another secret", { "earshot-signature": header(seconds, sign("other")) }, body, "wrong_signature"],
    ["signed for another time", { "earshot-signature": header(seconds + 1, sign(secret)) }, body, "wrong_signature"],
    ["whose body was changed", { "earshot-signature": good }, `${body} `, "wrong_signature"],
  ])("%s", async (_, headers, given, reason) => {
    const error = await verifyWebhook({ body: given, headers, secret, nowMs }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(WebhookVerificationError);
    expect(error).toMatchObject({ reason });
  });

  it.each(["no json", "null", "{}", '{"id":1,"type":"x"}'])("whose body is no event: %s", async (given) => {
    const headers = { "earshot-signature": header(seconds, sign(secret, seconds, given)) };
    await expect(verifyWebhook({ body: given, headers, secret, nowMs })).rejects.toMatchObject({
      reason: "malformed_body",
    });
  });
});

it("can't be checked without a secret", async () => {
  const headers = { "earshot-signature": good };
  await expect(verifyWebhook({ body, headers, secret: "", nowMs })).rejects.toMatchObject({ reason: "missing_secret" });
});

it("names the delivery, which stays the same over retries", () => {
  expect(webhookDeliveryId({ "earshot-delivery": "dlv_1" })).toBe("dlv_1");
  expect(webhookDeliveryId(new Headers())).toBeUndefined();
});
