/** Two agents on the phone with each other, under virtual time. */

import { replayJournal } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { describe, expect, it } from "vitest";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const END_CALL = { type: "tool-call", call: { id: "t1", name: "end_call", arguments: "{}" } } as const;
const CALLEE = "call_callee";
const CALLER = "call_caller";

function ring() {
  const clock = new FakeClock();
  const desk = new ScriptedDesk({
    clock,
    texts: Array(10).fill("words from the other end"),
    replies: {
      answers: ["We are open from nine to five.", "You are welcome."],
      asks: ["When are you open?", [{ type: "text", text: "Thank you and goodbye." }, END_CALL]],
    },
  });
  const hello = { mode: "static", text: "Hello, this is the dentist." };
  desk.reserve(CALLEE, { greeting: hello, models: { languageModel: "answers" } }, { pace: "real" });
  desk.reserve(CALLER, { models: { languageModel: "asks" } }, { pace: "real" });
  return { clock, desk };
}

describe("two bridged calls", () => {
  it("talk to each other until one hangs up, and both journals end", async () => {
    const { clock, desk } = ring();
    expect(await desk.bridge(CALLEE, CALLER)).toBe(true);
    await clock.advance(60_000);
    expect(desk.heard(CALLEE)).toBe("Hello, this is the dentist. We are open from nine to five.");
    expect(desk.heard(CALLER)).toBe("When are you open? Thank you and goodbye.");
    const ends = desk.sent.filter((message) => message.type === "ended");
    expect(ends.map(({ callId, reason }) => `${callId} ${reason}`).toSorted()).toEqual([
      `${CALLEE} caller-hung-up`,
      `${CALLER} agent-hung-up`,
    ]);
    for (const callId of [CALLEE, CALLER]) {
      expect(desk.entries(callId).at(-1)?.event.type).toBe("call-ended");
      expect(replayJournal(desk.entries(callId)).outcome).toBe("identical");
    }
  });

  it("settle who speaks when both greet at once", async () => {
    const clock = new FakeClock();
    const desk = new ScriptedDesk({ clock, texts: ["hello there my friend"] });
    const greeting = { mode: "static", text: "Hello and good morning to you, whoever you are." };
    for (const callId of [CALLEE, CALLER]) desk.reserve(callId, { greeting }, { pace: "real" });
    await desk.bridge(CALLEE, CALLER);
    await clock.advance(20_000);
    for (const callId of [CALLEE, CALLER]) {
      expect(desk.heard(callId)).toMatch(/^Hello/);
      expect(replayJournal(desk.entries(callId)).outcome).toBe("identical");
    }
    expect(desk.heard(CALLEE) + desk.heard(CALLER)).toMatch(/Okay\./);
  });

  it("both end when one is ended from outside", async () => {
    const { clock, desk } = ring();
    await desk.bridge(CALLEE, CALLER);
    await clock.advance(500);
    desk.desk.receive({ type: "end", callId: CALLEE, reason: "api-request" });
    await clock.advance(10_000);
    const ends = desk.sent.filter((message) => message.type === "ended");
    expect(ends.map(({ reason }) => reason).toSorted()).toEqual(["api-request", "caller-hung-up"]);
  });
});

describe("calls are not bridged", () => {
  it("when one is unknown, has begun, keeps no real time, or is the same", async () => {
    const { clock, desk } = ring();
    expect(await desk.bridge(CALLEE, "call_nobody")).toBe(false);
    expect(await desk.bridge(CALLEE, CALLEE)).toBe(false);
    desk.reserve("call_fast", { models: { languageModel: "asks" } }, { pace: "fast" });
    expect(await desk.bridge(CALLEE, "call_fast")).toBe(false);
    expect(await desk.bridge(CALLEE, CALLER)).toBe(true);
    expect(await desk.bridge(CALLEE, CALLER)).toBe(false);
    desk.desk.receive({ type: "end", callId: CALLEE, reason: "api-request" });
    await clock.advance(10_000);
  });
});
