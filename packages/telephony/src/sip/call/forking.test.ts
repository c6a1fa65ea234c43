import { describe, expect, it } from "vitest";
import { DigestServer } from "../auth/digest-server.ts";
import { toTagOf } from "../message/sip-message.ts";
import { RawPeer } from "../testing/raw-peer.ts";
import { ALICE, agreeingMedia, BOB, CAROL, nameIn, recorder, sdp, twoAgents } from "../testing/two-agents.ts";

/** Alice calls a far end that a test plays by hand. */
async function rawCall(options: Parameters<typeof twoAgents>[0] = {}) {
  const agents = await twoAgents(options);
  await agents.bob.close();
  const peer = await RawPeer.join(agents.wire.host(BOB), ALICE);
  const made = agents.invite();
  await agents.clock.pass(20);
  return { ...agents, ...made, peer, invite1: peer.request("INVITE") };
}

describe("a forked call", () => {
  it("follows several early dialogs, keeps the first answer and hangs up on the second", async () => {
    const { clock, peer, invite1, seen, call } = await rawCall();
    peer.answer(invite1, { status: 180, tag: "one" });
    peer.answer(invite1, { status: 183, tag: "two", body: sdp("early two") });
    await clock.pass(20);
    expect(seen.kinds()).toEqual(["ringing", "early-media"]);
    peer.answer(invite1, { status: 200, tag: "one", body: sdp("one") });
    await clock.pass(20);
    peer.answer(invite1, { status: 200, tag: "two", body: sdp("two") });
    await clock.pass(20);
    expect(call.dialogId?.remoteTag).toBe("one");
    expect(peer.requests("ACK").map(toTagOf)).toEqual(["one", "two"]);
    expect(peer.requests("BYE").map(toTagOf)).toEqual(["two"]);
    expect(seen.kinds()).toEqual(["ringing", "early-media", "answered"]);
  });

  it("acknowledges an answer again that comes again, with the same ACK", async () => {
    const { clock, peer, invite1, seen } = await rawCall();
    for (let time = 0; time < 3; time += 1) {
      peer.answer(invite1, { status: 200, body: sdp("one") });
      await clock.pass(500);
    }
    await clock.pass(33_000);
    peer.answer(invite1, { status: 200, body: sdp("one") });
    await clock.pass(20);
    const acks = peer.requests("ACK");
    expect(acks.length).toBe(4);
    expect(new Set(acks.map((ack) => ack.headers.get("cseq")))).toEqual(new Set(["1 ACK"]));
    expect(seen.kinds().filter((kind) => kind === "answered")).toHaveLength(1);
  });

  it("hangs up on an answer that comes after the call was given up for good", async () => {
    const { clock, peer, invite1, call, seen } = await rawCall();
    peer.answer(invite1, { status: 180 });
    await clock.pass(10);
    call.hangUp();
    await clock.pass(33_000);
    expect(seen.kinds()).toEqual(["ringing", "failed"]);
    peer.answer(invite1, { status: 200, body: sdp("late") });
    await clock.pass(20);
    expect(peer.requests("BYE")).toHaveLength(1);
  });
});

describe("redirection", () => {
  it("follows a 302 to another host, and no more often than allowed", async () => {
    const { clock, wire, peer, invite1, seen } = await rawCall();
    const carol = await RawPeer.join(wire.host(CAROL), ALICE);
    peer.answer(invite1, { status: 302, headers: { contact: [`<tel:+1>`, `<sip:carol@${CAROL}>`] } });
    await clock.pass(20);
    expect(carol.request("INVITE").uri).toBe(`sip:carol@${CAROL}`);
    for (let time = 0; time < 3; time += 1) {
      carol.answer(carol.request("INVITE"), { status: 302, headers: { contact: `<sip:carol${time}@${CAROL}>` } });
      await clock.pass(20);
    }
    expect(seen.last()).toMatchObject({
      kind: "failed",
      outcome: "redirected",
      status: 302,
      redirects: [`sip:carol1@${CAROL}`],
    });
    expect(carol.requests("INVITE")).toHaveLength(2);
  });

  it("calls the named in the order of their q, each once, until one answers", async () => {
    const { clock, wire, peer, invite1, seen } = await rawCall();
    const carol = await RawPeer.join(wire.host(CAROL), ALICE);
    const contact = [`<sip:second@${CAROL}>;q=0.5`, `<sip:third@${CAROL}>;q=0.1`, `<sip:first@${CAROL}?X=1>`];
    peer.answer(invite1, { status: 300, headers: { contact } });
    await clock.pass(20);
    carol.answer(carol.request("INVITE"), { status: 404, tag: "c1" });
    await clock.pass(20);
    carol.answer(carol.request("INVITE"), { status: 302, headers: { contact: `<sip:first@${CAROL}>` }, tag: "c2" });
    await clock.pass(20);
    expect(carol.requests("INVITE").map(({ uri }) => uri)).toEqual([`sip:first@${CAROL}`, `sip:second@${CAROL}`]);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "redirected" });
  });

  it("gives up at once while it is asked where to go on", async () => {
    const { clock, wire, alice, peer } = await rawCall();
    const carol = await RawPeer.join(wire.host(CAROL), ALICE);
    const seen = recorder();
    const asked = Promise.withResolvers<string>();
    const target = `sip:x@${BOB}`;
    const watcher = { onEvent: seen.onEvent };
    const call = alice.invite({ target, from: "sip:a@h", redirectTo: () => asked.promise, watcher });
    await clock.pass(20);
    peer.answer(peer.request("INVITE"), { status: 302, headers: { contact: `<sip:y@${CAROL}>` } });
    await clock.pass(20);
    call.hangUp();
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "cancelled" });
    asked.resolve(`sip:y@${CAROL}`);
    await clock.pass(20);
    expect(carol.requests("INVITE")).toEqual([]);
  });

  it("goes nowhere it isn't allowed to", async () => {
    const { clock, peer, alice } = await rawCall();
    const seen = recorder();
    alice.invite({
      target: `sip:x@${BOB}`,
      from: "sip:a@h",
      redirectTo: () => undefined,
      watcher: { onEvent: seen.onEvent },
    });
    await clock.pass(20);
    peer.answer(peer.request("INVITE"), { status: 301, headers: { contact: "<sip:premium@192.0.2.50>" } });
    await clock.pass(20);
    expect(seen.last()).toMatchObject({ outcome: "redirected", redirects: ["sip:premium@192.0.2.50"] });
  });
});

describe("routing", () => {
  it("sends through preloaded proxies, then along the recorded route, last hop first", async () => {
    const { clock, alice, peer } = await rawCall();
    const proxy = `sip:${BOB};lr`;
    const call = alice.invite({
      target: "sip:carol@example.com",
      from: "sip:a@h",
      body: sdp("x"),
      outboundProxies: [`sip:${BOB}`, "sip:second.example"],
    });
    await clock.pass(20);
    const invite = peer.request("INVITE");
    expect(invite.headers.all("route")).toEqual([`<${proxy}>`, "<sip:second.example;lr>"]);
    expect(invite.uri).toBe("sip:carol@example.com");
    const recorded = ["<sip:far.example;lr>", `<${proxy}>`];
    peer.answer(invite, { status: 200, body: sdp("y"), headers: { "record-route": recorded } });
    await clock.pass(20);
    expect(peer.request("ACK").headers.all("route")).toEqual([...recorded].reverse());
    call.hangUp();
    await clock.pass(20);
    expect(peer.request("BYE").uri).toBe("sip:raw@192.0.2.2");
  });

  it("puts a strict router in the request line and the far end at the end of the route", async () => {
    const { clock, peer, invite1, call } = await rawCall();
    const strict = `<sip:${BOB}>`;
    peer.answer(invite1, { status: 200, body: sdp("y"), headers: { "record-route": strict } });
    await clock.pass(20);
    call.hangUp();
    await clock.pass(20);
    expect(peer.request("BYE").uri).toBe(`sip:${BOB}`);
    expect(peer.request("BYE").headers.all("route")).toEqual(["<sip:raw@192.0.2.2>"]);
  });
});

describe("reliable provisional responses", () => {
  it("acknowledges each once and in order", async () => {
    const { clock, peer, invite1, seen } = await rawCall();
    const reliable = (rseq: number) => ({ require: "100rel", rseq: String(rseq) });
    peer.answer(invite1, { status: 183, body: sdp("early"), headers: reliable(7) });
    await clock.pass(20);
    expect(peer.request("PRACK").headers.get("rack")).toBe("7 1 INVITE");
    peer.answer(peer.request("PRACK"), { status: 200 });
    peer.answer(invite1, { status: 183, body: sdp("early"), headers: reliable(7) });
    peer.answer(invite1, { status: 180, headers: reliable(9) });
    peer.answer(invite1, { status: 180, headers: reliable(8) });
    await clock.pass(20);
    expect(peer.requests("PRACK").map((prack) => prack.headers.get("rack"))).toEqual(["7 1 INVITE", "8 1 INVITE"]);
    peer.answer(peer.request("PRACK"), { status: 200 });
    peer.answer(invite1, { status: 200 });
    await clock.pass(20);
    expect(seen.kinds()).toEqual(["early-media", "ringing", "answered"]);
    const answered = seen.last();
    expect(answered?.kind === "answered" && nameIn(answered.body?.content ?? new Uint8Array())).toBe("early");
  });

  it("holds the answer until the early one is acknowledged, between two of us", async () => {
    const { clock, incoming, invite, wire } = await twoAgents();
    const { seen } = invite();
    await clock.pass(20);
    wire.loses = ({ message }) => message.kind === "request" && message.method === "PRACK" && clock.nowMs() < 700;
    incoming[0]?.progress({ body: sdp("early") });
    incoming[0]?.answer({ body: sdp("early") });
    await clock.pass(500);
    expect(wire.summary(BOB)).not.toContain("200 INVITE");
    await clock.pass(5_000);
    expect(seen.kinds()).toEqual(["early-media", "answered"]);
    expect(wire.summary(BOB).filter((name) => name === "183 INVITE").length).toBeGreaterThan(1);
  });

  it("gives up on a caller that never acknowledges", async () => {
    const { clock, incoming, invite, wire } = await twoAgents();
    const { seen } = invite();
    await clock.pass(20);
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    wire.loses = ({ message }) => message.kind === "request" && message.method === "PRACK";
    incoming[0]?.progress({ body: sdp("early") });
    await clock.pass(40_000);
    expect(heard.last()).toMatchObject({ kind: "ended", cause: "no_prack" });
    expect(seen.last()).toMatchObject({ kind: "failed", status: 504 });
  });

  it("takes what an early one said of the media where the answer says nothing, of the branch that answers", async () => {
    const { clock, peer, invite1, seen } = await rawCall();
    peer.answer(invite1, { status: 183, tag: "one", body: sdp("early one") });
    peer.answer(invite1, { status: 183, tag: "two", body: sdp("early two") });
    await clock.pass(20);
    peer.answer(invite1, { status: 200, tag: "one" });
    await clock.pass(20);
    const last = seen.last();
    expect(last?.kind === "answered" && last.body && nameIn(last.body.content)).toBe("early one");
  });

  it("takes an UPDATE before the answer, whose words on the media are old by then", async () => {
    const { clock, invite, incoming } = await twoAgents();
    const media = agreeingMedia("alice");
    const seen = recorder();
    invite({ watcher: { onEvent: seen.onEvent, media } });
    await clock.pass(20);
    const [taken] = incoming;
    taken?.watch({ onEvent: () => {}, media: agreeingMedia("bob") });
    taken?.progress({ body: sdp("early") });
    await clock.pass(50);
    const updated = taken?.reinvite({ body: sdp("other"), method: "UPDATE" });
    await clock.pass(50);
    const agreed = await updated;
    expect(agreed?.kind === "agreed" && agreed.answer && nameIn(agreed.answer.content)).toBe("alice answers other");
    expect(media.answers).toEqual(["early"]);
    taken?.answer({ body: sdp("early") });
    await clock.pass(50);
    expect(seen.last()).toMatchObject({ kind: "answered", body: undefined });
  });

  it("carries a late offer in the 18x and its answer in the PRACK", async () => {
    const { clock, incoming, alice } = await twoAgents();
    const seen = recorder();
    alice.invite({
      target: `sip:b@${BOB}`,
      from: "sip:a@h",
      watcher: { onEvent: seen.onEvent, media: agreeingMedia("alice") },
    });
    await clock.pass(20);
    const media = agreeingMedia("bob");
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent, media });
    incoming[0]?.progress({ body: sdp("bob offers") });
    await clock.pass(50);
    expect(media.answers).toEqual(["alice answers bob offers"]);
    incoming[0]?.answer({ body: sdp("bob offers") });
    await clock.pass(50);
    expect(seen.kinds()).toEqual(["early-media", "answered"]);
    expect(heard.last()).toEqual({ kind: "confirmed", body: undefined });
  });
});

describe("digest on a call", () => {
  const secrets = (user: string) => (user === "alice" ? { password: "secret" } : undefined);

  it("answers the challenge to its INVITE, and signs its BYE too", async () => {
    const { clock, incoming, invite, wire } = await twoAgents();
    const server = new DigestServer({ clock, realm: "bob" });
    const { call, seen } = invite({ credentials: [{ username: "alice", password: "secret" }] });
    await clock.pass(20);
    expect(await incoming[0]?.authenticate(server, secrets)).toMatchObject({ kind: "challenge" });
    await clock.pass(20);
    expect(await incoming[1]?.authenticate(server, secrets)).toEqual({ kind: "accepted", username: "alice" });
    incoming[1]?.answer({ body: sdp("x") });
    await clock.pass(20);
    call.hangUp();
    await clock.pass(20);
    expect(seen.kinds()).toEqual(["answered", "ended"]);
    const bye = wire.log.find(({ message }) => message.kind === "request" && message.method === "BYE");
    expect(bye?.message.headers.has("authorization")).toBe(true);
  });

  it("fails as unauthorized with a wrong password, after two tries", async () => {
    const { clock, incoming, invite } = await twoAgents();
    const server = new DigestServer({ clock, realm: "bob" });
    const { seen } = invite({ credentials: [{ username: "alice", password: "wrong" }] });
    for (let time = 0; time < 4; time += 1) {
      await clock.pass(20);
      await incoming.at(-1)?.authenticate(server, secrets);
    }
    await clock.pass(100);
    expect(incoming).toHaveLength(2);
    expect(seen.last()).toMatchObject({ kind: "failed", outcome: "unauthorized", status: 401 });
  });
});
