import { bodyText, type IncomingCall, SocketNetwork, SystemClock, textBody, UserAgent } from "@earshot/telephony";
import { expect, it } from "vitest";
import { placeDueCall } from "../../calls/place-due-call.ts";
import type { Database } from "../../storage/database.ts";
import { ANSWER, type OwnDesk, refuseWith, startOwnDesk } from "./testing/own-desk.ts";
import { shareOwnDesk } from "./testing/shared-desk.ts";

const TO = "+12125550155";
/** No number that is drawn there is one that a test calls. */
const ELSEWHERE = { areaCode: "415" };
let database: Database;
let desk: OwnDesk;
let agentId: string;
const provider = shareOwnDesk((started) => {
  ({ desk, agentId, database } = started);
});

/** A trunk and a number of it. */
async function connect(trunk: object) {
  const { id: sipTrunkId } = await desk.make("/v1/sip-trunks", { pings: false, ...trunk });
  const number = await desk.make("/v1/phone-numbers", { ...ELSEWHERE, sipTrunkId, agentId });
  return { sipTrunkId, fromNumberId: number.id, own: String(number["phoneNumber"]) };
}

const place = async (more: object) =>
  (await desk.make("/v1/calls", { type: "phone", agentId, to: TO, ...more })) as Record<string, unknown> & {
    id: string;
  };

/** As soon as it is `status`. */
async function until(id: string, status: string) {
  let call: Readonly<Record<string, unknown>> = {};
  await expect
    .poll(
      async () => {
        call = (await desk.send("GET", `/v1/calls/${id}`)).body;
        return call["status"];
      },
      { timeout: 8_000 },
    )
    .toBe(status);
  return call;
}

const statusOf = async (trunkId: string) =>
  (await desk.send("GET", `/v1/sip-trunks/${trunkId}`)).body["status"] as Record<string, unknown>;

it("registers with the provider, says why not, and takes a change up at once", async () => {
  const { trunk, registrar } = await provider();
  const { id } = await desk.make("/v1/sip-trunks", { ...trunk, registers: true, username: "4711", password: "wrong" });
  await expect.poll(() => statusOf(id)).toMatchObject({ registration: "failed", registrationError: /401/ });
  await desk.send("PATCH", `/v1/sip-trunks/${id}`, { password: "secret" });
  await expect.poll(() => statusOf(id)).toMatchObject({ registration: "registered", isUp: true });
  expect(await registrar.find("4711@127.0.0.1")).toHaveLength(1);
  await desk.send("DELETE", `/v1/sip-trunks/${id}`);
  await expect.poll(() => registrar.find("4711@127.0.0.1")).toEqual([]);
});

it("places a call as the trunk wants it, and tells how it went", async () => {
  const { trunk, calls } = await provider();
  const { sipTrunkId, fromNumberId, own } = await connect({
    ...trunk,
    ...{ username: "47 11", domain: "account.example", fromUser: "username", assertedIdentity: "p-asserted-identity" },
    ...{ hasLeadingPlus: false, codecs: ["PCMA", "PCMU"], mediaEncryption: "off", pricePerMinute: 0.5 },
    headers: { "X-Customer": "{{customer}}", "X-Empty": "{{nobody}}" },
  });
  const { id } = await place({
    fromNumberId,
    variables: { customer: "42" },
    headers: { "User-to-User": "ab;encoding=hex" },
  });
  const call = await until(id, "active");
  expect(call).toMatchObject({
    outcome: "answered",
    dial: { code: "answered", sipStatus: 200, trunkId: sipTrunkId, ringMs: expect.any(Number), pricePerMinute: 0.5 },
  });
  const [taken] = calls;
  expect(taken?.target).toBe(`sip:${TO.slice(1)}@127.0.0.1:${trunk.port}`);
  expect(taken?.from.uri).toBe("sip:47%2011@account.example");
  expect(taken?.headers.get("p-asserted-identity")).toContain(`sip:${own.slice(1)}@account.example`);
  expect([taken?.headers.get("x-customer"), taken?.headers.get("x-empty")]).toEqual(["42", undefined]);
  expect(taken?.headers.get("user-to-user")).toBe("ab;encoding=hex");
  expect(taken?.offer && bodyText(taken.offer)).toMatch(/RTP\/AVP 8 0 101/);
  const ended = Promise.withResolvers<string | undefined>();
  taken?.watch({ onEvent: (event) => event.kind === "ended" && ended.resolve(event.headers?.get("x-customer")) });
  desk.hangUp();
  expect(await ended.promise).toBe("42");
});

it.each([
  [486, "busy", "busy"],
  [603, "rejected", "rejected"],
  [403, "forbidden", "rejected"],
  [480, "no_answer", "no-answer"],
  [404, "unknown_number", "unreachable"],
  [302, "redirected", "unreachable"],
  [488, "no_common_media", "rejected"],
])("a trunk that answers %i leaves the call with %s", async (status, code, outcome) => {
  const { trunk } = await provider(refuseWith(status));
  const { fromNumberId } = await connect(trunk);
  const { id } = await place({ fromNumberId });
  expect(await until(id, "ended")).toMatchObject({ outcome, dial: { code, sipStatus: status } });
});

it.each<[string, (port: number) => string, object]>([
  ["another of the trunk's numbers", (port) => `sip:+12125550188@127.0.0.1:${port}`, { code: "answered" }],
  ["a number alone", () => "tel:+1-212-555-0188", { code: "answered" }],
  ["its own number elsewhere at the trunk", (port) => `sip:${TO};npdi@localhost:${port}`, { code: "answered" }],
  ["a number that must not be called", (port) => `sip:+442079460958@127.0.0.1:${port}`, { code: "redirected" }],
  ["somebody else's server", () => `sip:${TO}@192.0.2.7`, { code: "redirected" }],
  [
    "somebody else's server by a detour",
    (port) => `sip:${TO}@127.0.0.1:${port};maddr=192.0.2.7`,
    { code: "redirected" },
  ],
  ["itself", (port) => `sip:${TO}@127.0.0.1:${port}`, { code: "redirected" }],
])("a trunk that sends a call on to %s", async (_, contact, dial) => {
  const { trunk, calls } = await provider((call) => {
    if (calls.length === 1) call.redirect([contact(trunk.port)]);
    else call.answer({ body: textBody("application/sdp", ANSWER) });
  });
  const { fromNumberId } = await connect(trunk);
  const { id } = await place({ fromNumberId });
  const isAnswered = "code" in dial && dial.code === "answered";
  const call = await until(id, isAnswered ? "active" : "ended");
  expect(call).toMatchObject({ dial: isAnswered ? dial : { ...dial, sipStatus: 302, sipReason: "Moved Temporarily" } });
  expect(calls).toHaveLength(isAnswered ? 2 : 1);
});

it("follows five redirections of a call, and no more", async () => {
  const { trunk, calls } = await provider((call) =>
    call.redirect([`sip:+1212555020${calls.length}@127.0.0.1:${trunk.port}`]),
  );
  const { fromNumberId } = await connect(trunk);
  const { id } = await place({ fromNumberId });
  expect(await until(id, "ended")).toMatchObject({ outcome: "unreachable", dial: { code: "redirected" } });
  expect(calls).toHaveLength(6);
});

it("gives up a call that nobody answers in its time, and one that is ended while it rings", async () => {
  const { trunk, calls } = await provider((call) => call.progress());
  const { fromNumberId } = await connect(trunk);
  const { id } = await place({ fromNumberId, ringTimeoutMs: 1_000 });
  const { id: other } = await place({ fromNumberId });
  await expect.poll(() => calls.length).toBe(2);
  await desk.send("POST", `/v1/calls/${other}/end`);
  expect(await until(other, "ended")).toMatchObject({ outcome: "canceled" });
  await expect.poll(() => calls[1]?.isOver).toBe(true);
  await expect
    .poll(async () => (await desk.send("GET", `/v1/calls/${id}`)).body, { timeout: 8_000 })
    .toMatchObject({ outcome: "no-answer", dial: { code: "ring_timeout" } });
}, 15_000);

it.each<[string, (call: IncomingCall) => void, object]>([
  [
    "an announcement that ends with 480",
    (call) => {
      call.progress({ body: textBody("application/sdp", ANSWER) });
      call.reject({ status: 480, headers: { Reason: 'Q.850;cause=1;text="Unallocated"' } });
    },
    { outcome: "unreachable", dial: { code: "unknown_number", sipStatus: 480 } },
  ],
  [
    "an announcement without end",
    (call) =>
      call.progress({
        body: textBody("application/sdp", ANSWER),
        headers: { Reason: "SIP;cause=500, Q.850; cause=22" },
      }),
    { outcome: "unreachable", dial: { code: "unknown_number", ringMs: expect.any(Number) } },
  ],
  [
    "503 for somebody who is busy",
    (call) => call.reject({ status: 503, headers: { Reason: "Q.850;cause=17" } }),
    { outcome: "busy", dial: { code: "busy", sipStatus: 503 } },
  ],
  [
    "503 for a network that is",
    (call) => call.reject({ status: 503, headers: { Reason: "Q.850;cause=34" } }),
    { outcome: "unreachable", dial: { code: "unreachable", attempts: [{}] } },
  ],
])("takes %s for no answer, and for what the network says it is", async (_, onCall, told) => {
  const { trunk } = await provider(onCall);
  const { id: backup } = await desk.make("/v1/sip-trunks", { ...trunk, pings: false });
  const { fromNumberId } = await connect({ ...trunk, backupTrunkIds: [backup] });
  const { id } = await place({ fromNumberId, ringTimeoutMs: 1_000 });
  const call = await until(id, "ended");
  expect(call).toMatchObject(told);
  expect("attempts" in (call["dial"] as object)).toBe("attempts" in (told as { dial: object }).dial);
});

it("goes on to the next trunk when one fails, and knows one that is down", async () => {
  const broken = await provider(refuseWith(503));
  const good = await provider();
  const { id: backup } = await desk.make("/v1/sip-trunks", { ...good.trunk, pings: false });
  const { fromNumberId, sipTrunkId } = await connect({ ...broken.trunk, backupTrunkIds: [backup] });
  const { id } = await place({ fromNumberId });
  expect(await until(id, "active")).toMatchObject({
    dial: { trunkId: backup, code: "answered", attempts: [{ trunkId: sipTrunkId, sipStatus: 503 }] },
  });
  const { id: second } = await place({ fromNumberId });
  await until(second, "active");
  expect(await statusOf(sipTrunkId)).toMatchObject({ isUp: false, lastError: /503/ });
  const { id: third } = await place({ fromNumberId });
  expect((await until(third, "active"))["dial"]).not.toHaveProperty("attempts");
  expect(broken.calls).toHaveLength(2);
});

it("asks a trunk whether it is there", async () => {
  const { trunk, agent } = await provider();
  const { id } = await desk.make("/v1/sip-trunks", trunk);
  await expect.poll(() => statusOf(id)).toMatchObject({ isUp: true, registration: "off" });
  await agent.close();
  expect((await desk.send("POST", "/v1/sip-trunks", { ...trunk, backupTrunkIds: ["trk_0"] })).body).toMatchObject({
    errors: [{ path: "backupTrunkIds.0" }],
  });
});

it("keeps to the trunk's caps", async () => {
  const { trunk, calls } = await provider();
  const { fromNumberId, sipTrunkId } = await connect({ ...trunk, maxCalls: 1 });
  const { id } = await place({ fromNumberId });
  await until(id, "active");
  const { id: second } = await place({ fromNumberId });
  expect(await until(second, "ended")).toMatchObject({ outcome: "rejected", dial: { code: "trunk_full" } });
  expect(await statusOf(sipTrunkId)).toMatchObject({ liveCalls: 1 });
  calls[0]?.hangUp();
  await expect.poll(() => statusOf(sipTrunkId)).toMatchObject({ liveCalls: 0 });
  await desk.send("PATCH", `/v1/sip-trunks/${sipTrunkId}`, { maxCalls: null, maxCallsPerSecond: 1 });
  const [one, two] = [await place({ fromNumberId }), await place({ fromNumberId })];
  await until(one.id, "active");
  await until(two.id, "active");
}, 15_000);

it("shows other numbers only where the workspace has them, or the trunk allows it", async () => {
  const { trunk, calls } = await provider();
  const { fromNumberId, sipTrunkId } = await connect(trunk);
  const other = await desk.make("/v1/phone-numbers", ELSEWHERE);
  const { id } = await place({ fromNumberId, callerId: other["phoneNumber"] });
  expect(await until(id, "active")).toMatchObject({ fromNumber: other["phoneNumber"] });
  expect(calls[0]?.from.uri).toContain(String(other["phoneNumber"]));
  const wanted = { type: "phone", agentId, to: TO, fromNumberId, callerId: "+12125550166" };
  const refused = await desk.send("POST", "/v1/calls", wanted);
  expect(refused.body).toMatchObject({ code: "invalid_request", errors: [{ path: "callerId" }] });
  await desk.send("PATCH", `/v1/sip-trunks/${sipTrunkId}`, { allowsAnyCallerId: true });
  await until((await place(wanted)).id, "active");
});

it("offers keys where the trunk requires encryption and takes nothing less, and no digits in the sound for INFO", async () => {
  const { trunk, calls } = await provider();
  const { fromNumberId } = await connect({ ...trunk, mediaEncryption: "required", dtmf: "info" });
  const { id } = await place({ fromNumberId });
  expect(await until(id, "ended")).toMatchObject({ dial: { code: "no_common_media" } });
  expect(calls[0]?.offer && bodyText(calls[0].offer)).toMatch(/RTP\/SAVP[\s\S]*a=crypto:1 /);
  expect(calls[0]?.offer && bodyText(calls[0].offer)).not.toContain("telephone-event");
});

it.each([
  [{}, "+442079460958", "destination_not_allowed"],
  [{ countries: ["GB"] }, TO, "destination_not_allowed"],
  [{ allowsAnyCountry: true }, "+19002345678", "premium_rate"],
  [{ allowsAnyCountry: true, blockedPrefixes: ["+1212"] }, TO, "destination_not_allowed"],
  [{ maxCallsPerDay: 0 }, TO, "daily_calls_used_up"],
  [{ maxMinutesPerDay: 0 }, TO, "daily_minutes_used_up"],
  [{ maxSpendPerDay: 0 }, TO, "daily_spend_used_up"],
])("with the rules %j a call to %s is refused with %s", async (calling, to, code) => {
  await desk.send("PATCH", "/v1/workspaces/ws_default", { calling });
  const { trunk, calls } = await provider();
  const { fromNumberId } = await connect(trunk);
  const call = await place({ fromNumberId, to });
  expect(call).toMatchObject({ status: "ended", outcome: "rejected", dial: { code }, error: expect.any(String) });
  expect(calls).toEqual([]);
});

it("lets the workspace call what its rules name, through its own trunks, and so many at once", async () => {
  const { trunk } = await provider();
  const { sipTrunkId } = await connect(trunk);
  const { id: fromNumberId } = await desk.make("/v1/phone-numbers", ELSEWHERE);
  const busy = Number(
    (await desk.deps.calls.count("ws_default", { statuses: ["ringing", "active"], directions: ["outbound"] })) + 1,
  );
  const calling = { prefixes: ["+4420"], trunkIds: [sipTrunkId], maxCalls: busy };
  await desk.send("PATCH", "/v1/workspaces/ws_default", { calling });
  await until((await place({ fromNumberId, to: "+442079460958" })).id, "active");
  const more = await desk.send("POST", "/v1/calls", { type: "phone", agentId, fromNumberId, to: "+442079460958" });
  expect(more).toMatchObject({ status: 429, body: { code: "too_many_calls" } });
});

it("places a call at its time, unless it was called off or its time has passed", async () => {
  const { trunk, calls } = await provider();
  const { fromNumberId } = await connect(trunk);
  const at = (ms: number) => desk.deps.clock.at(desk.deps.clock.now().getTime() + ms).toISOString();
  const wanted = { fromNumberId, startAt: at(60_000), metadata: { batch: "1" } };
  const [due, off] = [await place(wanted), await place(wanted)];
  expect(due).toMatchObject({ status: "created", startAt: wanted.startAt });
  const run = async (id: string) => {
    const job = desk.scheduled.find(({ callId }) => callId === id);
    if (job) await placeDueCall(desk.deps, id, job.request);
  };
  await desk.send("POST", `/v1/calls/${off.id}/end`);
  expect(await until(off.id, "ended")).toMatchObject({ outcome: "canceled", dial: { code: "canceled" } });
  for (const { id } of [due, due, off]) await run(id);
  expect(await until(due.id, "active")).toMatchObject({ outcome: "answered", metadata: { batch: "1" } });
  expect(calls).toHaveLength(1);
  const late = await place({ ...wanted, startAt: at(-1_000), startBefore: at(300) });
  await new Promise((resolve) => setTimeout(resolve, 400));
  await run(late.id);
  expect(await until(late.id, "ended")).toMatchObject({ outcome: "canceled", dial: { code: "start_missed" } });
  const wrong = await desk.send("POST", "/v1/calls", { type: "phone", agentId, to: TO, startAt: at(-3_600_000) });
  expect(wrong.body).toMatchObject({ errors: [{ path: "startAt" }] });
});

it("takes calls from a trunk's allow list, rung as it wants, and from nobody else", async () => {
  const strict = await startOwnDesk(database, { trusted: [], knows: ({ name }) => name === "Far" });
  const clock = new SystemClock();
  const caller = new UserAgent({ clock, network: new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 }) });
  await caller.start();
  const { sipTrunkId, own } = await connect({ name: "Far", host: "192.0.2.1" });
  let kinds: string[] = [];
  const call = (to = own) =>
    new Promise<number>((resolve) => {
      caller.invite({
        ...{ target: `sip:${to}@127.0.0.1:${strict.port}`, from: "sip:+12125550111@far.example", noResponseMs: 400 },
        body: textBody(
          "application/sdp",
          "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n",
        ),
        watcher: {
          onEvent: (event) => {
            kinds.push(event.kind);
            if (event.kind === "failed") resolve(event.status);
            if (event.kind === "answered") resolve(200);
          },
        },
      });
    });
  try {
    expect(await call()).toBe(403);
    const flood = await Promise.all(Array.from({ length: 30 }, () => call()));
    expect(flood.filter((status) => status === 0).length).toBeGreaterThanOrEqual(9);
    expect(await strict.deps.metrics.toPrometheus()).toMatch(/earshot_sip_refused.*too_many_requests/);
    await desk.send("PATCH", `/v1/sip-trunks/${sipTrunkId}`, { allow: ["127.0.0.0/8"] });
    await strict.desk.trunks.changed();
    kinds = [];
    expect(await call()).toBe(200);
    expect(kinds).toEqual(["ringing", "answered"]);
    await desk.send("PATCH", `/v1/sip-trunks/${sipTrunkId}`, { ringsWith: "183" });
    await strict.desk.trunks.changed();
    kinds = [];
    expect(await call()).toBe(200);
    expect(kinds).toEqual(["early-media", "answered"]);
    expect(await call("+12125550199")).toBe(403);
  } finally {
    await caller.close();
    await strict.close();
  }
}, 15_000);

it("wants a user name for a trunk that registers", async () => {
  const wrong = await desk.send("POST", "/v1/sip-trunks", { name: "R", host: "sip.example.com", registers: true });
  expect(wrong.body).toMatchObject({ errors: [{ path: "username" }] });
});
