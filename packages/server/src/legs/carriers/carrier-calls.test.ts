/** Whole calls through local carriers: real HTTP, real WebSockets, and models that do as their script says. */

import { once } from "node:events";
import { tone } from "@earshot/engine/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { CallEndReason } from "../../calls/call.ts";
import { toCarrierUrls } from "../../carriers/carrier-urls.ts";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../../workspaces/workspace.ts";
import { AudioSocketCall } from "../asterisk/testing/audiosocket-call.ts";
import { ChanWebSocketEnd } from "../asterisk/testing/chan-websocket-end.ts";
import { LocalPlivo } from "../plivo/testing/local-plivo.ts";
import { StreamedCall } from "../stream/testing/streamed-call.ts";
import { LocalTelnyx } from "../telnyx/testing/local-telnyx.ts";
import { LocalTwilio } from "../twilio/testing/local-twilio.ts";
import { LocalVonage } from "../vonage/testing/local-vonage.ts";
import { ABROAD, type CarrierServer, startCarrierServer } from "./testing/carrier-server.ts";
import type { Fate, LocalCarrier, WebhookUrls } from "./testing/local-carrier.ts";

const SIP_URI = "sip:desk@example.com";

let opened: EmbeddedTestDatabase;
let server: CarrierServer;

beforeAll(async () => {
  opened = await openEmbeddedForTest();
  server = await startCarrierServer(opened);
}, 60_000);
afterAll(async () => {
  await server?.close();
  await opened?.dispose();
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** @throws Error when it is refused */
async function connectionTo(url: string): Promise<void> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const [code] = await once(socket, "close");
  throw new Error(`closed: ${code}`);
}

/** Until the caller has heard so much. */
function untilHeard(call: StreamedCall | AudioSocketCall, ms: number): Promise<void> {
  return until(() => call.heardMs >= ms);
}

const CARRIERS: readonly [string, string, () => Promise<LocalCarrier>][] = [
  ["Twilio", "+1212555010", () => LocalTwilio.start()],
  ["Telnyx", "+1212555011", () => LocalTelnyx.start()],
  ["Plivo", "+1212555012", () => LocalPlivo.start()],
  ["Vonage", "+1212555013", () => LocalVonage.start()],
];

describe.concurrent.each(CARRIERS)("calls through %s", (_, prefix, startCarrier) => {
  const [answered, unanswered, strange] = [`${prefix}0`, `${prefix}1`, `${prefix}2`];
  let carrier: LocalCarrier;
  let accountId: string;
  let fromNumberId: string;
  let webhooks: WebhookUrls;

  beforeAll(async () => {
    carrier = await startCarrier();
    const account = await server.send("POST", "/v1/carrier-accounts", {
      ...{ name: "Local", provider: carrier.provider },
      ...carrier.account,
    });
    accountId = account.id;
    expect(account).toMatchObject({ provider: carrier.provider });
    fromNumberId = await server.number(answered, accountId);
    await server.number(unanswered, accountId, "");
    webhooks = toCarrierUrls(server.origin, accountId);
  });
  afterAll(() => carrier?.close());

  const ring = async (from: string): Promise<StreamedCall> => {
    const call = await carrier.ring({ from, to: answered }, webhooks);
    if (typeof call === "string") throw new Error(`refused: ${call}`);
    return call;
  };
  const place = (to: string) =>
    server.send("POST", "/v1/calls", { type: "phone", agentId: server.agentId, to, fromNumberId });

  it("greet, hear and answer the caller, who hangs up", async () => {
    const from = `${prefix}9`;
    const caller = await ring(from);
    await untilHeard(caller, 300);
    caller.say(tone(400));
    await untilHeard(caller, 1_000);
    caller.hangUp();
    const call = await server.call({ fromNumber: from });
    expect(call).toMatchObject({
      direction: "inbound",
      toNumber: answered,
      endReason: "caller-hung-up",
      type: "phone",
    });
    const { transcript } = await server.send("GET", `/v1/calls/${call.id}`);
    expect(transcript).toMatchObject([
      { role: "agent", text: "Good morning." },
      { role: "caller", text: "Are you open?" },
      { role: "agent", text: expect.stringContaining("Yes, until") },
    ]);
    expect(caller.problems).toEqual([]);
  });

  it("are no new calls when somebody sends what the carrier has signed once more", async () => {
    const from = `${prefix}5`;
    const caller = await ring(from);
    const told = [...server.told].filter(({ url }) => url.includes(accountId));
    const bodies = await Promise.all(told.map(async (request) => ({ request, body: await request.clone().text() })));
    const { request, body } = bodies.find((one) => one.body.includes(from.slice(1))) ?? expect.fail("nothing was told");
    const again = async () => {
      const response = await fetch(request.url, { method: "POST", headers: request.headers, body });
      return { isTaken: response.ok, text: await response.text() };
    };
    await untilHeard(caller, 100);
    const { isTaken, text } = await again();
    expect(isTaken).toBe(true);
    const url = /wss?:[^"<]+/.exec(text)?.[0];
    if (url !== undefined) await expect(connectionTo(url)).rejects.toThrow();
    caller.hangUp();
    await server.call({ fromNumber: from });
    const { isTaken: isTakenAfterwards, text: afterwards } = await again();
    expect([isTakenAfterwards, afterwards]).toEqual([true, expect.not.stringMatching(/wss?:/)]);
    const { data } = (await server.send("GET", "/v1/calls?limit=100")) as unknown as { data: { fromNumber: string }[] };
    expect(data.filter(({ fromNumber }) => fromNumber === from)).toHaveLength(1);
  });

  it("are hung up at the carrier when they are ended here", async () => {
    const from = `${prefix}8`;
    const caller = await ring(from);
    const { id } = await server.call({ fromNumber: from }, { status: "active" });
    await server.send("POST", `/v1/calls/${id}/end`);
    await caller.closed;
    expect(await server.call({ fromNumber: from })).toMatchObject({ endReason: "api-request" });
    await until(() => caller.isHungUp);
  });

  it("are refused when nobody answers the number, or it is none of the account's", async () => {
    await server.number(strange);
    const busy = await carrier.ring({ from: ABROAD, to: unanswered }, webhooks);
    const wrong = await carrier.ring({ from: ABROAD, to: strange }, webhooks);
    expect([busy, wrong]).toEqual([expect.any(String), expect.any(String)]);
    expect(await server.call({ toNumber: unanswered })).toMatchObject({ endReason: "no-answer" });
  });

  it("are over when the caller gives up before they begin", async () => {
    const from = `${prefix}7`;
    await carrier.giveUp({ from, to: answered }, webhooks);
    expect(await server.call({ fromNumber: from })).toMatchObject({ endReason: "canceled" });
  });

  it("are placed, and begin when somebody answers", async () => {
    const placed = await place(`${prefix}6`);
    expect(placed).toMatchObject({ status: "ringing", direction: "outbound" });
    const callee = await carrier.placed();
    await untilHeard(callee, 200);
    callee.press("5");
    callee.hangUp();
    expect(await server.call({ id: placed.id })).toMatchObject({
      ...{ endReason: "caller-hung-up", fromNumber: answered, outcome: "answered" },
      dial: { code: "answered", carrierAccountId: accountId },
    });
    expect(callee.problems).toEqual([]);
  });

  it.each<[Fate & CallEndReason, number]>([
    ["busy", 51],
    ["rejected", 52],
    ["no-answer", 53],
  ])("that come to nothing say why: %s", async (fate, number) => {
    const to = `+1212555${number}${prefix.slice(-2)}`;
    carrier.fates.set(to, fate);
    const { id } = await place(to);
    expect(await server.call({ id })).toMatchObject({
      ...{ endReason: fate, error: expect.any(String) },
      dial: { code: fate.replace("-", "_"), carrierAccountId: accountId },
    });
  });

  it("that still ring are called off at the carrier", async () => {
    const to = `${prefix}4`;
    carrier.fates.set(to, "rings");
    const { id } = await place(to);
    await server.send("POST", `/v1/calls/${id}/end`);
    await until(() => carrier.calledOff.includes(to));
  });

  it("are handed on by the carrier, which tells when they are over, and is not told to hang up before", async () => {
    const from = `${prefix}3`;
    const caller = await ring(from);
    const { id } = await server.call({ fromNumber: from }, { status: "active" });
    await untilHeard(caller, 200);
    await server.send("POST", `/v1/calls/${id}/transfer`, { destination: SIP_URI });
    await caller.closed;
    expect(await server.call({ fromNumber: from })).toMatchObject({ endReason: "transferred" });
    expect(carrier.requests.some((request) => request.includes(SIP_URI))).toBe(true);
    // Later than a call that ends otherwise is hung up.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(caller.isHungUp).toBe(false);
    const { calls, clock } = server.deps;
    const goOn = async () => {
      const { legs } = await calls.listRunning(DEFAULT_WORKSPACE_ID, "", clock.now());
      return legs.filter((leg) => leg.accountId === accountId);
    };
    const [leg] = await goOn();
    if (leg === undefined) throw new Error("it isn't counted");
    await server.carrierDesk.hangUp(leg);
    while ((await goOn()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("are nobody else's to tell of", async () => {
    const response = await fetch(webhooks.calls, { method: "POST", body: "CallSid=CA1&From=1&To=2" });
    expect(response.status).toBe(403);
  });
});

describe("a stream", () => {
  it.each(["/carriers/streams/nobody-issued-this", "/carriers/asterisk?to=%2B12125550999", "/carriers/elsewhere"])(
    "to %s is refused",
    async (path) => {
      const url = `${server.origin.replace("http", "ws")}${path}`;
      const socket = await StreamedCall.open(url, new ChanWebSocketEnd()).catch((error: unknown) => error);
      if (socket instanceof StreamedCall) expect(await socket.closed).toBe(1008);
      else expect(String(socket)).toMatch(/404/);
    },
  );
});

describe("an Asterisk", () => {
  const connect = (from: string, options: WebSocket.ClientOptions = {}) =>
    new WebSocket(
      `${server.origin.replace("http", "ws")}/carriers/asterisk?to=${number.slice(1)}&from=${from}`,
      options,
    );

  const number = "+12125550199";
  beforeAll(() => server.number(number));

  it.each([true, false])("brings calls by chan_websocket, in JSON: %s", async (isJson) => {
    const from = isJson ? "+12125550198" : "+12125550197";
    const query = new URLSearchParams({ to: number.slice(1), from });
    const url = `${server.origin.replace("http", "ws")}/carriers/asterisk?${query}`;
    const end = new ChanWebSocketEnd({ isJson });
    const caller = await StreamedCall.open(url, end, "media");
    await untilHeard(caller, 300);
    const { id } = await server.call({ fromNumber: from }, { status: "active" });
    await server.send("POST", `/v1/calls/${id}/end`);
    await caller.closed;
    expect([end.hasHungUp, caller.problems]).toEqual([true, []]);
  });

  it("is cut off when it floods or is no Asterisk, and nobody else is", async () => {
    const url = `${server.origin.replace("http", "ws")}/carriers/asterisk?to=${number.slice(1)}&from=12125550194`;
    const caller = await StreamedCall.open(url, new ChanWebSocketEnd());
    const flood = connect("12125550193");
    await once(flood, "open");
    const closed = once(flood, "close");
    for (let n = 0; n < 2_000; n++) flood.send(n % 2 === 0 ? '{"event":' : new Uint8Array(10_000));
    expect((await closed)[0]).toBe(1006);
    const large = connect("12125550192");
    await once(large, "open");
    large.send(new Uint8Array(70_000));
    expect((await once(large, "close"))[0]).toBe(1009);
    const page = connect("12125550191", { origin: "https://a.page.example" });
    expect(String((await once(page, "error"))[0])).toMatch(/403/);
    await untilHeard(caller, 300);
    caller.hangUp();
    expect(await server.call({ fromNumber: "+12125550194" })).toMatchObject({ endReason: "caller-hung-up" });
    expect(await server.call({ fromNumber: "+12125550192" })).toMatchObject({ endReason: "connection-lost" });
  });

  it("is hung up on when it streams what can't be played, and the call says so", async () => {
    const odd = connect("12125550190");
    await once(odd, "open");
    odd.send("MEDIA_START format:opus optimal_frame_size:0");
    await once(odd, "close");
    expect(await server.call({ fromNumber: "+12125550190" })).toMatchObject({ endReason: "connection-lost" });
  });

  it("brings calls by AudioSocket, whose UUID says who calls whom", async () => {
    const caller = await AudioSocketCall.open(server.audioSocketPort, "0000012125550196-0000012125550199");
    await untilHeard(caller, 300);
    caller.say(tone(400));
    await untilHeard(caller, 900);
    caller.hangUp();
    expect(await server.call({ fromNumber: "+12125550196" })).toMatchObject({ endReason: "caller-hung-up" });
  });

  it("hears the agent when the caller's telephone is muted, and something in every second after that", async () => {
    const caller = await AudioSocketCall.open(server.audioSocketPort, "0000012125550195-0000012125550199", {
      isMute: true,
    });
    await untilHeard(caller, 300);
    // Asterisk hangs up after two seconds of nothing.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(caller.longestGapMs).toBeLessThan(1_500);
    // What was taken for 8 kHz turns out to be 16.
    caller.unmute();
    caller.say(tone(400));
    await untilHeard(caller, 900);
    caller.hangUp();
    expect(await server.call({ fromNumber: "+12125550195" })).toMatchObject({ endReason: "caller-hung-up" });
  });

  it.each(["0000012125550196-0000099999999999", "deadbeefdeadbeef-deadbeefdeadbeef"])(
    "is hung up on when its UUID names no number: %s",
    async (uuid) => {
      const caller = await AudioSocketCall.open(server.audioSocketPort, uuid);
      await caller.closed;
      expect(caller.end.hasHungUp).toBe(true);
    },
  );
});
