import { describe, expect, it } from "vitest";
import { replayJournal } from "../journal/replay.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";
import { tone } from "../testing/scripted-models.ts";

const STORY = "once upon a time there was a king who had three sons and a very old horse";

function makeCall(setup: ScriptedCallSetup) {
  const call = makeScriptedCall(setup);
  const speak = (thenWaitMs: number) => call.say(800, thenWaitMs);
  const asked = () => call.languageModel.requests.at(-1)?.messages.map((said) => ("text" in said ? said.text : ""));
  return { ...call, speak, asked };
}

describe("say", () => {
  it("cuts the agent off, and what was cut is not said later", async () => {
    const call = makeCall({ texts: ["Tell me a story."], replies: [STORY] });
    await call.speak(2_600);
    call.session.say("Please hold the line.", { endAfter: false });
    await call.clock.advance(8_000);
    expect(call.spoken()).toEqual([
      "caller: Tell me a story.",
      "agent: once upon a time there was a king",
      "agent: Please hold the line.",
    ]);
    expect(call.leg.clears).toBe(1);
  });

  it("answers the caller afterwards when nothing of the answer was heard", async () => {
    const call = makeCall({ texts: ["When do you open?"], replies: ["Well.", "At nine."], firstTokenMs: 600 });
    await call.speak(750);
    expect(call.languageModel.requests).toHaveLength(1);
    call.session.say("Please hold the line.", { endAfter: false });
    await call.clock.advance(6_000);
    expect(call.spoken()).toEqual(["caller: When do you open?", "agent: Please hold the line.", "agent: At nine."]);
    expect(call.asked()).toEqual(["Please hold the line.", "When do you open?"]);
  });

  it("waits for a pause of the caller, who is answered then", async () => {
    const call = makeCall({ texts: ["Hello?"], replies: ["Hi."] });
    call.leg.say(tone(800));
    await call.clock.advance(400);
    call.session.say("Please hold the line.", { endAfter: false });
    await call.clock.advance(6_000);
    expect(call.spoken()).toEqual(["agent: Please hold the line.", "caller: Hello?", "agent: Hi."]);
  });

  it("ends the call after it was heard, whatever the caller says to it", async () => {
    const call = makeCall({ texts: ["Wait!", "No!"], replies: ["Fine."] });
    call.session.say("We close now. Thank you for calling and goodbye.", { endAfter: true });
    await call.clock.advance(600);
    await call.speak(4_000);
    expect(await call.session.done).toBe("api-request");
    expect(call.spoken()).toEqual(["agent: We close now. Thank you for calling and goodbye.", "caller: Wait!"]);
    expect(call.languageModel.requests).toEqual([]);
    expect(replayJournal(call.journal.entries).outcome).toBe("identical");
  });
});

describe("injected context", () => {
  it("is known to the model from the next reply on, in its place", async () => {
    const call = makeCall({ texts: ["Hi.", "And now?"], replies: ["Hello."] });
    await call.speak(3_000);
    call.session.injectContext("The caller has paid.", { shouldReply: false });
    await call.clock.advance(1_000);
    expect(call.languageModel.requests).toHaveLength(1);
    await call.speak(3_000);
    expect(call.asked()).toEqual(["Hi.", "Hello.", "The caller has paid.", "And now?"]);
  });

  it("gives the agent a turn when one is asked for", async () => {
    const call = makeCall({ texts: [], replies: ["Your payment is here."] });
    call.session.injectContext("The caller has paid.", { shouldReply: true });
    await call.clock.advance(3_000);
    expect(call.spoken()).toEqual(["instruction: The caller has paid.", "agent: Your payment is here."]);
  });
});

describe("a muted agent", () => {
  it("stops at once, goes on listening, and answers when it may speak again", async () => {
    const call = makeCall({ texts: ["Tell me a story.", "Are you there?"], replies: [STORY, "I am."] });
    await call.speak(2_600);
    call.session.setMuted(true);
    await call.clock.advance(1_000);
    const frames = call.leg.heard.length;
    await call.speak(30_000);
    expect(call.leg.heard.length).toBe(frames);
    call.session.setMuted(false);
    await call.clock.advance(2_000);
    expect(call.spoken()).toEqual([
      "caller: Tell me a story.",
      "agent: once upon a time there was a king",
      "caller: Are you there?",
      "agent: I am.",
    ]);
    expect(replayJournal(call.journal.entries).outcome).toBe("identical");
  });

  it("says what it is told to say", async () => {
    const call = makeCall({ texts: [], replies: [] });
    call.session.setMuted(true);
    call.session.say("This is the manager.", { endAfter: false });
    await call.clock.advance(3_000);
    expect(call.spoken()).toEqual(["agent: This is the manager."]);
  });

  it("has nothing to say when nobody spoke meanwhile", async () => {
    const call = makeCall({ texts: [], replies: ["Well?"] });
    call.session.setMuted(true);
    await call.clock.advance(15_000);
    call.session.setMuted(false);
    await call.clock.advance(5_000);
    expect(call.spoken()).toEqual([]);
  });
});

describe("context turns", () => {
  const texts = ["One?", "Two?", "Three?"];

  it.each([
    [undefined, ["One?", "A.", "Paid.", "Two?", "B.", "Three?"]],
    [2, ["Paid.", "Two?", "B.", "Three?"]],
    [1, ["Paid.", "B.", "Three?"]],
    [0, ["Paid.", "Three?"]],
  ])("%s: the model gets that many before the newest words, and every note", async (contextTurns, expected) => {
    const call = makeCall({
      texts,
      replies: ["A.", "B.", "C."],
      context: "window",
      ...(contextTurns === undefined ? {} : { contextTurns }),
    });
    await call.speak(2_500);
    call.session.injectContext("Paid.", { shouldReply: false });
    await call.speak(2_500);
    await call.speak(2_500);
    expect(call.asked()).toEqual(expected);
  });
});
