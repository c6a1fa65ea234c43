import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import { isSignedByPlivo } from "./plivo/signature.ts";
import { isSignedByCarrier } from "./signed-request.ts";
import { isSignedByTelnyx } from "./telnyx/signature.ts";
import { isSignedByTwilio, signTwilio } from "./twilio/signature.ts";
import { isSignedByVonage } from "./vonage/signature.ts";

describe("Twilio's signature", () => {
  /** The example of https://www.twilio.com/docs/usage/security#validating-requests */
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const fields: [string, string][] = [
    ["To", "+18005551212"],
    ["CallSid", "CA1234567890ABCDE"],
    ["Digits", "1234"],
    ["From", "+12349013030"],
    ["Caller", "+12349013030"],
  ];
  const signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";

  it("of the published example is accepted, whatever the order of its fields", () => {
    expect(isSignedByTwilio("12345", { url, fields }, signature)).toBe(true);
    expect(isSignedByTwilio("12345", { url, fields: fields.toReversed() }, signature)).toBe(true);
  });

  it("is refused for another field, URL or token, and when it is absent", () => {
    expect(isSignedByTwilio("12345", { url, fields: [...fields, ["Digits", "9"]] }, signature)).toBe(false);
    expect(isSignedByTwilio("12345", { url: `${url}3`, fields }, signature)).toBe(false);
    expect(isSignedByTwilio("54321", { url, fields }, signature)).toBe(false);
    expect(isSignedByTwilio("12345", { url, fields }, undefined)).toBe(false);
    expect(isSignedByTwilio("12345", { url, fields }, "")).toBe(false);
    expect(isSignedByTwilio("12345", { url: "no URL", fields }, signature)).toBe(false);
  });

  it.each([
    ["https://a.example:443/x?y=1", "https://a.example/x?y=1"],
    ["https://a.example/x", "https://a.example:443/x"],
    ["wss://a.example:443/x", "wss://a.example/x"],
    ["http://a.example:80/x", "http://a.example/x"],
    ["https://a.example:8443/x", "https://a.example:8443/x"],
  ])("made for %s is accepted at %s", (signed, url) => {
    expect(isSignedByTwilio("12345", { url }, signTwilio("12345", signed))).toBe(true);
  });

  it("covers a body of JSON by its hash in the URL", () => {
    const body = '{"a":1}';
    const url = `https://a.example/x?bodySHA256=${createHash("sha256").update(body).digest("hex")}`;
    const signature = signTwilio("12345", url);
    expect(isSignedByTwilio("12345", { url, body }, signature)).toBe(true);
    expect(isSignedByTwilio("12345", { url, body: '{"a":2}' }, signature)).toBe(false);
  });
});

describe("Telnyx's signature", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
  const body = '{"data":{"event_type":"message.received"}}';
  const timestamp = "1735689600";
  const nowS = 1_735_689_700;
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString("base64");

  it("is accepted for its body, within five minutes", () => {
    expect(isSignedByTelnyx(key, { body, signature, timestamp }, { nowS })).toBe(true);
    expect(isSignedByTelnyx(key, { body, signature, timestamp }, { nowS: nowS + 300 })).toBe(false);
    expect(isSignedByTelnyx(key, { body, signature, timestamp }, { nowS: nowS - 500 })).toBe(false);
    expect(isSignedByTelnyx(key, { body, signature, timestamp }, { nowS: nowS + 300, toleranceS: 900 })).toBe(true);
  });

  it("is refused for another body, time or key, and when it is broken", () => {
    const other = generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).subarray(-32);
    const refused: [string, Parameters<typeof isSignedByTelnyx>[1]][] = [
      [key, { body: `${body} `, signature, timestamp }],
      [key, { body, signature, timestamp: "1735689601" }],
      [other.toString("base64"), { body, signature, timestamp }],
      [key, { body, signature: "AAAA", timestamp }],
      [key, { body, signature: "\u0000 not base64 at all", timestamp }],
      [key, { body, signature: undefined, timestamp }],
      [key, { body, signature, timestamp: undefined }],
      [key, { body, signature, timestamp: "yesterday" }],
      ["AAAA", { body, signature, timestamp }],
    ];
    for (const [by, signed] of refused) expect(isSignedByTelnyx(by, signed, { nowS })).toBe(false);
  });
});

describe("Plivo's signature", () => {
  const url = "https://voice.example/answer";
  const fields: [string, string][] = [
    ["To", "+15550001111"],
    ["Direction", "inbound"],
    ["CallUUID", "abc"],
  ];
  const nonce = "05429567804466091622";
  /** Made with openssl from the text that Plivo's documentation describes. */
  const signature = "q/ptmaRX0+DEezPHgfNegOz1dNWYfKwqNQdaV8+RUqU=";

  it("is accepted in either header and among several", () => {
    const signed = { method: "POST", url, fields, nonce } as const;
    expect(isSignedByPlivo("my_auth_token", signed, [signature, undefined])).toBe(true);
    expect(isSignedByPlivo("my_auth_token", signed, [undefined, `AAAA=, ${signature}`])).toBe(true);
  });

  it.each([
    ["POST", `${url}?b=2&a=1`, [["CallUUID", "abc"]], "B4ntrHnD2ElNIV0EOc3iqIvgRRJRArIYL9o/3NmaP5Q="],
    ["GET", `${url}?a=1`, [["CallUUID", "abc"]], "gWFggBog03/QBlIi3ROKby+ZNlkLbdNtZvU0ily2L4g="],
    ["POST", url, [], "hWaT3OvgQlK+JN3a0eY76n14UtWYN8Zu96GD6mmdLfU="],
  ] as const)("covers the query of a %s to %s", (method, url, fields, signature) => {
    expect(isSignedByPlivo("my_auth_token", { method, url, fields, nonce: "12345" }, [signature])).toBe(true);
  });

  it("is refused for other fields, another nonce or token, and when it is absent", () => {
    const signed = { method: "POST", url, fields, nonce } as const;
    expect(isSignedByPlivo("my_auth_token", { ...signed, fields: [["To", "+1"]] }, [signature])).toBe(false);
    expect(isSignedByPlivo("my_auth_token", { ...signed, nonce: "1" }, [signature])).toBe(false);
    expect(isSignedByPlivo("my_auth_token", { ...signed, nonce: undefined }, [signature])).toBe(false);
    expect(isSignedByPlivo("another", signed, [signature])).toBe(false);
    expect(isSignedByPlivo("my_auth_token", signed, [undefined, ""])).toBe(false);
  });
});

describe("Vonage's signature", () => {
  const credentials = { signatureSecret: "a signature secret of 32 characters", apiKey: "a1b2c3d" };
  const body = '{"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","text":"Hi"}';
  const nowS = 1_587_495_000;
  /** The claims of the sample in Vonage's documentation, with the hash of this body. */
  const claims = {
    iat: 1_587_494_962,
    jti: "c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5",
    iss: "Vonage",
    payload_hash: createHash("sha256").update(body).digest("hex"),
    api_key: "a1b2c3d",
    application_id: "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
  };
  const authorize = (payload: object, options: { alg?: string; secret?: string } = {}) => {
    const { alg = "HS256", secret = credentials.signatureSecret } = options;
    const text = [{ alg, typ: "JWT" }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `Bearer ${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };

  it("is accepted for its body, within five minutes", () => {
    const authorization = authorize(claims);
    expect(isSignedByVonage(credentials, { authorization, body }, { nowS })).toBe(true);
    expect(isSignedByVonage(credentials, { authorization, body }, { nowS: nowS + 400 })).toBe(false);
    expect(isSignedByVonage(credentials, { authorization, body }, { nowS: nowS + 400, toleranceS: 900 })).toBe(true);
  });

  it("holds for the day in which a webhook is sent again, and no longer", () => {
    const webhook = {
      ...({ method: "POST", url: "https://voice.example/carriers/car_1/messages", body } as const),
      header: (name: string) => (name === "Authorization" ? authorize(claims) : undefined),
    };
    const access = { provider: "vonage", credentials } as CarrierAccess;
    expect(isSignedByCarrier(access, webhook, (nowS + 23 * 3_600) * 1_000)).toBe(true);
    expect(isSignedByCarrier(access, webhook, (nowS + 25 * 3_600) * 1_000)).toBe(false);
  });

  it("covers the query of a GET as JSON, in its order", () => {
    const query: [string, string][] = [
      ["to", "442079460000"],
      ["from", "447700900000"],
    ];
    const hash = createHash("sha256").update('{"to":"442079460000","from":"447700900000"}').digest("hex");
    const authorization = authorize({ ...claims, payload_hash: hash });
    expect(isSignedByVonage(credentials, { authorization, body: "", query }, { nowS })).toBe(true);
    expect(isSignedByVonage(credentials, { authorization, body: "", query: query.toReversed() }, { nowS })).toBe(false);
  });

  it("is refused for another body, secret, algorithm or account, and when it is absent or broken", () => {
    const { payload_hash: _, ...unhashed } = claims;
    const refused = [
      authorize({ ...claims, payload_hash: "00" }),
      authorize(unhashed),
      authorize({ ...claims, api_key: "other" }),
      authorize(claims, { secret: "another" }),
      authorize(claims, { alg: "none" }),
      authorize({ ...claims, iat: "now" }),
      authorize(claims).replace(/\.[\w-]+$/, "."),
      "Bearer a.b.c",
      "Basic abc",
      "",
      undefined,
    ];
    for (const authorization of refused)
      expect(isSignedByVonage(credentials, { authorization, body }, { nowS })).toBe(false);
  });
});
