/** Messages through carriers, from the API to the wire and back by signed webhooks. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../api/create-app.ts";
import { apiClient } from "../api/testing/api-client.ts";
import { startTelnyxCarrier, TELNYX_CREDENTIALS } from "../carriers/testing/telnyx-carrier.ts";
import { startTwilioCarrier, TWILIO_CREDENTIALS } from "../carriers/testing/twilio-carrier.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { FakeWallClock } from "../testing/fake-wall-clock.ts";
import { deliverMessage } from "./deliver-message.ts";

const PUBLIC_URL = "https://voice.example";
const OURS = "+12125557301";
const THEIRS = "+12125557400";

describe("messages through a carrier", () => {
  const dated = new FakeWallClock();
  let opened: EmbeddedTestDatabase;
  let twilio: Awaited<ReturnType<typeof startTwilioCarrier>>;
  let telnyx: Awaited<ReturnType<typeof startTelnyxCarrier>>;
  let kit: ReturnType<typeof makeKit>;
  let accountId: string;
  let telnyxId: string;

  const makeKit = () => {
    // Retries wait by the real clock, only not for so long.
    const clock = { ...shortTimers, now: () => dated.now(), at: (ms: number) => dated.at(ms) };
    const queued: string[] = [];
    const carrierJobs = {
      confirmOrder: async () => {},
      sendMessage: async (id: string) => void queued.push(id),
      answerMessage: async () => {},
    };
    const client = apiClient(opened.database, { publicUrl: PUBLIC_URL, carrierJobs, clock });
    const app = createApp(client.deps);
    return { ...client, app, queued };
  };

  beforeAll(async () => {
    [opened, twilio, telnyx] = [
      await openEmbeddedForTest(),
      await startTwilioCarrier(() => dated.now()),
      await startTelnyxCarrier(),
    ];
    kit = makeKit();
    const account = async (provider: string, apiUrl: string, credentials: object, more: object = {}) => {
      const created = await kit.send("POST", "/v1/carrier-accounts", {
        name: provider,
        provider,
        apiUrl,
        credentials,
        ...more,
      });
      return String(created.body["id"]);
    };
    const keywordReplies = { help: "Ada here. Call us.", stop: "You won't hear from us." };
    accountId = await account("twilio", twilio.url, TWILIO_CREDENTIALS, { keywordReplies });
    telnyxId = await account("telnyx", telnyx.url, TELNYX_CREDENTIALS);
    twilio.own(OURS);
    await kit.send("POST", "/v1/phone-numbers/import", { carrierAccountId: accountId });
    await kit.send("POST", "/v1/phone-numbers/buy", { carrierAccountId: telnyxId, phoneNumber: "+13125557001" });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([twilio.close(), telnyx.close(), opened.dispose()]);
  });

  const sendText = async (body: string, more: object = {}) =>
    kit.send("POST", "/v1/messages", { from: OURS, to: THEIRS, body, ...more });
  const read = async (id: unknown) => (await kit.send("GET", `/v1/messages/${id}`)).body;
  const deliver = async (id: unknown) => deliverMessage(kit.deps, String(id));
  const hook = (path: string, request: RequestInit) =>
    kit.app.request(path, { ...request, headers: { ...request.headers, Host: "voice.example" } });
  const messagesPath = () => `/carriers/${accountId}/messages`;
  const incoming = (sid: string, body: string, more: Readonly<Record<string, string>> = {}) =>
    hook(
      messagesPath(),
      twilio.webhook(`${PUBLIC_URL}${messagesPath()}`, {
        ...{ MessageSid: sid, From: THEIRS, To: OURS, Body: body, NumMedia: "0", ...more },
      }),
    );
  const receipt = (id: unknown, fields: Readonly<Record<string, string>>) => {
    const path = `${messagesPath()}/${id}/receipts`;
    return hook(
      path,
      twilio.webhook(`${PUBLIC_URL}${path}`, { MessageSid: String(twilio.sent.at(-1)?.sid), ...fields }),
    );
  };
  const inbox = async () =>
    ((await kit.send("GET", "/v1/messages")).body["data"] as { direction: string; body: string }[]).filter(
      ({ direction }) => direction === "inbound",
    );

  test("are queued, handed to it once, and end as its receipts say, in whatever order they come", async () => {
    const queued = await sendText("Hi");
    expect(queued).toMatchObject({
      status: 201,
      body: { status: "queued", segments: { count: 1, encoding: "GSM-7" } },
    });
    const { id } = queued.body;
    expect(kit.queued.at(-1)).toBe(id);
    await deliver(id);
    await deliver(id);
    expect(twilio.sent).toHaveLength(1);
    expect(Object.fromEntries(twilio.sent[0]?.fields ?? [])).toEqual({
      ...{ From: OURS, To: THEIRS, Body: "Hi" },
      StatusCallback: `${PUBLIC_URL}${messagesPath()}/${id}/receipts`,
    });
    expect(await read(id)).toMatchObject({ status: "sent" });
    expect((await receipt(id, { MessageStatus: "delivered" })).status).toBe(200);
    for (const late of ["delivered", "sent", "undelivered"]) await receipt(id, { MessageStatus: late });
    expect(await read(id)).toMatchObject({ status: "delivered" });
    expect(await read(id)).not.toHaveProperty("error");
  });

  test("that it refuses or can't deliver fail with its own words and code", async () => {
    const refused = (await sendText("x", { to: "+15005550001" })).body["id"];
    await deliver(refused);
    const error = "Twilio: The 'To' number is not valid (21211)";
    expect(await read(refused)).toMatchObject({ status: "failed", error, errorCode: "21211" });
    const lost = (await sendText("Nobody there")).body["id"];
    await deliver(lost);
    await receipt(lost, { MessageStatus: "undelivered", ErrorCode: "30003" });
    expect(await read(lost)).toMatchObject({ status: "failed", error: "Twilio says undelivered", errorCode: "30003" });
  });

  test("wait while it is down, and are sent once it is back", async () => {
    const { id } = (await sendText("Later")).body;
    twilio.faults.push(503, 503, 503);
    await expect(deliver(id)).rejects.toThrow();
    expect(await read(id)).toMatchObject({ status: "queued" });
    await deliver(id);
    expect(await read(id)).toMatchObject({ status: "sent" });
    const given = (await sendText("Too late")).body["id"];
    dated.advance(9 * 3_600_000);
    await deliver(given);
    expect(await read(given)).toMatchObject({ status: "failed", error: expect.stringContaining("hours") });
  });

  test("whose answer was lost are looked up and not sent again", async () => {
    const { id } = (await sendText("Once")).body;
    const before = twilio.sent.length;
    twilio.faults.push("lose");
    await expect(deliver(id)).rejects.toThrow();
    await expect(deliver(id)).rejects.toThrow("being sent");
    dated.advance(61_000);
    await deliver(id);
    expect(twilio.sent).toHaveLength(before + 1);
    expect(await read(id)).toMatchObject({ status: "sent" });
  });

  test("come in once, however often they are brought, and are answered in its own document", async () => {
    const response = await incoming("SM1", "Hello there", {
      ...{ NumMedia: "1", MediaUrl0: "https://api.twilio.com/media/1", MediaContentType0: "image/png" },
    });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("<Response></Response>")]);
    expect((await incoming("SM1", "Hello there")).status).toBe(200);
    const arrived = (await inbox()).filter(({ body }) => body === "Hello there");
    expect(arrived).toMatchObject([
      { from: THEIRS, to: OURS, channel: "mms", status: "received", mediaUrls: ["https://api.twilio.com/media/1"] },
    ]);
  });

  test("that it didn't sign, or that are somebody else's, are refused", async () => {
    const count = (await inbox()).length;
    const url = `${PUBLIC_URL}${messagesPath()}`;
    const signed = twilio.webhook(url, { MessageSid: "SM9", From: THEIRS, To: OURS, Body: "Fake" });
    const tampered = { ...signed, body: signed.body.replace("Fake", "Real") };
    expect((await hook(messagesPath(), tampered)).status).toBe(403);
    expect((await hook(messagesPath(), { ...signed, headers: { "Content-Type": "text/plain" } })).status).toBe(403);
    expect((await hook("/carriers/car_none/messages", signed)).status).toBe(404);
    expect((await hook(messagesPath(), { ...signed, body: "x".repeat(300_000) })).status).toBe(413);
    const broken = twilio.webhook(url, { From: THEIRS });
    expect((await hook(messagesPath(), broken)).status).toBe(400);
    expect((await incoming("SM10", "Wrong number", { To: "+12125557999" })).status).toBe(200);
    const telnyxPath = `/carriers/${telnyxId}/messages`;
    const payload = { id: "m-1", from: { phone_number: THEIRS }, to: [{ phone_number: OURS }], text: "Not Telnyx's" };
    const atMs = dated.now().getTime();
    expect((await hook(telnyxPath, telnyx.webhook("message.received", payload, atMs))).status).toBe(200);
    expect((await hook(telnyxPath, telnyx.webhook("message.received", payload, atMs - 600_000))).status).toBe(403);
    expect(await inbox()).toHaveLength(count);
  });

  test("to who has said STOP are refused until they say START, and each word is answered as the account wants", async () => {
    const confirmations = () => kit.queued.length;
    const before = confirmations();
    await incoming("SM20", " Stop. ");
    expect(confirmations()).toBe(before + 1);
    await deliver(kit.queued.at(-1));
    expect(twilio.sent.at(-1)?.fields.get("Body")).toBe("You won't hear from us.");
    await incoming("SM20", " Stop. ");
    expect(confirmations()).toBe(before + 1);
    expect(await sendText("Still there?")).toMatchObject({ status: 409, body: { code: "opted_out" } });
    expect((await kit.send("GET", "/v1/opt-outs")).body).toMatchObject({
      data: [{ phoneNumber: OURS, recipient: THEIRS, word: "Stop." }],
    });
    await incoming("SM21", "HELP");
    await deliver(kit.queued.at(-1));
    expect(twilio.sent.at(-1)?.fields.get("Body")).toBe("Ada here. Call us.");
    await incoming("SM22", "unstop");
    const { id } = (await sendText("Welcome back")).body;
    await incoming("SM23", "STOPALL");
    await deliver(id);
    expect(await read(id)).toMatchObject({ status: "failed", error: expect.stringContaining("STOP") });
    const query = `phoneNumber=${encodeURIComponent(OURS)}&recipient=${encodeURIComponent(THEIRS)}`;
    expect((await kit.send("DELETE", `/v1/opt-outs?${query}`)).status).toBe(204);
    expect((await kit.send("DELETE", `/v1/opt-outs?${query}`)).status).toBe(404);
    expect((await sendText("Hello again")).status).toBe(201);
  });

  test("that came in once can't be brought again to undo what was said since", async () => {
    const optedOut = async () => ((await kit.send("GET", "/v1/opt-outs")).body as unknown as { data: [] }).data.length;
    await incoming("SM30", "STOP");
    await incoming("SM31", "START");
    const count = await optedOut();
    const queued = kit.queued.length;
    expect((await incoming("SM30", "STOP")).status).toBe(200);
    expect(await optedOut()).toBe(count);
    await incoming("SM32", "STOP");
    expect((await incoming("SM31", "START")).status).toBe(200);
    expect(await optedOut()).toBe(count + 1);
    await incoming("SM33", "START");
    // One confirmation of SM32, and none of what came again.
    expect(kit.queued.length).toBe(queued + 1);
  });

  test("are refused to who was opted out by hand, only from numbers of the workspace", async () => {
    const optOut = { phoneNumber: "+1 212 555 7301", recipient: "+1 (310) 555-0142" };
    const first = await kit.send("POST", "/v1/opt-outs", optOut);
    expect(first).toMatchObject({
      status: 201,
      body: { phoneNumber: OURS, recipient: "+13105550142", word: "by hand" },
    });
    expect((await kit.send("POST", "/v1/opt-outs", optOut)).body).toEqual(first.body);
    const refused = { from: OURS, to: "+13105550142", body: "Hello?" };
    expect(await kit.send("POST", "/v1/messages", refused)).toMatchObject({ status: 409, body: { code: "opted_out" } });
    const strange = { ...optOut, phoneNumber: "+12125557999" };
    expect(await kit.send("POST", "/v1/opt-outs", strange)).toMatchObject({ status: 404 });
    expect(await kit.send("POST", "/v1/opt-outs", { ...optOut, recipient: "Bo" })).toMatchObject({ status: 400 });
    const query = new URLSearchParams({ phoneNumber: OURS, recipient: "+13105550142" });
    expect((await kit.send("DELETE", `/v1/opt-outs?${query}`)).status).toBe(204);
  });

  test("go out and come in through Telnyx too", async () => {
    const from = "+13125557001";
    const sent = await kit.send("POST", "/v1/messages", { from, to: THEIRS, body: "Grüße 👋" });
    expect(sent.body).toMatchObject({ status: "queued", segments: { count: 1, encoding: "UCS-2" } });
    const { id } = sent.body;
    await deliver(id);
    expect(telnyx.sent.at(-1)?.json).toMatchObject({ from, to: THEIRS, text: "Grüße 👋" });
    const path = `/carriers/${telnyxId}/messages/${id}/receipts`;
    const atMs = dated.now().getTime();
    const status = "delivery_failed";
    const errors = [{ code: "40008", title: "Undeliverable", detail: "The recipient is out of reach." }];
    const payload = { id: telnyx.sent.at(-1)?.id, to: [{ phone_number: THEIRS, status }], errors };
    expect((await hook(path, telnyx.webhook("message.finalized", payload, atMs))).status).toBe(200);
    expect(await read(id)).toMatchObject({
      ...{ status: "failed", error: "The recipient is out of reach.", errorCode: "40008" },
    });
    const inbound = {
      id: "m-2",
      from: { phone_number: THEIRS },
      to: [{ phone_number: from }],
      text: "Ciao",
      media: [],
    };
    await hook(`/carriers/${telnyxId}/messages`, telnyx.webhook("message.received", inbound, atMs));
    expect(await inbox()).toEqual(expect.arrayContaining([expect.objectContaining({ body: "Ciao", to: from })]));
  });
});

const shortTimers = {
  after(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs / 100);
    return () => clearTimeout(timer);
  },
  every: () => () => {},
};
