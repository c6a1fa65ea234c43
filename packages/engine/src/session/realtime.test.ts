import { describe, expect, it } from "vitest";
import { replayJournal } from "../journal/replay.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";
import { scriptedFailure } from "../testing/scripted-realtime.ts";

const BOOK = { id: "t1", name: "book", arguments: '{"people":2}' };

function makeCall({ realtime, ...setup }: ScriptedCallSetup = {}) {
  const call = makeScriptedCall({ ...setup, realtime: realtime ?? {} });
  if (!call.realtime) throw new Error("the call has a realtime model");
  return { ...call, model: call.realtime };
}

describe("a realtime model", () => {
  it("answers by itself, and its words stand behind the caller's though they are known sooner", async () => {
    const call = makeCall({ realtime: { texts: ["When are you open?"], answers: ["From nine to five."] } });
    await call.say(1_000, 4_000);
    expect(call.spoken()).toEqual(["caller: When are you open?", "agent: From nine to five."]);
    expect(call.model.asked).toEqual([]);
    expect(call.types().filter((type) => type === "reply-offered")).toHaveLength(1);
    // 400 ms of silence, 200 ms to the answer.
    const started = call.journal.entries.find(({ event }) => event.type === "reply-audio-started");
    expect(started?.atMs).toBeLessThanOrEqual(1_660);
  });

  it("says a greeting and a reminder word for word", async () => {
    const call = makeCall({ rules: { greeting: { mode: "static", text: "Bloom Dental, good morning." } } });
    await call.clock.advance(14_000);
    expect(call.model.asked).toEqual(["Bloom Dental, good morning.", "Are you still there?"]);
    expect(call.spoken()).toEqual(["agent: Bloom Dental, good morning.", "agent: Are you still there?"]);
  });

  it("greets in its own words when it is to", async () => {
    const call = makeCall({ rules: { greeting: { mode: "dynamic" } }, realtime: { answers: ["Hello there."] } });
    await call.clock.advance(2_000);
    expect(call.spoken()).toEqual(["agent: Hello there."]);
    expect(call.model.told[0]?.role).toBe("instruction");
  });

  it("is asked when it doesn't answer", async () => {
    const call = makeCall({ realtime: { texts: ["Hello?"], answers: ["Hi."], isShy: true } });
    await call.say(600, 5_000);
    expect(call.model.asked).toEqual([undefined]);
    expect(call.spoken()).toEqual(["caller: Hello?", "agent: Hi."]);
  });

  it("forgets what was not heard when it is interrupted", async () => {
    const long = "One two three four five six seven eight nine ten.";
    const call = makeCall({ realtime: { texts: ["Count.", "Stop it now."], answers: [long, "Fine."] } });
    await call.say(600, 1_700);
    await call.say(1_500, 3_000);
    const [cut] = call.model.cancelled;
    expect(cut?.replyId).toBe("item-1");
    expect(cut?.heardMs).toBeGreaterThan(1_000);
    expect(cut?.heardMs).toBeLessThan(2_400);
    const [asked, counted] = call.session.conversation.history;
    expect(asked).toMatchObject({ role: "caller", text: "Count." });
    expect(counted).toMatchObject({ role: "agent", wasCutOff: true });
    expect(counted?.role === "agent" && long.startsWith(counted.text)).toBe(true);
    expect(call.spoken().slice(2)).toEqual(["caller: Stop it now.", "agent: Fine."]);
  });

  it('goes on over a mere "mm-hmm", and what it begins for it is declined', async () => {
    const long = "One two three four five six seven eight nine ten eleven twelve.";
    const call = makeCall({ realtime: { texts: ["Count.", "Mm-hmm."], answers: [long, "Yes?"] } });
    await call.say(600, 1_500);
    await call.say(200, 5_000);
    expect(call.orders()).toContain("decline-offer");
    expect(call.spoken()).toContain(`agent: ${long}`);
    expect(call.spoken()).not.toContain("agent: Yes?");
    expect(call.model.cancelled.map(({ replyId }) => replyId)).toEqual(["item-2"]);
  });

  it("is not heard while the agent is muted, and answers what was said when it is not any more", async () => {
    const call = makeCall({ realtime: { texts: ["Are you there?"], answers: ["Not yet.", "I am."] } });
    call.session.setMuted(true);
    await call.say(600, 3_000);
    expect(call.leg.heard).toHaveLength(0);
    call.session.setMuted(false);
    await call.clock.advance(3_000);
    expect(call.spoken()).toEqual(["caller: Are you there?", "agent: I am."]);
  });
});

describe("tools of a realtime model", () => {
  it("run once, and their result is told and answered", async () => {
    const runs: string[] = [];
    const call = makeCall({
      realtime: {
        texts: ["A table for two."],
        answers: [{ text: "One moment.", call: BOOK }, "It is booked."],
      },
      tools: {
        run: ({ name }) => {
          runs.push(name);
          return Promise.resolve({ outcome: "succeeded", result: "table 4" });
        },
      },
    });
    await call.say(800, 6_000);
    expect(runs).toEqual(["book"]);
    expect(call.model.told).toContainEqual(
      expect.objectContaining({ role: "tool", toolCallId: "t1", outcome: "succeeded", result: "table 4" }),
    );
    expect(call.spoken()).toEqual([
      "caller: A table for two.",
      "agent: One moment.",
      "tool: table 4",
      "agent: It is booked.",
    ]);
  });

  it("wait until the reply that asks for them has the floor", async () => {
    const call = makeCall({ realtime: { answers: [{ call: BOOK }] } });
    call.session.setMuted(true);
    await call.say(600, 3_000);
    expect(call.types()).not.toContain("tool-requested");
  });
});

describe("a realtime model in trouble", () => {
  it("gives the call to the pipeline when its connection dies, and nobody is left in silence", async () => {
    const call = makeCall({
      realtime: { texts: ["Hello?"], answers: ["Hi there."] },
      texts: ["Are you open on Sunday?"],
      replies: ["No, on Sunday we are closed."],
    });
    await call.say(600, 2_500);
    call.model.die();
    await call.clock.advance(1_000);
    await call.say(900, 5_000);
    expect(call.spoken()).toEqual([
      "caller: Hello?",
      "agent: Hi there.",
      "caller: Are you open on Sunday?",
      "agent: No, on Sunday we are closed.",
    ]);
    const failed = call.journal.entries.find(({ event }) => event.type === "realtime-failed");
    expect(failed?.event).toMatchObject({ kind: "unreachable", provider: "scripted/realtime" });
  });

  it("apologises for what was being said when it died", async () => {
    const call = makeCall();
    await call.say(400, 100);
    call.model.die();
    await call.clock.advance(6_000);
    expect(call.types()).toContain("realtime-failed");
    expect(call.spoken()).toEqual(["agent: I'm sorry, I didn't get that. Could you say it again?"]);
  });

  it("is bridged by the voice of the pipeline while it stalls, and replaced", async () => {
    const call = makeCall({
      realtime: { texts: ["Hello?"], answers: ["stall"] },
      replies: ["Hello, this is somebody else."],
    });
    await call.say(600, 1_000 + 2_000);
    expect(call.leg.heard.length).toBeGreaterThan(0);
    await call.clock.advance(20_000);
    expect(call.types()).toContain("realtime-failed");
    expect(call.spoken()).toContain("agent: Hello, this is somebody else.");
  });

  it("is asked again after a reply that failed", async () => {
    const call = makeCall({
      realtime: { texts: ["Hello?"], answers: [scriptedFailure("overloaded", "too busy"), "Now I can."] },
    });
    await call.say(600, 5_000);
    expect(call.model.asked).toEqual([undefined]);
    expect(call.spoken()).toEqual(["caller: Hello?", "agent: Now I can."]);
  });
});

it("replays to the letter", async () => {
  const call = makeCall({ realtime: { texts: ["Hello?", "Bye."], answers: ["Hi there, who is it?", "Bye."] } });
  await call.say(600, 1_200);
  await call.say(900, 4_000);
  call.leg.hangUp();
  await call.clock.advance(0);
  await call.session.done;
  expect(call.bugs).toEqual([]);
  expect(replayJournal(call.journal.entries)).toMatchObject({ outcome: "identical" });
});
