/** We call sipp, which answers in every way that a far end may: each flow is right by its own reading of the RFCs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type InviteOptions, Registration, textBody, type UserAgent } from "@earshot/telephony";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { place, realSdp, startAgent } from "./real-agent.ts";
import { realClock } from "./real-clock.ts";
import { whyMissing } from "./real-peer.ts";
import { answers, type Check, mayHear, pauses, SDP, sippIn, takes, tells } from "./sipp.ts";

const missing = whyMissing("sipp", "sip-tester");
const folder = mkdtempSync(join(tmpdir(), "earshot-sipp-"));
const { waits } = sippIn(folder);
const stops: (() => Promise<void>)[] = [];
let agent: UserAgent;

beforeAll(async () => {
  agent = await startAgent({}, { session: { minMs: 1_000 } });
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  expect(agent.callCount).toBe(0);
});
afterAll(async () => {
  await agent.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Calls a sipp that does these steps. */
async function call(
  steps: readonly string[],
  { isProxy = false, ...options }: Partial<InviteOptions> & { isProxy?: boolean } = {},
) {
  const callee = await waits(steps);
  const outboundProxies = isProxy ? [`sip:127.0.0.1:${callee.port}`] : [];
  stops.push(callee.stop);
  const { call: ours, seen } = place(agent, { target: callee.target, outboundProxies, ...options });
  const whole = callee.whole();
  whole.catch(() => {});
  // What sipp doesn't like is told at once, and not as something that never came.
  const until: typeof seen.until = (kind) => Promise.race([seen.until(kind), whole.then(() => seen.until(kind))]);
  return { call: ours, seen: { ...seen, until }, whole: () => whole, port: callee.port };
}

const OPEN = (...checks: readonly Check[]) => [
  takes("INVITE", "invite", ...checks),
  answers("invite", 180, { tag: "a" }),
  answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
  takes("ACK", "ack"),
];
const CLOSE = (...checks: readonly Check[]) => [takes("BYE", "bye", ...checks), answers("bye", 200)];
const offer = (direction: string) =>
  textBody("application/sdp", new TextDecoder().decode(realSdp.content).replace("sendrecv", direction));

describe.skipIf(missing !== undefined)(`sipp is called${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it("acknowledged for its reliable 18x, and the early answer counts", async () => {
    const reliable = (rseq: number, body = "") => ({
      ...{ tag: "a", isRepeated: true, body },
      headers: ["Require: 100rel", `RSeq: ${rseq}`],
    });
    const {
      call: ours,
      seen,
      whole,
    } = await call([
      takes("INVITE", "invite", ["Supported:", "100rel"]),
      answers("invite", 183, reliable(7, SDP)),
      takes("PRACK", "one", ["RAck:", "^ *7 1 INVITE$"]),
      answers("one", 200),
      answers("invite", 180, reliable(8)),
      takes("PRACK", "two", ["RAck:", "^ *8 1 INVITE$"]),
      answers("two", 200),
      answers("invite", 200, { tag: "a", isRepeated: true }),
      takes("ACK", "ack"),
      ...CLOSE(),
    ]);
    const { body } = await seen.until("answered");
    expect(seen.kinds()).toEqual(["early-media", "ringing", "answered"]);
    expect(body && new TextDecoder().decode(body.content)).toContain("m=audio");
    ours.hangUp();
    await whole();
  });

  it("heard before it has answered, where that isn't reliable either", async () => {
    const {
      call: ours,
      seen,
      whole,
    } = await call([
      takes("INVITE", "invite"),
      answers("invite", 183, { tag: "a", body: SDP }),
      answers("invite", 200, { tag: "a", isRepeated: true }),
      takes("ACK", "ack"),
      ...CLOSE(),
    ]);
    const { body } = await seen.until("answered");
    expect([seen.kinds(), body?.contentType]).toEqual([["early-media", "answered"], "application/sdp"]);
    ours.hangUp();
    await whole();
  });

  it("and makes the offer itself, answered in the ACK", async () => {
    const {
      call: ours,
      seen,
      whole,
    } = await call(
      [
        takes("INVITE", "invite", ["Content-Length:", "^ *0$"]),
        answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
        takes("ACK", "ack", ["body", "m=audio"]),
        ...CLOSE(),
      ],
      { body: undefined } as unknown as Partial<InviteOptions>,
    );
    await seen.until("answered");
    ours.hangUp();
    await whole();
  });

  it("with the headers that it is to have, and is held, refreshed, pressed keys at and told why it is over", async () => {
    const {
      call: ours,
      seen,
      whole,
    } = await call(
      [
        ...OPEN(
          ["X-Order:", "^ *42$"],
          ["Via:", ";rport"],
          ["User-to-User:", "encoding=hex"],
          ["Max-Forwards:", "70"],
          ["Contact:", "sip:earshot@"],
        ),
        takes(
          "INFO",
          "info",
          ["Content-Type:", "application/dtmf-relay"],
          ["body", "Signal= *5"],
          ["body", "Duration= *160"],
        ),
        answers("info", 200),
        takes("INVITE", "hold", ["body", "a=sendonly"], ["To:", "tag=a"]),
        answers("hold", 100),
        answers("hold", 200, { body: `${SDP}\na=recvonly`, isRepeated: true }),
        takes("ACK", "held"),
        takes("UPDATE", "back", ["body", "a=sendrecv"]),
        answers("back", 200, { body: SDP }),
        takes("INVITE", "refused"),
        answers("refused", 488, { isRepeated: true }),
        takes("ACK", "refusal"),
        ...CLOSE(["Reason:", "Q.850;cause=16"]),
      ],
      { headers: { "X-Order": "42", "User-to-User": "ab;encoding=hex" } },
    );
    await seen.until("answered");
    expect(await ours.sendDigit("5")).toMatchObject({ status: 200 });
    expect(await ours.reinvite({ body: offer("sendonly") })).toMatchObject({ kind: "agreed" });
    expect(await ours.reinvite({ body: realSdp, method: "UPDATE" })).toMatchObject({ kind: "agreed" });
    expect(await ours.reinvite({ body: offer("inactive") })).toMatchObject({ kind: "refused", status: 488 });
    ours.hangUp({ reason: "Q.850;cause=16" });
    await whole();
  });

  it("again when both sides have made an offer", async () => {
    const {
      call: ours,
      seen,
      whole,
    } = await call([
      ...OPEN(),
      takes("INVITE", "one"),
      answers("one", 491, { isRepeated: true }),
      takes("ACK", "first"),
      takes("INVITE", "two"),
      // Its own offer, while ours has no answer yet.
      tells("invite", "a", "INVITE", 1, { body: SDP }),
      mayHear(100),
      '<recv response="491"/>',
      tells("invite", "a", "ACK", 1, { isOfLast: true }),
      answers("two", 200, { body: SDP, isRepeated: true }),
      takes("ACK", "second"),
      ...CLOSE(),
    ]);
    await seen.until("answered");
    expect(await ours.reinvite({ body: offer("sendonly") })).toMatchObject({ kind: "agreed" });
    ours.hangUp();
    await whole();
  });

  it("with the interval that it wants (422), which is kept by re-INVITE and by UPDATE until it fails to keep it", async () => {
    const keeps = (refresher: string) => [`Session-Expires: 3;refresher=${refresher}`, "Require: timer"];
    const { seen, whole } = await call([
      takes("INVITE", "short", ["Session-Expires:", "1800"], ["Supported:", "timer"]),
      answers("short", 422, { tag: "x", headers: ["Min-SE: 3600"], isRepeated: true }),
      takes("ACK", "no"),
      takes("INVITE", "invite", ["Session-Expires:", "3600"], ["Min-SE:", "3600"], ["CSeq:", "2 INVITE"]),
      answers("invite", 200, { tag: "a", body: SDP, headers: keeps("uac"), isRepeated: true }),
      takes("ACK", "ack"),
      takes("INVITE", "one", ["Session-Expires:", "refresher=uac"]),
      answers("one", 200, {
        body: SDP,
        headers: [...keeps("uac"), "Allow: INVITE, ACK, BYE, UPDATE"],
        isRepeated: true,
      }),
      takes("ACK", "oneack"),
      takes("UPDATE", "two", ["Session-Expires:", "refresher=uac"]),
      answers("two", 200, { headers: keeps("uas") }),
      ...CLOSE(),
    ]);
    expect(await seen.until("ended")).toMatchObject({ cause: "session_expired" });
    await whole();
  });

  it("and gives up at different moments: before it rings, while it does, and when the answer crosses that", async () => {
    const CANCEL = [
      takes("CANCEL", "cancel", ["Reason:", "SIP;cause=487"], ["CSeq:", "1 CANCEL"]),
      answers("cancel", 200),
    ];
    const DONE = [...CANCEL, answers("invite", 487, { tag: "a", isRepeated: true }), takes("ACK", "ack")];
    const early = await call([takes("INVITE", "invite"), pauses(200), answers("invite", 180, { tag: "a" }), ...DONE]);
    await new Promise<void>((resolve) => setTimeout(resolve, 80));
    early.call.hangUp();
    const ringing = await call([takes("INVITE", "invite"), answers("invite", 180, { tag: "a" }), ...DONE]);
    await ringing.seen.until("ringing");
    ringing.call.hangUp();
    const crossing = await call([
      ...[takes("INVITE", "invite"), answers("invite", 180, { tag: "a" }), ...CANCEL],
      answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
      takes("ACK", "ack"),
      ...CLOSE(),
    ]);
    await crossing.seen.until("ringing");
    crossing.call.hangUp();
    for (const { seen, whole } of [early, ringing, crossing]) {
      expect(await seen.until("failed")).toMatchObject({ outcome: "cancelled" });
      await whole();
    }
  });

  it("on several branches: each rings, two answer, and the later one is hung up on", async () => {
    const {
      call: ours,
      seen,
      whole,
    } = await call([
      takes("INVITE", "invite"),
      answers("invite", 180, { tag: "a" }),
      answers("invite", 183, { tag: "b", body: SDP }),
      answers("invite", 183, { tag: "c", body: SDP }),
      answers("invite", 200, { tag: "b", body: SDP }),
      takes("ACK", "ack", ["To:", "tag=b"]),
      answers("invite", 200, { tag: "c", body: SDP }),
      takes("ACK", "spareack", ["To:", "tag=c"]),
      takes("BYE", "spare", ["To:", "tag=c"]),
      answers("spare", 200),
      // The first branch again, as if its ACK were lost.
      answers("invite", 200, { tag: "b", body: SDP }),
      takes("ACK", "again", ["To:", "tag=b"]),
      ...CLOSE(["To:", "tag=b"]),
    ]);
    await seen.until("answered");
    const branches = seen.events.flatMap((event) => (event.kind === "early-media" ? [event.branchTag] : []));
    expect(branches).toEqual(["b", "c"]);
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
    ours.hangUp();
    await whole();
  });

  it("and sends the call on to several, best first", async () => {
    const { seen, whole } = await call([
      takes("INVITE", "invite", ["msg", "^INVITE sip:bob@"]),
      answers("invite", 302, {
        ...{ tag: "x", isRepeated: true },
        headers: [
          "Contact: <sip:last@[local_ip]:[local_port]>;q=0.1, <mailto:bob@example.com>;q=1",
          "Contact: sip:best@[local_ip]:[local_port]?X-Own=1;q=0.9",
        ],
      }),
      takes("ACK", "ack"),
      takes("INVITE", "best", ["msg", "^INVITE sip:best@"], ["To:", "sip:bob@"], ["CSeq:", "2 INVITE"]),
      answers("best", 486, { tag: "y", isRepeated: true }),
      takes("ACK", "bestack"),
      takes("INVITE", "last", ["msg", "^INVITE sip:last@"]),
      answers("last", 600, { tag: "z", isRepeated: true }),
      takes("ACK", "lastack"),
    ]);
    expect(await seen.until("failed")).toMatchObject({ outcome: "busy", status: 600 });
    await whole();
  });

  it("proved to that we know the password, also when its nonce is stale", async () => {
    const challenge = (nonce: string, more = "") =>
      `WWW-Authenticate: Digest realm="sipp.test",nonce="${nonce}",algorithm=MD5,qop="auth"${more}`;
    const {
      call: ours,
      seen,
      whole,
    } = await call(
      [
        takes("INVITE", "none"),
        answers("none", 401, { tag: "x", headers: [challenge("one")], isRepeated: true }),
        takes("ACK", "noneack"),
        takes("INVITE", "old", ["Authorization:", "nonce=.one."], ["Authorization:", "nc=00000001"]),
        answers("old", 401, { tag: "y", headers: [challenge("two", ",stale=true")], isRepeated: true }),
        takes("ACK", "oldack"),
        takes("INVITE", "invite", ["Authorization:", "nonce=.two."], ["Authorization:", "uri=.sip:bob@"]).replace(
          "</action>",
          '<verifyauth assign_to="isright" username="bob" password="secret"/></action>',
        ),
        '<nop hide="true" test="isright" next="1"/>',
        answers("invite", 403, { tag: "a", isRepeated: true }),
        takes("ACK", "wrong"),
        '<label id="1"/>',
        answers("invite", 200, { tag: "a", body: SDP, isRepeated: true }),
        takes("ACK", "ack"),
        ...CLOSE(["Authorization:", "nc=00000002"]),
      ],
      { credentials: [{ username: "bob", password: "secret" }] },
    );
    await seen.until("answered");
    ours.hangUp();
    await whole();
  });

  it("through a proxy that asks for SHA-256, and by the way that the answer has recorded", async () => {
    const ROUTE = "<sip:[local_ip]:[local_port];lr;at=";
    const {
      call: ours,
      seen,
      whole,
    } = await call(
      [
        takes("INVITE", "none", ["msg", "^INVITE sip:bob@callee.example SIP"], ["Route:", ";lr>"]),
        answers("none", 407, {
          ...{ tag: "x", isRepeated: true },
          headers: [
            'Proxy-Authenticate: Digest realm="p",nonce="n",algorithm=SHA-256,qop="auth"',
            'Proxy-Authenticate: Digest realm="p",nonce="n",algorithm=MD5,qop="auth"',
          ],
        }),
        takes("ACK", "noneack", ["Route:", ";lr>"]),
        takes(
          "INVITE",
          "invite",
          ["Proxy-Authorization:", "algorithm=SHA-256"],
          ["Proxy-Authorization:", "response=.[0-9a-f]{64}"],
        ),
        answers("invite", 200, {
          ...{ tag: "a", body: SDP, isRepeated: true },
          headers: [`Record-Route: ${ROUTE}far>, ${ROUTE}near>`],
        }),
        takes("ACK", "ack", ["msg", "at=near>.*at=far>"], ["msg", "^ACK sip:sipp@"]),
        ...CLOSE(["msg", "at=near>.*at=far>"]),
      ],
      { isProxy: true, target: "sip:bob@callee.example", credentials: [{ username: "bob", password: "secret" }] },
    );
    await seen.until("answered");
    ours.hangUp();
    await whole();
  });

  const NOTIFY = (number: number, status: string, state: string) => [
    tells("invite", "a", "NOTIFY", number, {
      headers: ["Event: refer", `Subscription-State: ${state}`, "Content-Type: message/sipfrag;version=2.0"],
      body: `SIP/2.0 ${status}`,
    }),
    '<recv response="200"/>',
  ];
  const ASKED: readonly Check[] = [
    ["Refer-To:", "<sip:carol@127.0.0.1:9>"],
    ["Referred-By:", "sip:earshot@"],
  ];

  it.each<[string, readonly string[], object, number[]]>([
    [
      "which reaches them",
      [
        takes("REFER", "refer", ...ASKED),
        answers("refer", 202),
        ...NOTIFY(1, "100 Trying", "active;expires=60"),
        ...NOTIFY(2, "200 OK", "terminated;reason=noresource"),
      ],
      { kind: "succeeded", status: 200 },
      [202, 100, 200],
    ],
    [
      "which finds them busy",
      [
        takes("REFER", "refer", ...ASKED),
        answers("refer", 202),
        ...NOTIFY(1, "486 Busy Here", "terminated;reason=noresource"),
      ],
      { kind: "failed", stage: "tried", status: 486 },
      [202, 486],
    ],
    [
      "which won't",
      [takes("REFER", "refer"), answers("refer", 405)],
      { kind: "failed", stage: "refused", status: 405 },
      [],
    ],
    [
      "which tells nothing",
      [takes("REFER", "refer"), answers("refer", 200, { headers: ["Refer-Sub: false"] })],
      { kind: "unconfirmed", why: "no_reports" },
      [],
    ],
  ])("and asked to call somebody else, %s", async (_, steps, outcome, told) => {
    const { call: ours, seen, whole } = await call([...OPEN(), ...steps, ...CLOSE()]);
    await seen.until("answered");
    const progress: number[] = [];
    const onProgress = ({ status }: { status: number }) => progress.push(status);
    expect(await ours.refer({ target: "sip:carol@127.0.0.1:9", onProgress, timeoutMs: 5_000 })).toMatchObject(outcome);
    expect(progress).toEqual(told);
    ours.hangUp();
    await whole();
  });

  it("and asked to take our place in another call (Replaces)", async () => {
    const other = await call([...OPEN(), ...CLOSE()]);
    await other.seen.until("answered");
    const { callId = "", localTag = "" } = other.call.dialogId ?? {};
    const replaces = `Replaces=${callId}%3Bto-tag%3Da%3Bfrom-tag%3D${localTag}`;
    const {
      call: ours,
      seen,
      whole,
    } = await call([
      ...OPEN(),
      takes("REFER", "refer", ["Refer-To:", `<sip:sipp@127.0.0.1:${other.port};transport=UDP.${replaces}>`]),
      answers("refer", 202),
      ...NOTIFY(1, "200 OK", "terminated;reason=noresource"),
      ...CLOSE(),
    ]);
    await seen.until("answered");
    expect(await ours.refer({ replaces: other.call, timeoutMs: 5_000 })).toEqual({ kind: "succeeded", status: 200 });
    for (const each of [ours, other.call]) each.hangUp();
    await Promise.all([whole(), other.whole()]);
  });

  it("and registered with, for as long as it wants, refreshed, and taken leave of", async () => {
    const challenge = 'WWW-Authenticate: Digest realm="r",nonce="n",algorithm=MD5,qop="auth"';
    const { target, whole, stop } = await waits([
      takes("REGISTER", "short", ["Expires:", "^ *600$"], ["Contact:", "sip:bob@.*expires=600"]),
      answers("short", 423, { tag: "x", headers: ["Min-Expires: 900"] }),
      takes("REGISTER", "longer", ["Expires:", "^ *900$"], ["CSeq:", "^ *2 REGISTER"]),
      answers("longer", 401, { tag: "x", headers: [challenge] }),
      takes("REGISTER", "proved", ["Authorization:", "nc=00000001"], ["Authorization:", "uri=.sip:127.0.0.1:"]),
      answers("proved", 200, {
        tag: "x",
        headers: ["Contact: [$provedcontact];expires=10"],
      }),
      takes("REGISTER", "again", ["Authorization:", "nc=00000002"], ["CSeq:", "^ *4 REGISTER"]),
      answers("again", 200, { tag: "x", headers: ["Expires: 900"] }),
      takes("REGISTER", "gone", ["Contact:", "expires=0"], ["Expires:", "^ *0$"]),
      answers("gone", 200, { tag: "x" }),
    ]);
    stops.push(stop);
    const granted: number[] = [];
    const registration = new Registration({
      agent,
      // Ten times as fast.
      clock: {
        nowMs: () => realClock.nowMs(),
        after: (delayMs, run) => realClock.after(delayMs / 10, run),
        every: (periodMs, run) => realClock.every(periodMs / 10, run),
      },
      aor: target,
      credentials: [{ username: "bob", password: "secret" }],
      onState: (state) => state.kind === "registered" && granted.push(state.expiresInMs),
    });
    await Promise.race([expect.poll(() => granted, { timeout: 5_000 }).toEqual([10_000, 900_000]), whole()]);
    await registration.close();
    await whole();
  });
});
