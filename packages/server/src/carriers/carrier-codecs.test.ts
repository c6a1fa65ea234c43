/** What Plivo and Vonage are asked and tell, as their documentation shows it. */
import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import type { AccessOf } from "../carrier-accounts/carrier-account.ts";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { systemWallClock } from "../wall-clock.ts";
import { toCarrierUrls } from "./carrier-urls.ts";
import { carrierMessageCodecs, openCarrierMessages } from "./open-carrier-messages.ts";
import { openCarrierNumbers } from "./open-carrier-numbers.ts";
import type { CarrierWebhook } from "./signed-request.ts";
import { type CarrierAnswer, type CarrierAsked, startCarrierServer } from "./testing/carrier-server.ts";

const deps = { guard: createUrlGuard({ allow: ["127.0.0.1"] }), clock: systemWallClock };
const urls = toCarrierUrls("https://voice.example", "car_1");
const settings = { id: "car_1", name: "x", workspaceId: "ws_1", keywordReplies: {} };
const message = {
  ...{ from: "+12125557001", to: "+447700900001", body: "Hi", mediaUrls: [] },
  receiptUrl: "https://voice.example/r",
};
const number = "+14155550123";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** @param answers by method and path; what isn't there is 404 */
async function serve(answers: Readonly<Record<string, CarrierAnswer>>) {
  const server = await startCarrierServer(({ method, path }: CarrierAsked) => {
    return answers[`${method} ${path}`] ?? { status: 404, json: { error: "not found" } };
  });
  closers.push(() => server.close());
  return server;
}

const form = (fields: Readonly<Record<string, string>>): CarrierWebhook =>
  webhook(new URLSearchParams(fields).toString());
const json = (body: object): CarrierWebhook => webhook(JSON.stringify(body), "application/json");
const webhook = (body: string, type = "application/x-www-form-urlencoded"): CarrierWebhook => ({
  ...{ method: "POST", url: "https://voice.example/m", body },
  header: (name) => (name === "Content-Type" ? type : undefined),
});

describe("Plivo", () => {
  const credentials = { authId: "MAXXXX", authToken: "token" };
  const access = (apiUrl: string, more: object = {}): AccessOf<"plivo"> => ({
    ...{ ...settings, apiUrl, provider: "plivo", credentials },
    ...{ voiceApplicationId: undefined, messagingProfileId: undefined, ...more },
  });

  it("sells, finds, routes and takes back numbers, tied to an application", async () => {
    const base = "/v1/Account/MAXXXX";
    const found = {
      number: "14155550123",
      city: "San Francisco",
      region: "California",
      monthly_rental_rate: "0.50000",
    };
    const server = await serve({
      [`POST ${base}/Application/`]: { status: 201, json: { message: "created", app_id: "15784735442685051" } },
      [`GET ${base}/PhoneNumber/`]: {
        json: {
          meta: { limit: 20 },
          objects: [{ ...found, voice_enabled: true, sms_enabled: true, mms_enabled: false }],
        },
      },
      [`POST ${base}/PhoneNumber/14155550123/`]: {
        status: 201,
        json: { message: "created", numbers: [{ number: "14155550123", status: "Success" }], status: "fulfilled" },
      },
      [`GET ${base}/Number/14155550123/`]: { json: { number: "14155550123", application: "/v1/…" } },
      [`GET ${base}/Number/`]: { json: { meta: { limit: 20 }, objects: [{ number: "14155550123" }] } },
      [`POST ${base}/Number/14155550123/`]: { status: 202, json: { message: "changed" } },
      [`DELETE ${base}/Number/14155550123/`]: { status: 204 },
    });
    const numbers = openCarrierNumbers(access(server.url), deps);
    const { voiceApplicationId } = await numbers.prepare(urls);
    expect(voiceApplicationId).toBe("15784735442685051");
    expect(server.asked[0]?.json).toMatchObject({ answer_url: urls.calls, message_url: urls.messages });
    const search = {
      country: "US",
      kind: "tollFree",
      capabilities: ["voice", "sms"],
      limit: 5,
      areaCode: "415",
    } as const;
    expect(await numbers.search(search)).toEqual([
      {
        ...{ phoneNumber: number, country: "US", locality: "San Francisco", region: "California" },
        ...{ capabilities: ["voice", "sms"], monthlyCost: { amount: "0.50000", currency: "USD" } },
      },
    ]);
    expect(Object.fromEntries(server.asked[1]?.query ?? [])).toMatchObject({ type: "tollfree", services: "voice,sms" });
    const routing = { urls, voiceApplicationId };
    const owned = { id: "14155550123", phoneNumber: number };
    expect(await numbers.buy({ phoneNumber: number, country: "US", reference: "ord_1", routing })).toEqual(owned);
    expect(await numbers.find(number)).toEqual(owned);
    expect(await numbers.find("+14155559999")).toBeUndefined();
    expect(await numbers.list(100)).toEqual([owned]);
    await numbers.route(owned, routing);
    await numbers.release(owned);
    await expect(numbers.release({ ...owned, phoneNumber: "+14155559999" })).rejects.toMatchObject({
      kind: "not_found",
    });
  });

  it("sends messages, and tells of them", async () => {
    const answer = {
      api_id: "a",
      message: "message(s) queued",
      message_uuid: ["db3ce55a-7f1d-11e1-8ea7-1231380bc196"],
    };
    const server = await serve({ "POST /v1/Account/MAXXXX/Message/": { status: 202, json: answer } });
    const messages = openCarrierMessages(access(server.url), deps);
    expect(await messages.send(message)).toBe("db3ce55a-7f1d-11e1-8ea7-1231380bc196");
    expect(server.asked[0]?.json).toEqual({
      ...{ src: "12125557001", dst: "447700900001", text: "Hi", type: "sms" },
      ...{ url: "https://voice.example/r", method: "POST" },
    });
    const { readIncoming, readReceipt } = carrierMessageCodecs.plivo;
    const incoming = { MessageUUID: "u1", From: "447700900001", To: "12125557001", Text: "Yo", Type: "mms" };
    expect(readIncoming(form({ ...incoming, Media0: "https://media.plivo.com/1" }))).toEqual({
      ...{ id: "u1", from: "+447700900001", to: "+12125557001", body: "Yo" },
      mediaUrls: ["https://media.plivo.com/1"],
    });
    expect(readReceipt(form({ MessageUUID: "u1", Status: "undelivered", ErrorCode: "30" }))).toMatchObject({
      ...{ id: "u1", status: "failed", code: "30" },
    });
    expect(readReceipt(form({ MessageUUID: "u1", Status: "queued", ErrorCode: "000" }))).toEqual({ id: "u1" });
  });
});

describe("Vonage", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const applicationId = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
  const credentials = {
    ...{ apiKey: "a1b2c3d4", apiSecret: "secret", signatureSecret: "signature", applicationId },
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
  const access = (apiUrl: string, given: object = credentials): AccessOf<"vonage"> => ({
    ...{ ...settings, apiUrl, provider: "vonage", credentials: given as typeof credentials },
    ...{ voiceApplicationId: undefined, messagingProfileId: undefined },
  });

  it("sells, finds and takes back numbers, tied to the account's application", async () => {
    const sold = {
      country: "GB",
      msisdn: "447700900000",
      type: "mobile-lvn",
      cost: "1.25",
      features: ["VOICE", "SMS"],
    };
    const done = { json: { "error-code": "200", "error-code-label": "success" } };
    const server = await serve({
      [`GET /v2/applications/${applicationId}`]: {
        json: { id: applicationId, name: "Mine", capabilities: { rtc: {} } },
      },
      [`PUT /v2/applications/${applicationId}`]: { json: {} },
      "GET /number/search": { json: { count: 1, numbers: [sold] } },
      "GET /account/numbers": { json: { count: 1, numbers: [sold] } },
      ...{ "POST /number/buy": done, "POST /number/update": done, "POST /number/cancel": done },
    });
    const numbers = openCarrierNumbers(access(server.url), deps);
    expect(await numbers.prepare(urls)).toEqual({ voiceApplicationId: applicationId });
    expect(server.asked[1]?.json).toMatchObject({
      name: "Mine",
      capabilities: { rtc: {}, voice: { webhooks: { answer_url: { address: urls.calls } } } },
    });
    const search = { country: "GB", kind: "mobile", capabilities: ["sms"], limit: 5, contains: "900" } as const;
    expect(await numbers.search(search)).toMatchObject([
      { phoneNumber: "+447700900000", capabilities: ["voice", "sms"] },
    ]);
    const owned = { id: "GB:447700900000", phoneNumber: "+447700900000" };
    const routing = { urls, voiceApplicationId: applicationId };
    const order = { phoneNumber: owned.phoneNumber, country: "GB", reference: "ord_1", routing };
    expect(await numbers.buy(order)).toEqual(owned);
    expect(Object.fromEntries(server.asked.at(-1)?.form ?? [])).toEqual({
      ...{ country: "GB", msisdn: "447700900000", app_id: applicationId },
    });
    expect([await numbers.find(owned.phoneNumber), await numbers.list(10)]).toEqual([owned, [owned]]);
    await numbers.release(owned);
    const bare = openCarrierNumbers(access(server.url, { ...credentials, applicationId: undefined }), deps);
    await expect(bare.prepare(urls)).rejects.toThrow("applicationId");
  });

  it("sends messages in the name of the application, and tells of them", async () => {
    const server = await serve({ "POST /v1/messages": { status: 202, json: { message_uuid: "m1" } } });
    const messages = openCarrierMessages(access(server.url), deps);
    expect(await messages.send(message)).toBe("m1");
    const [asked] = server.asked;
    expect(asked?.json).toMatchObject({ channel: "sms", message_type: "text", to: "447700900001", text: "Hi" });
    const [, claims = ""] = String(asked?.headers.authorization).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ application_id: applicationId });
    const two = { ...message, mediaUrls: ["https://a.example/1", "https://a.example/2"] };
    await expect(messages.send(two)).rejects.toThrow("one attachment");
    const { readIncoming, readReceipt } = carrierMessageCodecs.vonage;
    const parties = { to: "12125557001", from: "447700900001", timestamp: "2026-01-01T14:00:00.000Z" };
    const incoming = { ...parties, channel: "sms", message_uuid: "m2", message_type: "text", text: "Yo" };
    expect(readIncoming(json(incoming))).toEqual({
      ...{ id: "m2", from: "+447700900001", to: "+12125557001", body: "Yo", mediaUrls: [] },
    });
    const error = { type: "https://…", title: 1300, detail: "Not part of the provider network." };
    expect(readReceipt(json({ ...parties, message_uuid: "m1", status: "rejected", error }))).toEqual({
      ...{ id: "m1", status: "failed", text: "Not part of the provider network.", code: "1300" },
    });
    expect(readReceipt(json({ ...parties, message_uuid: "m1", status: "submitted" }))).toMatchObject({
      status: "sent",
    });
  });
});
