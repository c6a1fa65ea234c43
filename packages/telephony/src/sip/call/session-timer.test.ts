import { describe, expect, it } from "vitest";
import { SipHeaders } from "../message/sip-headers.ts";
import { ALICE, BOB, sdp, standingCall, twoAgents } from "../testing/two-agents.ts";
import { agreeAsClient, agreeAsServer, DEFAULT_SESSION_INTERVAL, dueMs } from "./session-interval.ts";

const headers = (entries: Record<string, string>) => SipHeaders.from(entries);

describe("agreeing on a session interval", () => {
  it.each([
    ["nothing asked, timers unknown", {}, undefined, undefined],
    ["nothing asked, timers known", { supported: "timer" }, "1800;refresher=uas", undefined],
    ["asked, nobody named", { supported: "timer", "session-expires": "600" }, "600;refresher=uac", "timer"],
    [
      "asked, we are named",
      { supported: "timer", "session-expires": "600;refresher=uas" },
      "600;refresher=uas",
      undefined,
    ],
    ["asked by a proxy", { "session-expires": "600" }, "600;refresher=uas", undefined],
    ["asked for longer than we like", { supported: "timer", "session-expires": "7200" }, "1800;refresher=uac", "timer"],
    [
      "with a longer minimum",
      { supported: "timer", "session-expires": "7200", "min-se": "3600" },
      "3600;refresher=uac",
      "timer",
    ],
  ])("as the callee: %s", (_, asked, expires, require) => {
    const verdict = agreeAsServer(headers(asked), DEFAULT_SESSION_INTERVAL);
    expect(verdict.kind).toBe("agreed");
    expect(verdict.headers["session-expires"]).toBe(expires);
    expect(verdict.headers["require"]).toBe(require);
  });

  it("refuses what is too short", () => {
    const asked = headers({ supported: "timer", "session-expires": "30" });
    expect(agreeAsServer(asked, DEFAULT_SESSION_INTERVAL)).toEqual({ kind: "too-small", headers: { "min-se": "90" } });
  });

  it("reads who refreshes from the answer", () => {
    expect(agreeAsClient(headers({ "session-expires": "90; refresher=uas" }))).toEqual({
      intervalMs: 90_000,
      isRefresher: false,
    });
    expect(agreeAsClient(headers({ x: "90" }))).toEqual({ intervalMs: 90_000, isRefresher: true });
    expect(agreeAsClient(headers({ "session-expires": "soon" }))).toBeUndefined();
    expect(dueMs({ intervalMs: 90_000, isRefresher: true })).toBe(45_000);
    expect(dueMs({ intervalMs: 90_000, isRefresher: false })).toBe(60_000);
  });
});

describe("a session timer", () => {
  const short = { session: { intervalMs: 90_000 } };

  it("keeps a long call alive by UPDATE", async () => {
    const { clock, wire, call, taken } = await standingCall({ alice: short, bob: short });
    await clock.pass(600_000);
    expect([call.state, taken.state]).toEqual(["confirmed", "confirmed"]);
    expect(wire.summary().filter((name) => name === "UPDATE").length).toBeGreaterThan(10);
    call.hangUp();
    await clock.pass(40_000);
    expect(clock.pending).toBe(0);
  });

  it("keeps it alive by re-INVITE until the far end says that it takes UPDATE", async () => {
    const { clock, wire, incoming, invite } = await twoAgents({ alice: short, bob: short });
    const { call } = invite();
    await clock.pass(20);
    incoming[0]?.watch({
      onEvent: () => {},
      media: { onOffer: (offer) => offer, makeOffer: () => sdp("b"), onAnswer: () => {} },
    });
    incoming[0]?.answer({ body: sdp("b"), headers: { Allow: "INVITE, ACK, BYE" } });
    await clock.pass(100_000);
    expect(call.state).toBe("confirmed");
    const refreshes = wire.summary(ALICE).filter((name) => name === "INVITE" || name === "UPDATE");
    expect(refreshes.slice(0, 3)).toEqual(["INVITE", "INVITE", "UPDATE"]);
  });

  it("ends a call whose far end has vanished", async () => {
    const { clock, wire, seen, heard } = await standingCall({ alice: short, bob: short });
    wire.loses = () => true;
    await clock.pass(120_000);
    expect(seen.last()).toMatchObject({ kind: "ended" });
    expect(heard.last()).toMatchObject({ kind: "ended", cause: "session_expired" });
  });

  it("lengthens the interval as a 422 asks", async () => {
    const { clock, wire, incoming, invite } = await twoAgents({ alice: short, bob: { session: { minMs: 120_000 } } });
    invite();
    await clock.pass(100);
    expect(incoming).toHaveLength(1);
    expect(incoming[0]?.headers.get("session-expires")).toBe("120");
    expect(wire.summary(BOB)[0]).toBe("422 INVITE");
    expect(wire.summary(ALICE)).toEqual(["INVITE", "ACK", "INVITE"]);
  });
});
