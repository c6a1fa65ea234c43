import { describe, expect, it } from "vitest";
import { bodyText, textBody } from "./message/sip-message.ts";
import { ping, sendMessage } from "./out-of-call.ts";
import { request } from "./testing/messages.ts";
import { RawPeer } from "./testing/raw-peer.ts";
import { tortureBytes } from "./testing/torture-message.ts";
import { TORTURE_MESSAGES } from "./testing/torture-messages.ts";
import { BOB, CAROL, recorder, sdp, twoAgents } from "./testing/two-agents.ts";

/** Carol speaks to Bob by hand. */
async function rawRig(options: Parameters<typeof twoAgents>[0] = {}) {
  const rig = await twoAgents(options);
  const carol = await RawPeer.join(rig.wire.host(CAROL), BOB);
  const ask = async (method: string, headers: Record<string, string> = {}, body = "") => {
    carol.received.length = 0;
    carol.send(request(method, { Via: `SIP/2.0/UDP ${CAROL};branch=z9hG4bK${Math.random()}`, ...headers }, body));
    await rig.clock.pass(20);
    return carol.received.map((got) => (got.kind === "response" ? got.status : got.method));
  };
  return { ...rig, carol, ask };
}

describe("a user agent outside calls", () => {
  it("answers a ping, and tells whether a peer is there", async () => {
    const { clock, alice } = await twoAgents();
    const up = ping(alice, { target: `sip:${BOB}`, from: "sip:ping@example.com" });
    await clock.pass(20);
    expect(await up).toMatchObject({ isUp: true, kind: "answered", status: 200 });
    const down = ping(alice, { target: `sip:${CAROL}`, from: "sip:ping@example.com" });
    await clock.pass(33_000);
    expect(await down).toEqual({ isUp: false, kind: "unanswered", reason: "timeout" });
  });

  it("passes text messages with the status of whoever takes them", async () => {
    const got: string[] = [];
    const { clock, alice } = await twoAgents({
      bob: {
        onMessage: ({ body }) => {
          got.push(bodyText(body ?? textBody("", "")));
          return 202;
        },
      },
    });
    const sent = sendMessage(alice, { target: `sip:${BOB}`, from: "sip:a@h", body: textBody("text/plain", "hello") });
    await clock.pass(20);
    expect(await sent).toMatchObject({ kind: "answered", status: 202 });
    expect(got).toEqual(["hello"]);
  });

  it.each([
    ["SUBSCRIBE", {}, [405]],
    ["MESSAGE", {}, [405]],
    ["REGISTER", {}, [405]],
    ["FROBNICATE", {}, [501]],
    ["BYE", { To: "<sip:b@h>;tag=unknown" }, [481]],
    ["CANCEL", {}, [481]],
    ["INVITE", { Require: "nothingSupportsThis, 100rel" }, [420]],
    ["INVITE", { "Content-Type": "application/unknown" }, [415]],
    ["INVITE", { "Session-Expires": "30", Supported: "timer" }, [422]],
    ["INVITE", { "Content-Encoding": "gzip" }, [415]],
    ["ACK", {}, []],
  ])("answers %s %j with %j", async (method, headers, expected) => {
    const { ask } = await rawRig();
    const body = method === "INVITE" ? "x" : "";
    expect(await ask(method, headers as Record<string, string>, body)).toEqual(expected);
  });

  it("names what it doesn't support, and what it does", async () => {
    const { ask, carol } = await rawRig();
    await ask("OPTIONS", { Require: "one, two" });
    expect(carol.received[0]?.headers.get("unsupported")).toBe("one");
    await ask("OPTIONS", { "Call-ID": "another" });
    expect(carol.received[0]?.headers.tokens("allow")).toContain("refer");
    expect(carol.received[0]?.headers.get("accept")).toBe("application/sdp");
  });

  it("refuses the same request on a second way with 482", async () => {
    const { ask, incoming } = await rawRig();
    expect(await ask("INVITE", { Via: `SIP/2.0/UDP ${CAROL};branch=z9hG4bKone` })).toEqual([100]);
    expect(await ask("INVITE", { Via: `SIP/2.0/UDP ${CAROL};branch=z9hG4bKtwo` })).toEqual([482]);
    expect(incoming).toHaveLength(1);
  });

  it("takes a call of RFC 2543, without branch", async () => {
    const { ask, incoming, carol, clock } = await rawRig();
    const headers = { Via: `SIP/2.0/UDP ${CAROL}`, From: "<sip:old@h>", Contact: `<sip:old@${CAROL}>` };
    expect(await ask("INVITE", headers)).toEqual([100]);
    expect(await ask("INVITE", headers)).toEqual([100]);
    incoming[0]?.answer({ body: sdp("x") });
    await clock.pass(10);
    const answer = carol.received.at(-1);
    const to = answer?.headers.get("to") ?? "";
    await ask("ACK", { ...headers, To: to });
    const heard = recorder();
    incoming[0]?.watch({ onEvent: heard.onEvent });
    expect(heard.kinds()).toEqual(["confirmed"]);
  });

  it("answers where the request came from when it asks for that", async () => {
    const { ask, carol } = await rawRig();
    await ask("OPTIONS", { Via: "SIP/2.0/UDP 10.0.0.1:9;branch=z9hG4bKnat;rport" });
    expect(carol.received[0]?.headers.get("via")).toBe(
      `SIP/2.0/UDP 10.0.0.1:9;branch=z9hG4bKnat;rport=5060;received=${CAROL}`,
    );
  });

  it("survives every torture message, and answers those that can be", async () => {
    const { wire, bob, carol, clock, faults } = await rawRig();
    for (const torture of TORTURE_MESSAGES) {
      const bytes = tortureBytes(torture);
      wire.inject(CAROL, BOB, bytes);
    }
    await clock.pass(200_000);
    expect(bob.callCount).toBe(0);
    expect(faults.filter((fault) => (fault as { code: string }).code === "internal")).toEqual([]);
    const statuses = carol.received.map((got) => (got.kind === "response" ? got.status : 0));
    for (const status of [400, 416, 501]) expect(statuses).toContain(status);
  });

  it("answers 500 when a listener throws, and goes on", async () => {
    const { ask, faults } = await rawRig({
      bob: {
        onRegister: () => {
          throw new Error("broken store");
        },
      },
    });
    expect(await ask("REGISTER")).toEqual([500]);
    expect(faults).toMatchObject([{ code: "internal" }]);
    expect(await ask("OPTIONS")).toEqual([200]);
  });

  it("can't be made to write into its own lines by what a far end names as its address", async () => {
    const { ask, incoming, clock } = await rawRig();
    await ask("INVITE", { Contact: "<sip:a b@192.0.2.3>" });
    incoming[0]?.answer({ body: sdp("x") });
    await clock.pass(40_000);
    expect(incoming[0]?.state).toBe("ended");
  });
});
