import { describe, expect, it } from "vitest";
import { nameOf } from "../testing/fake-wire.ts";
import { agreeingMedia, BOB, nameIn, recorder, sdp, standingCall, twoAgents } from "../testing/two-agents.ts";
import { UserAgent } from "../user-agent.ts";

describe("a call between two user agents", () => {
  it("rings, is answered, and ends", async () => {
    const { clock, wire, incoming, invite, alice, bob, faults } = await twoAgents();
    const { call, seen } = invite({ headers: { "X-Order": "42", "User-to-User": "abc;encoding=hex" } });
    await clock.pass(20);
    const [taken] = incoming;
    expect(taken?.headers.get("x-order")).toBe("42");
    expect(taken?.headers.get("user-to-user")).toBe("abc;encoding=hex");
    expect(taken?.from.name).toBe("Alice");
    const heard = recorder();
    taken?.watch({ onEvent: heard.onEvent });
    taken?.progress();
    await clock.pass(20);
    taken?.answer({ body: sdp("answer"), headers: { "X-Agent": "7" } });
    await clock.pass(20);
    call.hangUp({ headers: { "X-Why": "done" } });
    await clock.pass(40_000);
    expect(seen.kinds()).toEqual(["ringing", "answered", "ended"]);
    expect(heard.kinds()).toEqual(["confirmed", "ended"]);
    expect(heard.last()).toMatchObject({ cause: "remote_hang_up" });
    expect(wire.summary()).toEqual(["INVITE", "100 INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"]);
    expect([alice.callCount, bob.callCount, clock.pending]).toEqual([0, 0, 0]);
    expect(faults).toEqual([]);
  });

  it("comes about and ends although every third datagram is lost and others come twice", async () => {
    const { clock, wire, incoming, invite } = await twoAgents();
    let count = 0;
    wire.loses = () => {
      count += 1;
      return count % 3 === 1;
    };
    wire.copies = () => (count % 4 === 0 ? 2 : 1);
    const { call, seen } = invite();
    await clock.pass(3_000);
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    incoming[0]?.answer({ body: sdp("answer") });
    await clock.pass(10_000);
    call.hangUp();
    await clock.pass(100_000);
    expect(incoming).toHaveLength(1);
    expect(seen.kinds().slice(-2)).toEqual(["answered", "ended"]);
    expect(heard.kinds()).toEqual(["confirmed", "ended"]);
    expect(clock.pending).toBe(0);
  });

  it("repeats its answer until the ACK comes, then hangs up for want of one", async () => {
    const { clock, wire, incoming, invite } = await twoAgents();
    wire.loses = ({ message }) => nameOf(message) === "ACK";
    invite();
    await clock.pass(20);
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    incoming[0]?.answer({ body: sdp("answer") });
    const startMs = clock.nowMs();
    await clock.pass(33_000);
    const sent = wire.log.filter(({ message }) => nameOf(message) === "200 INVITE").map(({ atMs }) => atMs - startMs);
    expect(sent).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    expect(heard.last()).toMatchObject({ kind: "ended", cause: "no_ack" });
    expect(wire.summary(BOB).at(-1)).toBe("BYE");
  });

  it("holds a hang-up back until its answer has arrived", async () => {
    const { clock, wire, incoming, invite } = await twoAgents();
    const { seen } = invite();
    await clock.pass(20);
    wire.loses = ({ message }) => nameOf(message) === "200 INVITE" && clock.nowMs() < 1_000;
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    incoming[0]?.answer({ body: sdp("answer") });
    incoming[0]?.hangUp();
    expect(heard.kinds()).toEqual(["ended"]);
    await clock.pass(5_000);
    expect(seen.kinds()).toEqual(["answered", "ended"]);
    expect(wire.summary(BOB).slice(-2)).toEqual(["200 INVITE", "BYE"]);
    await clock.pass(70_000);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [486, "busy"],
    [603, "rejected"],
    [404, "unknown_number"],
    [480, "no_answer"],
    [488, "no_common_media"],
    [503, "unreachable"],
  ])("tells a refusal with %i as %s", async (status, outcome) => {
    const { clock, incoming, invite, wire } = await twoAgents();
    const { seen } = invite();
    await clock.pass(20);
    incoming[0]?.reject({ status, headers: { "X-Why": "no" } });
    await clock.pass(100);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome, status });
    expect(wire.summary().at(-1)).toBe("ACK");
    await clock.pass(40_000);
    expect(clock.pending).toBe(0);
  });

  it("tells that nobody is there", async () => {
    const { clock, invite } = await twoAgents();
    const { seen } = invite({ target: "sip:x@192.0.2.99" });
    await clock.pass(33_000);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "unreachable", status: 0 });
    const lost = invite({ target: "sip:x@nowhere.example" });
    await clock.pass(10);
    expect(lost.seen.last()).toMatchObject({ kind: "failed", outcome: "unreachable" });
    const refused = invite({ target: "sip:x@192.0.2.99;transport=tcp" });
    await clock.pass(10);
    expect(refused.seen.last()).toMatchObject({ kind: "failed", outcome: "unreachable" });
  });

  it("goes on to the next address when one doesn't answer", async () => {
    const { clock, incoming, invite } = await twoAgents();
    invite({
      via: [
        { protocol: "tcp", address: "192.0.2.99", port: 5060 },
        { protocol: "udp", address: BOB, port: 5060 },
      ],
    });
    await clock.pass(100);
    expect(incoming).toHaveLength(1);
  });

  it("offers late: the answer brings the offer, the ACK the answer", async () => {
    const { clock, incoming, alice } = await twoAgents();
    const seen = recorder();
    alice.invite({
      target: `sip:bob@${BOB}`,
      from: "sip:alice@example.com",
      watcher: { onEvent: seen.onEvent, media: agreeingMedia("alice") },
    });
    await clock.pass(20);
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    expect(incoming[0]?.offer).toBeUndefined();
    incoming[0]?.answer({ body: sdp("bob offers") });
    await clock.pass(20);
    const confirmed = heard.events.find((event) => event.kind === "confirmed");
    expect(
      nameIn(confirmed?.kind === "confirmed" ? (confirmed.body?.content ?? new Uint8Array()) : new Uint8Array()),
    ).toBe("alice answers bob offers");
    expect(seen.kinds()).toEqual(["answered"]);
  });

  it("gives early media and says where it comes from", async () => {
    const { clock, incoming, invite } = await twoAgents();
    const { seen } = invite();
    await clock.pass(20);
    incoming[0]?.progress({ body: sdp("early") });
    await clock.pass(100);
    expect(seen.events[0]).toMatchObject({ kind: "early-media", status: 183 });
  });

  it("refuses headers that the stack owns, and line breaks", async () => {
    const { invite } = await twoAgents();
    expect(() => invite({ headers: { Via: "x" } })).toThrow(/written by the stack/);
    expect(() => invite({ headers: { "X-A": "1\r\nX-B: 2" } })).toThrow(/one line/);
    expect(() => invite({ target: "bob" })).toThrow(/scheme/);
  });

  it("reports what a watcher throws and goes on", async () => {
    const { clock, incoming, invite, faults } = await twoAgents();
    invite({
      watcher: {
        onEvent: () => {
          throw new Error("broken watcher");
        },
      },
    });
    await clock.pass(20);
    incoming[0]?.answer({ body: sdp("answer") });
    await clock.pass(100);
    expect(incoming[0]?.state).toBe("confirmed");
    expect(faults).toMatchObject([{ code: "watcher_threw" }]);
  });
});

describe("giving up", () => {
  it("cancels a call that rings, and both sides know why", async () => {
    const { clock, wire, incoming, invite } = await twoAgents();
    const { call, seen } = invite();
    await clock.pass(20);
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    incoming[0]?.progress();
    await clock.pass(20);
    call.hangUp();
    await clock.pass(100);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "cancelled", status: 487 });
    expect(heard.last()).toMatchObject({ kind: "ended", cause: "cancelled" });
    expect(wire.summary().slice(3)).toEqual(["CANCEL", "200 CANCEL", "487 INVITE", "ACK"]);
  });

  it("waits with the CANCEL until the far end has shown that it has the INVITE", async () => {
    const { clock, wire, invite } = await twoAgents();
    wire.loses = ({ atMs }) => atMs < 600;
    const { call, seen } = invite();
    await clock.pass(10);
    call.hangUp();
    await clock.pass(400);
    expect(wire.summary()).toEqual(["INVITE"]);
    await clock.pass(3_000);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "cancelled", status: 487 });
  });

  it("hangs up on an answer that crossed the CANCEL", async () => {
    const { clock, wire, incoming, invite } = await twoAgents();
    const { call, seen } = invite();
    await clock.pass(20);
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    incoming[0]?.answer({ body: sdp("answer") });
    call.hangUp();
    await clock.pass(200);
    expect(seen.kinds()).toEqual(["failed"]);
    expect(heard.last()).toMatchObject({ kind: "ended", cause: "remote_hang_up" });
    expect(wire.summary()).toContain("BYE");
  });

  it("gives up by itself when nobody answers in time", async () => {
    const { clock, incoming, invite } = await twoAgents();
    const { seen } = invite({ ringTimeoutMs: 20_000 });
    await clock.pass(20);
    incoming[0]?.progress();
    await clock.pass(20_100);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "no_answer" });
    expect(incoming[0]?.state).toBe("ended");
  });

  it("refuses a call nobody here decides on", async () => {
    const { clock, invite } = await twoAgents();
    const { seen } = invite({ ringTimeoutMs: 600_000 });
    await clock.pass(181_000);
    expect(seen.last()).toMatchObject({ kind: "failed", status: 480 });
  });
});

describe("inside a call", () => {
  it("passes keys by INFO in both formats, and other INFO bodies as they are", async () => {
    const { clock, call, heard, taken, seen } = await standingCall();
    expect(call.sendDigit("5")).toBeInstanceOf(Promise);
    void taken.sendDigit("#", { format: "dtmf" });
    void call.sendInfo({ contentType: "application/x-own", content: new Uint8Array([1, 2]) });
    await clock.pass(100);
    expect(heard.events.slice(1)).toMatchObject([
      { kind: "digit", digit: "5", durationMs: 160 },
      { kind: "info", body: { contentType: "application/x-own" } },
    ]);
    expect(seen.last()).toMatchObject({ kind: "digit", digit: "#", durationMs: undefined });
    expect(() => call.sendDigit("12")).toThrow(RangeError);
  });

  it("holds by re-INVITE and by UPDATE, from either side", async () => {
    const { clock, call, taken, wire } = await standingCall();
    const hold = call.reinvite({ body: sdp("hold") });
    await clock.pass(100);
    expect(await hold).toMatchObject({ kind: "agreed" });
    const resume = taken.reinvite({ body: sdp("resume"), method: "UPDATE" });
    await clock.pass(100);
    const result = await resume;
    expect(result.kind === "agreed" && nameIn(result.answer?.content ?? new Uint8Array())).toBe("alice answers resume");
    expect(wire.summary().slice(4)).toEqual(["INVITE", "100 INVITE", "200 INVITE", "ACK", "UPDATE", "200 UPDATE"]);
  });

  it("tries again when both sides offer at once", async () => {
    const { clock, call, taken, wire } = await standingCall();
    const results = Promise.all([call.reinvite({ body: sdp("a") }), taken.reinvite({ body: sdp("b") })]);
    await clock.pass(10_000);
    expect((await results).map(({ kind }) => kind)).toEqual(["agreed", "agreed"]);
    expect(wire.summary().filter((name) => name === "491 INVITE").length).toBeGreaterThan(0);
  });

  it("keeps the call when an offer is refused", async () => {
    const { clock, call, taken, heard } = await standingCall();
    taken.watch({ onEvent: heard.onEvent, media: { ...agreeingMedia(), onOffer: () => undefined } });
    const result = call.reinvite({ body: sdp("video") });
    await clock.pass(100);
    expect(await result).toMatchObject({ kind: "refused", status: 488 });
    taken.watch({
      onEvent: heard.onEvent,
      media: {
        ...agreeingMedia(),
        onOffer: () => {
          throw new Error("media broke");
        },
      },
    });
    const broken = call.reinvite({ body: sdp("video") });
    await clock.pass(100);
    expect(await broken).toMatchObject({ kind: "refused", status: 500 });
    expect([call.state, taken.state]).toEqual(["confirmed", "confirmed"]);
  });

  it("ends when the far end no longer knows the call", async () => {
    const { clock, call, bob, seen, wire } = await standingCall();
    wire.loses = ({ from }) => from === BOB;
    await bob.close();
    wire.loses = () => false;
    const reborn = new UserAgent({ clock, network: wire.host(BOB) });
    await reborn.start();
    const result = call.reinvite({ body: sdp("x") });
    await clock.pass(1_000);
    expect(await result).toMatchObject({ kind: "refused", status: 481 });
    expect(seen.last()).toMatchObject({ kind: "ended", cause: "dialog_gone" });
  });

  it("answers a request that came late with 500 and one for no call with 481", async () => {
    const { clock, call, alice, wire } = await standingCall();
    const { dialogId } = call;
    void call.sendInfo({ contentType: "text/plain", content: new Uint8Array([65]) });
    await clock.pass(50);
    const old = wire.log.find(({ message }) => nameOf(message) === "INFO")?.message;
    if (old?.kind !== "request" || !dialogId) throw new Error("no INFO was sent");
    const late = { ...old, headers: old.headers.clone().set("cseq", "1 INFO") };
    const status = alice.send({ request: late, nextSeq: () => 9 });
    await clock.pass(50);
    expect(await status).toMatchObject({ response: { status: 500 } });
    const stray = { ...old, headers: old.headers.clone().set("call-id", "other") };
    const unknown = alice.send({ request: stray, nextSeq: () => 9 });
    await clock.pass(50);
    expect(await unknown).toMatchObject({ response: { status: 481 } });
  });

  it("says goodbye to every call when the user agent closes", async () => {
    const { clock, alice, heard, seen } = await standingCall();
    await alice.close();
    await clock.pass(100);
    expect(seen.last()).toMatchObject({ kind: "ended", cause: "shutdown" });
    expect(heard.last()).toMatchObject({ kind: "ended", cause: "remote_hang_up" });
  });
});
