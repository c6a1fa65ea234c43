/** Orders from outside, through the whole call: desk, leg, session and rules. */

import { tone } from "@earshot/engine/testing";
import { describe, expect, it } from "vitest";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const CALL = "call_1";

describe("a live call", () => {
  it("says what it is told to, and ends after it", async () => {
    const desk = new ScriptedDesk();
    desk.reserve(CALL);
    desk.attach(CALL);
    const isObeyed = await desk.order(CALL, { type: "say", text: "We close now. Goodbye.", endAfter: true });
    expect(isObeyed).toBe(true);
    expect(await desk.until("ended")).toMatchObject({ callId: CALL, reason: "api-request" });
    expect(desk.heard(CALL)).toBe("We close now. Goodbye.");
  });

  it("answers with what it was told of the caller", async () => {
    const desk = new ScriptedDesk({ replies: { "": ["Your payment is here."] } });
    desk.reserve(CALL);
    desk.attach(CALL);
    await desk.order(CALL, { type: "inject-context", content: "The caller has paid.", shouldReply: true });
    await desk.untilFact(CALL, "reply-ended");
    expect(desk.models[""]?.requests[0]?.messages).toEqual([{ role: "instruction", text: "The caller has paid." }]);
    expect(desk.heard(CALL)).toMatch(/^Your payment is here\./);
  });

  it("is silent while it is muted, and answers afterwards", async () => {
    const desk = new ScriptedDesk({ texts: ["Are you there?"], replies: { "": ["I am."] } });
    desk.reserve(CALL);
    desk.attach(CALL);
    await desk.order(CALL, { type: "mute", isMuted: true });
    desk.say(tone(800));
    await desk.untilFact(CALL, "timer-fired");
    expect(desk.models[""]?.requests).toEqual([]);
    await desk.order(CALL, { type: "mute", isMuted: false });
    await desk.untilFact(CALL, "reply-ended");
    expect(desk.heard(CALL)).toMatch(/^I am\./);
  });
});

describe("an order is not obeyed", () => {
  const order = { type: "mute", isMuted: true } as const;

  it("by a call that nobody holds", async () => {
    expect(await new ScriptedDesk().order(CALL, order)).toBe(false);
  });

  it("before the call has begun", async () => {
    const desk = new ScriptedDesk();
    desk.reserve(CALL);
    expect(await desk.order(CALL, order)).toBe(false);
  });

  it("after the call has ended", async () => {
    const desk = new ScriptedDesk();
    desk.reserve(CALL);
    desk.attach(CALL);
    desk.desk.receive({ type: "end", callId: CALL, reason: "api-request" });
    expect(await desk.order(CALL, order)).toBe(false);
    await desk.until("ended");
    expect(await desk.order(CALL, order)).toBe(false);
  });
});
