import { FRAME_SAMPLES, SystemClock } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { createBridge } from "../legs/bridge-leg.ts";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const ORDER = { destination: "+12125550100", mode: "warm", briefing: "Asks for a bill." } as const;

/** Somebody at the other end of a line: what they hear, and whether they were hung up on. */
function onTheLine(desk: ScriptedDesk, callId: string, isHandedOver = false) {
  const [far, leg] = createBridge(new SystemClock());
  const heard: number[] = [];
  const digits: string[] = [];
  let isHungUpOn = false;
  expect(desk.desk.begin(callId, leg, isHandedOver)).toBe(true);
  far.open({
    onAudio: (frame) => heard.push(frame[0] ?? 0),
    onDigit: (digit) => digits.push(digit),
    ...{ onPlayed: () => {}, onLost: () => {}, onResumed: () => {} },
    onClosed: () => {
      isHungUpOn = true;
    },
  });
  return { far, heard, digits, isHungUpOn: () => isHungUpOn };
}

/** The caller's agent transfers; the person has picked up. */
async function transfer(briefing?: string) {
  const desk = new ScriptedDesk({ replies: { "": ["They are not there."] } });
  desk.reserve("call_a", {}, { pace: "real" });
  const caller = onTheLine(desk, "call_a");
  expect(await desk.order("call_a", { type: "transfer", order: ORDER })).toBe(true);
  const { askId } = await desk.until("ask");
  const relay = { callId: "call_a", ...(briefing === undefined ? {} : { briefing }) };
  desk.reserve("call_b", {}, { pace: "real", relay });
  const person = onTheLine(desk, "call_b");
  const placed = { outcome: "answered", callId: "call_b", isRelay: true } as const;
  desk.desk.receive({ type: "answer", askId, answer: { type: "transfer", placed } });
  return { desk, caller, person };
}

const ended = (desk: ScriptedDesk, callId: string) => desk.until("ended", (message) => message.callId === callId);

describe("a caller who is transferred to a person", () => {
  it.each([["Asks for a bill."], [undefined]])(
    "hears them once they know (%s), until one hangs up",
    async (briefing) => {
      const { desk, caller, person } = await transfer(briefing);
      expect((await ended(desk, "call_a")).reason).toBe("transferred");
      expect(desk.heard("call_b")).toBe(briefing ?? "");
      expect(desk.sent).toContainEqual({ type: "handed-over", callId: "call_a", toCallId: "call_b", isRelay: true });
      caller.far.play(new Int16Array(FRAME_SAMPLES).fill(1_111));
      person.far.play(new Int16Array(FRAME_SAMPLES).fill(2_222));
      caller.far.sendDigits("5");
      await expect.poll(() => [person.heard.includes(1_111), caller.heard.includes(2_222)]).toEqual([true, true]);
      expect(person.digits).toEqual(["5"]);
      expect(
        desk.sent.some(
          ({ type, ...message }) => type === "ended" && "callId" in message && message.callId === "call_b",
        ),
      ).toBe(false);
      person.far.close();
      const { reason, durationMs } = await ended(desk, "call_b");
      expect(reason).toBe("caller-hung-up");
      expect(durationMs).toBeGreaterThan(0);
      expect(caller.isHungUpOn()).toBe(true);
    },
  );

  it("is back with the agent when they hang up before they know", async () => {
    const { desk, caller, person } = await transfer("Asks for a bill that is very long and takes a while.");
    person.far.close();
    await ended(desk, "call_b");
    await desk.untilFact("call_a", "transfer-finished");
    const [finished] = desk.entries("call_a").filter(({ event }) => event.type === "transfer-finished");
    expect(finished?.event).toMatchObject({ outcome: "no-answer" });
    expect(caller.isHungUpOn()).toBe(false);
    caller.far.close();
    await ended(desk, "call_a");
  });

  it("hangs up while they are told, and they are hung up on", async () => {
    const { desk, caller, person } = await transfer("Asks for a bill that is very long and takes a while.");
    caller.far.close();
    await ended(desk, "call_a");
    await ended(desk, "call_b");
    await expect.poll(() => person.isHungUpOn()).toBe(true);
  });
});

describe("two who are connected", () => {
  it.each([
    ["the person", false],
    ["the caller", true],
  ])("go on with somebody else in the place of %s", async (_, isHandedOver) => {
    const { desk, caller, person } = await transfer();
    await ended(desk, "call_a");
    const [left, stays] = isHandedOver ? [caller, person] : [person, caller];
    const next = onTheLine(desk, "call_b", isHandedOver);
    expect([left.isHungUpOn(), stays.isHungUpOn()]).toEqual([true, false]);
    next.far.play(new Int16Array(FRAME_SAMPLES).fill(1_111));
    stays.far.play(new Int16Array(FRAME_SAMPLES).fill(2_222));
    await expect.poll(() => [stays.heard.includes(1_111), next.heard.includes(2_222)]).toEqual([true, true]);
    next.far.close();
    await ended(desk, "call_b");
    expect(stays.isHungUpOn()).toBe(true);
  });
});

describe("a far end that has somebody else take its place", () => {
  it("leaves the conversation to them", async () => {
    const desk = new ScriptedDesk();
    desk.reserve("call_a", { greeting: { mode: "static", text: "Hello there." } }, { pace: "real" });
    const first = onTheLine(desk, "call_a");
    await desk.untilFact("call_a", "reply-ended");
    const second = onTheLine(desk, "call_a");
    expect(first.isHungUpOn()).toBe(true);
    expect(await desk.order("call_a", { type: "say", text: "Welcome.", endAfter: true })).toBe(true);
    await ended(desk, "call_a");
    expect(desk.heard("call_a")).toBe("Hello there. Welcome.");
    expect(second.heard.some((sample) => sample !== 0)).toBe(true);
  });
});
