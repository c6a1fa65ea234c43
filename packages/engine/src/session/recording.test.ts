import { describe, expect, it } from "vitest";
import { replayJournal } from "../journal/replay.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";

const ASK = "May we record this call? Say yes or press one.";
const HELLO = "Good morning.";
const asked = { message: ASK, isAsked: true, key: "1" };

function call(setup: ScriptedCallSetup, consent: object = asked) {
  const rules = { greeting: { mode: "static", text: HELLO }, recordingConsent: { ...asked, ...consent } } as const;
  const made = makeScriptedCall({ ...setup, rules: { ...rules, ...setup.rules } });
  const records = () =>
    made.journal.entries.flatMap(({ effects }) =>
      effects.flatMap((e) => (e.type === "record" ? [[e.isOn, e.because]] : [])),
    );
  return { ...made, records };
}

describe("consent to a recording", () => {
  it("is asked for before anything else, and given by a spoken yes", async () => {
    const { clock, say, spoken, records, journal } = call({ texts: ["Yes, sure."] });
    await clock.advance(8_000);
    expect([spoken(), records()]).toEqual([[`agent: ${ASK}`], []]);
    await say(600, 6_000);
    expect(spoken()).toEqual([`agent: ${ASK}`, "caller: Yes, sure.", `agent: ${HELLO}`]);
    expect(records()).toEqual([[true, "agreed"]]);
    expect(replayJournal(journal.entries).outcome).toBe("identical");
  });

  it("comes before a greeting that is still to come, whatever else is owed", async () => {
    const { clock, session, spoken } = call({ texts: [], rules: { greetingDelayMs: 1_000 }, replies: ["Thank you."] });
    await clock.advance(200);
    session.injectContext("The caller has paid.", { shouldReply: true });
    await clock.advance(4_000);
    expect(
      spoken()
        .filter((line) => line.startsWith("agent"))
        .at(0),
    ).toBe(`agent: ${ASK}`);
  });

  it.each([
    ["1", [[true, "agreed"]]],
    ["2", [[false, "declined"]]],
  ])("is settled by the key %s, even while it is asked for", async (digit, wanted) => {
    const { clock, session, records, spoken } = call({ texts: [] });
    await clock.advance(500);
    session.post({ type: "digit-pressed", digit });
    await clock.advance(6_000);
    expect(records()).toEqual(wanted);
    expect(spoken().at(-1)).toBe(`agent: ${HELLO}`);
  });

  it("is not given by a no, nor by silence", async () => {
    const refusing = call({ texts: ["No, thank you."] });
    await refusing.clock.advance(8_000);
    await refusing.say(600, 5_000);
    expect(refusing.records()).toEqual([[false, "declined"]]);
    const silent = call({ texts: [] });
    await silent.clock.advance(25_000);
    expect(silent.records()).toEqual([[false, "declined"]]);
    expect(silent.spoken()).toContain(`agent: ${HELLO}`);
  });

  it("is asked for once more, and then the caller is answered unrecorded", async () => {
    const question = "When do you open on Monday?";
    const { clock, say, spoken, records } = call({ texts: [question, question], replies: ["At nine."] });
    await clock.advance(8_000);
    await say(900, 9_000);
    await say(900, 9_000);
    expect(records()).toEqual([[false, "declined"]]);
    expect(spoken().filter((line) => line === `agent: ${ASK}`)).toHaveLength(2);
    expect(spoken()).toContain("agent: At nine.");
  });

  it("is not needed where callers are only told: the recording begins when they have heard it", async () => {
    const { clock, records, journal, spoken } = call({ texts: [] }, { isAsked: false });
    await clock.advance(9_000);
    expect(records()).toEqual([[true, "told"]]);
    const began = journal.entries.find(({ effects }) => effects.some(({ type }) => type === "record"));
    expect(began?.event).toMatchObject({ type: "reply-ended", replyId: "reply-1" });
    expect(spoken()).toEqual([`agent: ${ASK}`, `agent: ${HELLO}`]);
  });
});

it("pauses and goes on by order, each once, and not before there is consent", async () => {
  const { clock, session, records } = call({ texts: [] });
  await clock.advance(500);
  session.post({ type: "recording-paused" });
  session.post({ type: "digit-pressed", digit: "1" });
  expect(records()).toEqual([[false, "agreed"]]);
  for (const type of ["recording-resumed", "recording-resumed", "recording-paused", "recording-paused"] as const)
    session.post({ type });
  expect(records().slice(1)).toEqual([
    [true, "resumed"],
    [false, "paused"],
  ]);
});

it("is paused by a tool, which says so to the model", async () => {
  const { say, records, languageModel, clock } = call(
    {
      texts: ["Here is my card."],
      replies: [[{ type: "tool-call", call: { id: "t1", name: "book", arguments: "{}" } }], "Go ahead."],
      tools: { run: async () => ({ outcome: "succeeded", result: "", order: { type: "pause-recording" } }) },
    },
    { isAsked: false },
  );
  await clock.advance(9_000);
  await say(900, 6_000);
  expect(records()).toEqual([
    [true, "told"],
    [false, "paused"],
  ]);
  expect(JSON.stringify(languageModel.requests.at(-1))).toContain("Nothing is recorded from now on.");
});
