/** sipp is the provider behind a trunk: what it does to calls, and what becomes of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, SystemClock } from "@earshot/telephony";
import {
  answers,
  asks,
  type Check,
  hears,
  mayHear,
  opens,
  pauses,
  SDP,
  sippIn,
  takes,
  tells,
  whyNoSipp,
} from "@earshot/telephony/testing/sipp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../storage/testing/each-database.ts";
import { AGENT_SAYS_NOTHING, type OwnDesk, startOwnDesk } from "./testing/own-desk.ts";

const missing = whyNoSipp();
const TO = "+12125550155";
const COLLEAGUE = "+12125550188";
/** A trunk is asked every 300 ms whether it is there. */
const hurried: Clock = (() => {
  const clock = new SystemClock();
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs, run) => clock.after(delayMs, run),
    every: (periodMs, run) => clock.every(periodMs / 100, run),
  };
})();

const refuses = (name: string, status: number, ...headers: string[]) => [
  answers(name, status, { tag: "x", headers, isRepeated: true }),
  takes("ACK", `${name}ack`),
];
const picksUp = (...checks: readonly Check[]) => [
  takes("INVITE", "invite", ...checks),
  answers("invite", 180, { tag: "a" }),
  answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
  takes("ACK", "ack"),
];
const isHungUpOn = (...checks: readonly Check[]) => [takes("BYE", "bye", ...checks), answers("bye", 200)];
const hangsUp = (number: number) => [tells("invite", "a", "BYE", number), '<recv response="200"/>'];

describe.skipIf(missing !== undefined)(
  `sipp as a trunk${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "earshot-sipp-"));
    const { calls, waits } = sippIn(folder);
    const stops: (() => Promise<void>)[] = [];
    let database: EmbeddedTestDatabase;
    let desk: OwnDesk;
    let agentId: string;

    beforeAll(async () => {
      database = await openEmbeddedForTest();
      desk = await startOwnDesk(database.database, { clock: hurried, trusted: [] });
      agentId = (await desk.make("/v1/agents", AGENT_SAYS_NOTHING)).id;
    }, 60_000);
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop();
    });
    afterAll(async () => {
      await desk.close();
      await database.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    const callee = async (steps: readonly string[], ...more: [args?: readonly string[], at?: number]) => {
      const started = await waits(steps, ...more);
      stops.push(started.stop);
      return started;
    };
    const makeTrunk = async (port: number, trunk: object = {}) =>
      (await desk.make("/v1/sip-trunks", { name: "sipp", host: "127.0.0.1", port, pings: false, ...trunk })).id;
    const makeNumber = (sipTrunkId: string) => desk.make("/v1/phone-numbers", { areaCode: "415", sipTrunkId, agentId });
    const place = async (sipTrunkId: string, more: object = {}) => {
      const { id: fromNumberId } = await makeNumber(sipTrunkId);
      return (await desk.make("/v1/calls", { type: "phone", agentId, to: TO, fromNumberId, ...more })).id;
    };
    const callOf = async (id: string) => (await desk.send("GET", `/v1/calls/${id}`)).body;
    const statusOf = async (trunkId: string) =>
      (await desk.send("GET", `/v1/sip-trunks/${trunkId}`)).body["status"] as Record<string, unknown>;
    const connections = (id: string) =>
      desk.orders.filter((order) => order.kind === "connect" && order.callId === id).length;

    it("takes an agent's call with the headers of the trunk and of the call, also as it ends, and no second one", async () => {
      const { port, whole } = await callee([
        ...picksUp(
          ["X-Customer:", "^ *42$"],
          ["User-to-User:", "ab;encoding=hex"],
          ["P-Asserted-Identity:", "sip:[+]1415"],
          ["msg", `^INVITE sip:[+]${TO.slice(1)}@127.0.0.1`],
          ["body", "m=audio [0-9]+ RTP/AVP"],
        ),
        ...isHungUpOn(["X-Customer:", "^ *42$"], ["Reason:", "cause=200"]),
      ]);
      const trunk = { headers: { "X-Customer": "{{customer}}" }, assertedIdentity: "p-asserted-identity" };
      const id = await place(await makeTrunk(port, trunk), {
        variables: { customer: "42" },
        headers: { "User-to-User": "ab;encoding=hex" },
      });
      await expect.poll(() => connections(id)).toBe(1);
      desk.hangUp();
      await whole();
    });

    it("sends a call on to another number of its own, and not to anybody else's", async () => {
      const { port, whole } = await callee([
        takes("INVITE", "first"),
        ...refuses(
          "first",
          302,
          `Contact: <sip:${COLLEAGUE}@192.0.2.7>;q=1, <sip:+442079460958@[local_ip]:[local_port]>;q=0.9, <sip:${COLLEAGUE}@[local_ip]:[local_port]>;q=0.8`,
        ),
        ...picksUp(["msg", `^INVITE sip:[+]${COLLEAGUE.slice(1)}@`], ["CSeq:", "2 INVITE"]),
        ...hangsUp(1),
      ]);
      const id = await place(await makeTrunk(port));
      await whole();
      expect(await callOf(id)).toMatchObject({ dial: { code: "answered", sipStatus: 200 } });
    });

    const EARLY = [takes("INVITE", "invite"), answers("invite", 183, { tag: "x", body: SDP })];
    it.each<[string, readonly string[], object]>([
      [
        "announces that there is no such number",
        [...EARLY, pauses(100), ...refuses("invite", 480, 'Reason: Q.850;cause=1;text="Unallocated"')],
        { outcome: "unreachable", dial: { code: "unknown_number", sipStatus: 480 } },
      ],
      [
        "is busy",
        [takes("INVITE", "invite"), ...refuses("invite", 503, "Reason: Q.850;cause=17")],
        { outcome: "busy", dial: { code: "busy", sipStatus: 503 } },
      ],
      [
        "rings without end",
        [
          ...EARLY,
          ...[takes("CANCEL", "cancel", ["Reason:", "cause=487"]), answers("cancel", 200)],
          ...refuses("invite", 487),
        ],
        { outcome: "no-answer", dial: { code: "ring_timeout" } },
      ],
      [
        "wants another password",
        [
          takes("INVITE", "none"),
          ...refuses("none", 407, 'Proxy-Authenticate: Digest realm="p",nonce="n",qop="auth"'),
          takes("INVITE", "invite", ["Proxy-Authorization:", "username=.4711."]),
          ...refuses("invite", 407, 'Proxy-Authenticate: Digest realm="p",nonce="m",qop="auth"'),
        ],
        { outcome: "failed", dial: { code: "trunk_unauthorized", sipStatus: 407 } },
      ],
      [
        "takes no codec of ours",
        [takes("INVITE", "invite"), ...refuses("invite", 488)],
        { outcome: "rejected", dial: { code: "no_common_media", sipStatus: 488 } },
      ],
    ])("%s, and the call says so", async (_, steps, told) => {
      const { port, whole } = await callee(steps);
      const trunkId = await makeTrunk(port, { username: "4711", password: "secret" });
      const id = await place(trunkId, { ringTimeoutMs: 1_000 });
      await whole();
      await expect.poll(() => callOf(id)).toMatchObject({ status: "ended", ...told });
    });

    it("is asked whether it is there, stood in for while it isn't, and has the calls again when it is", async () => {
      const answered = (status: number, ...then: readonly string[]) => [
        '<recv request="OPTIONS" optional="true" next="1"/>',
        ...(then.length === 0 ? [takes("INVITE", "invite"), ...refuses("invite", 500)] : then),
        '<nop next="2"/><label id="1"/>',
        `<send><![CDATA[\nSIP/2.0 ${status} Because\n[last_Via:]\n[last_From:]\n[last_To:];tag=x\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>`,
        '<label id="2"/><nop/>',
      ];
      const many = ["-m", "1000"];
      const spare = await callee([...picksUp(), ...hangsUp(1)]);
      const down = await callee(answered(503), many);
      const backupTrunkIds = [await makeTrunk(spare.port)];
      const trunkId = await makeTrunk(down.port, { backupTrunkIds, pings: true });
      await expect.poll(() => statusOf(trunkId)).toMatchObject({ isUp: false, lastError: /OPTIONS: 503/ });
      const whileDown = await place(trunkId);
      await spare.whole();
      expect(await callOf(whileDown)).toMatchObject({ dial: { code: "answered", trunkId: backupTrunkIds[0] } });
      expect((await callOf(whileDown))["dial"]).not.toHaveProperty("attempts");
      await down.stop();
      await callee(answered(200, ...picksUp(), ...hangsUp(1)), many, down.port);
      await expect.poll(() => statusOf(trunkId)).toMatchObject({ isUp: true });
      const afterwards = await place(trunkId);
      await expect.poll(() => callOf(afterwards)).toMatchObject({ dial: { code: "answered", trunkId } });
      await desk.send("PATCH", `/v1/sip-trunks/${trunkId}`, { pings: false });
    });

    const heardAs = (name: string, status: string, state: string) => [
      takes("NOTIFY", name, ["Event:", "refer"], ["body", `SIP/2.0 ${status}`], ["Subscription-State:", state]),
      answers(name, 200),
    ];

    it("has somebody else take its place (REFER), and hears how that goes; but nobody that may not be called", async () => {
      const colleague = await callee([
        takes("INVITE", "invite", ["Referred-By:", "sipp"], ["msg", `^INVITE sip:[+]${COLLEAGUE.slice(1)}@`]),
        answers("invite", 180, { tag: "a" }),
        answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
        takes("ACK", "ack"),
        ...hangsUp(1),
      ]);
      const refer = (number: number, target: string) =>
        tells("invite", "a", "REFER", number, { headers: [`Refer-To: <${target}>`, "Referred-By: <sip:sipp@h>"] });
      const person = await callee([
        ...picksUp(),
        refer(1, "sip:911@[local_ip]:[local_port]"),
        '<recv response="403"/>',
        refer(2, `sip:${COLLEAGUE}@[local_ip]:${colleague.port}`),
        '<recv response="202"/>',
        ...heardAs("trying", "100", "active"),
        ...heardAs("ringing", "180", "active"),
        ...heardAs("done", "200", "terminated"),
        ...hangsUp(3),
      ]);
      const id = await place(await makeTrunk(person.port, { acceptsRefer: true }));
      await Promise.all([person.whole(), colleague.whole()]);
      expect(connections(id)).toBe(2);
    });

    it("calls a number once it is on the list, rings as it wants, and not more often at once than it may", async () => {
      const { id: trunkId } = await desk.make("/v1/sip-trunks", { name: "Far", host: "192.0.2.1", pings: false });
      const to = String((await makeNumber(trunkId))["phoneNumber"]);
      const open = (...expected: readonly string[]) => [
        opens("INVITE", {
          body: SDP,
          headers: [
            `To: <sip:${to}@far.example>`,
            "P-Asserted-Identity: <sip:+12125550111@far.example>",
            "X-Order-Id: 42",
          ],
        }),
        mayHear(100),
        ...expected,
      ];
      const ACK = opens("ACK", { isOfLast: true });
      const CALL = [hears(200, ["body", "m=audio"]), asks("ACK", 1)];
      const END = [asks("BYE", 2), hears(200)];
      await calls(desk.port, open(hears(403), ACK));
      const change = (settings: object) => desk.send("PATCH", `/v1/sip-trunks/${trunkId}`, settings);
      await change({ allow: ["127.0.0.0/8"], maxCalls: 1 });
      const held = calls(desk.port, open(hears(180), ...CALL, pauses(1_000), ...END));
      await expect.poll(() => statusOf(trunkId)).toMatchObject({ liveCalls: 1 });
      await calls(desk.port, open(hears(503), ACK));
      await held;
      await change({ ringsWith: "183" });
      await calls(desk.port, open(hears(183, ["body", "m=audio"]), ...CALL, ...END));
      const [call] = ((await desk.send("GET", "/v1/calls?limit=1")).body as { data: Record<string, unknown>[] }).data;
      expect(call).toMatchObject({ fromNumber: "+12125550111", toNumber: to, variables: { order_id: "42" } });
    });
  },
);
