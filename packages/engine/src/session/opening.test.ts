import { describe, expect, it } from "vitest";
import type { Rules } from "../conversation/rules.ts";
import { replayJournal } from "../journal/replay.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";

const HELLO = "Good morning, this is Bloom Dental.";
const rules: Partial<Rules> = { greeting: { mode: "static", text: HELLO }, greetingDelayMs: 2_000 };
const screening = { identity: "Bloom Dental", purpose: "your appointment on Tuesday" };
const INTRODUCTION = "agent: This is Bloom Dental, calling about your appointment on Tuesday.";
const PROMPT = "Hi. Please say your name and why you're calling.";

function call(setup: ScriptedCallSetup) {
  return makeScriptedCall({ ...setup, rules: { ...rules, ...setup.rules } });
}

describe("a greeting that waits", () => {
  it("is said when nobody speaks", async () => {
    const { clock, journal, spoken } = call({ texts: [] });
    await clock.advance(6_000);
    expect(spoken()).toEqual([`agent: ${HELLO}`]);
    const { atMs } = journal.entries.find(({ event }) => event.type === "reply-audio-started") ?? { atMs: 0 };
    expect(atMs).toBeGreaterThanOrEqual(2_000);
    expect(atMs).toBeLessThan(2_200);
  });

  it("answers a mere hello, at once", async () => {
    const { say, spoken, languageModel } = call({ texts: ["Hello?"], rules: { greetingDelayMs: 20_000 } });
    await say(400, 5_000);
    expect(spoken()).toEqual(["caller: Hello?", `agent: ${HELLO}`]);
    expect(languageModel.requests).toEqual([]);
  });

  it("is left out for a caller who says more", async () => {
    const { say, spoken, clock } = call({ texts: ["When do you open on Monday?"], replies: ["At nine."] });
    await say(900, 3_000);
    await clock.advance(4_000);
    expect(spoken()).toEqual(["caller: When do you open on Monday?", "agent: At nine."]);
  });

  it("comes after a cough", async () => {
    const { say, spoken } = call({ texts: [""] });
    await say(200, 6_000);
    expect(spoken()).toEqual([`agent: ${HELLO}`]);
  });

  it("is asked of the model where the model greets", async () => {
    const { say, spoken } = call({
      texts: ["Hello?"],
      replies: ["Hi there."],
      rules: { greeting: { mode: "dynamic" } },
    });
    await say(400, 5_000);
    expect(spoken()).toEqual(["caller: Hello?", "agent: Hi there."]);
  });
});

describe("a call screener", () => {
  it("is told who calls and why without the model, and whoever picks up is greeted", async () => {
    const { say, spoken, languageModel, session, journal } = call({
      texts: [PROMPT, "Thanks, please stay on the line.", "Hello?"],
      rules: { screening },
    });
    await say(2_000, 6_000);
    await say(1_200, 15_000);
    await say(400, 5_000);
    expect(spoken()).toEqual([
      `caller: ${PROMPT}`,
      INTRODUCTION,
      "caller: Thanks, please stay on the line.",
      "caller: Hello?",
      `agent: ${HELLO}`,
    ]);
    expect(languageModel.requests).toEqual([]);
    expect(session.conversation.phase.name).toBe("open");
    expect(replayJournal(journal.entries).outcome).toBe("identical");
  });

  it("is told again when it asks again, and the person's question is the model's", async () => {
    const { say, spoken } = call({
      texts: [PROMPT, PROMPT, "Yes, this is Tom speaking, what is it?"],
      replies: ["It's about Tuesday."],
      rules: { screening, greetingDelayMs: 0 },
    });
    await say(2_000, 8_000);
    await say(2_000, 8_000);
    await say(900, 4_000);
    expect(spoken().filter((line) => line === INTRODUCTION)).toHaveLength(2);
    expect(spoken().at(-1)).toBe("agent: It's about Tuesday.");
  });

  it("is answered by the model where nothing is set", async () => {
    const { say, spoken, languageModel } = call({
      texts: [PROMPT],
      replies: ["Ann from Bloom."],
      rules: { screening: {} },
    });
    await say(2_000, 5_000);
    expect(spoken().at(-1)).toBe("agent: Ann from Bloom.");
    expect(languageModel.requests[0]?.messages.at(-1)).toMatchObject({ role: "instruction" });
  });

  it("is none on calls that nobody screens", async () => {
    const { say, spoken } = call({ texts: [PROMPT], replies: ["We are Bloom."] });
    await say(2_000, 5_000);
    expect(spoken()).toEqual([`caller: ${PROMPT}`, "agent: We are Bloom."]);
  });
});
