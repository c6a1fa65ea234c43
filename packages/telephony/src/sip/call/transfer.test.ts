import { describe, expect, it } from "vitest";
import { textBody } from "../message/sip-message.ts";
import { ALICE, agreeingMedia, BOB, CAROL, recorder, sdp, standingCall } from "../testing/two-agents.ts";
import { UserAgent } from "../user-agent.ts";
import type { ReferRequest } from "./call-event.ts";
import type { IncomingCall } from "./incoming-call.ts";
import { formatReplaces, parseReplaces, readReferTo } from "./replaces.ts";
import { readSipfrag } from "./sipfrag.ts";

/** Alice talks with Bob; Bob may be asked to call somebody. */
async function transferRig() {
  const rig = await standingCall();
  const asked = (): ReferRequest => {
    const event = rig.heard.last();
    if (event?.kind !== "refer") throw new Error("No REFER came");
    return event.refer;
  };
  return { ...rig, asked };
}

describe("a blind transfer", () => {
  it("passes headers, tells the progress and the success", async () => {
    const { clock, call, asked } = await transferRig();
    const progress: number[] = [];
    const outcome = call.refer({
      target: `sip:carol@${CAROL}`,
      headers: { "X-Ticket": "9" },
      onProgress: ({ status }) => progress.push(status),
    });
    await clock.pass(20);
    expect(asked()).toMatchObject({ target: `sip:carol@${CAROL}`, isAttended: false });
    expect(asked().headers.get("x-ticket")).toBe("9");
    const refer = asked();
    refer.accept();
    await clock.pass(20);
    refer.report(180);
    await clock.pass(20);
    refer.report(200);
    await clock.pass(20);
    expect(await outcome).toEqual({ kind: "succeeded", status: 200 });
    expect(progress).toEqual([202, 100, 180, 200]);
  });

  it.each([
    ["it is refused", { kind: "failed", stage: "refused", status: 603 }, (refer: ReferRequest) => refer.reject()],
    ["nobody decides on it", { kind: "failed", stage: "refused", status: 603 }, () => {}],
    [
      "the new party is busy",
      { kind: "failed", stage: "tried", status: 486 },
      (refer: ReferRequest) => {
        refer.accept();
        refer.report(486);
      },
    ],
    ["no report comes", { kind: "timed-out", stage: "progress" }, (refer: ReferRequest) => refer.accept()],
  ])("tells that %s", async (_, expected, decide) => {
    const { clock, call, asked } = await transferRig();
    const outcome = call.refer({ target: `sip:carol@${CAROL}`, timeoutMs: 30_000 });
    await clock.pass(20);
    decide(asked());
    await clock.pass(31_000);
    expect(await outcome).toMatchObject(expected);
    expect(call.state).toBe("confirmed");
  });

  it("waits a moment for the report when the far end hangs up", async () => {
    const { clock, call, taken, asked } = await transferRig();
    const outcome = call.refer({ target: `sip:carol@${CAROL}` });
    await clock.pass(20);
    asked().accept();
    await clock.pass(20);
    asked().report(200);
    taken.hangUp();
    await clock.pass(3_000);
    expect(await outcome).toEqual({ kind: "succeeded", status: 200 });
    const second = await transferRig();
    const silent = second.call.refer({ target: `sip:carol@${CAROL}` });
    await second.clock.pass(20);
    second.asked().accept();
    await second.clock.pass(20);
    second.taken.hangUp();
    await second.clock.pass(3_000);
    expect(await silent).toEqual({ kind: "unconfirmed", why: "call_ended" });
  });

  it("needs a call that stands, and one transfer at a time", async () => {
    const { clock, call } = await transferRig();
    const first = call.refer({ target: `sip:carol@${CAROL}`, timeoutMs: 1_000 });
    expect(await call.refer({ target: `sip:dave@${CAROL}` })).toEqual({ kind: "impossible", reason: "busy" });
    await clock.pass(2_000);
    await first;
    call.hangUp();
    expect(await call.refer({ target: `sip:carol@${CAROL}` })).toEqual({ kind: "impossible", reason: "call_over" });
  });

  it("answers a REFER without a target with 400", async () => {
    const { clock, call, wire } = await transferRig();
    void call.refer({ target: `sip:carol@${CAROL}`, headers: { "Refer-To": '"open' }, timeoutMs: 1_000 });
    await clock.pass(2_000);
    expect(wire.summary(BOB)).toContain("400 REFER");
  });
});

describe("an attended transfer", () => {
  it("puts Carol in Alice's place at Bob's", async () => {
    const { clock, wire, alice, call, asked, seen, heard, bob } = await transferRig();
    const carolCalls: IncomingCall[] = [];
    const carol = new UserAgent({ clock, network: wire.host(CAROL), onIncomingCall: (one) => carolCalls.push(one) });
    await carol.start();
    const consult = alice.invite({ target: `sip:carol@${CAROL}`, from: `sip:alice@${ALICE}`, body: sdp("consult") });
    await clock.pass(20);
    const carolSees = recorder();
    carolCalls[0]?.watch({ onEvent: carolSees.onEvent });
    carolCalls[0]?.answer({ body: sdp("carol") });
    await clock.pass(20);

    const outcome = call.refer({ replaces: consult });
    await clock.pass(20);
    const refer = asked();
    expect(refer.isAttended).toBe(true);
    refer.accept();
    bob.invite({
      target: refer.target,
      headers: refer.inviteHeaders,
      from: `sip:bob@${BOB}`,
      body: sdp("bob"),
      watcher: { onEvent: ({ kind }) => kind === "answered" && refer.report(200), media: agreeingMedia("bob") },
    });
    await clock.pass(20);
    expect(carolCalls[1]?.replaces).toBe(carolCalls[0]);
    carolCalls[1]?.answer({ body: sdp("carol") });
    await clock.pass(100);
    expect(await outcome).toEqual({ kind: "succeeded", status: 200 });
    expect(carolSees.last()).toMatchObject({ kind: "ended", cause: "replaced" });
    expect(consult.state).toBe("ended");
    expect(seen.kinds()).toEqual(["answered"]);
    expect(heard.last()?.kind).toBe("refer");
  });

  it.each([
    ["an unknown call", "nobody;to-tag=1;from-tag=2", 481],
    ["nonsense", "nonsense", 400],
  ])("refuses to replace %s", async (_, replaces, status) => {
    const { clock, invite } = await standingCall();
    const { seen } = invite({ headers: { Replaces: replaces } });
    await clock.pass(50);
    expect(seen.last()).toMatchObject({ kind: "failed", status });
  });
});

describe("the texts of a transfer", () => {
  it("reads and writes Replaces", () => {
    const text = "call@host;to-tag=a;from-tag=b;early-only";
    expect(formatReplaces(parseReplaces(text))).toBe(text);
    expect(() => parseReplaces("call;to-tag=1")).toThrow(/from-tag/);
  });

  it("lets only harmless headers of a Refer-To through", () => {
    expect(readReferTo("sip:c@h?Replaces=a%3Bto-tag%3D1&Via=x&X-Own=1&X-Evil=a%0D%0Ab")).toEqual({
      target: "sip:c@h",
      headers: { replaces: "a;to-tag=1", "x-own": "1" },
    });
  });

  it("reads the status of a report", () => {
    expect(readSipfrag(textBody("message/sipfrag", "SIP/2.0 180 Ringing\r\nTo: x\r\n"))).toEqual({
      status: 180,
      reason: "Ringing",
    });
    expect(readSipfrag(textBody("message/sipfrag", "hello"))).toBeUndefined();
  });
});
