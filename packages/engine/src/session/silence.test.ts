import { describe, expect, it } from "vitest";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import { makeScriptedCall } from "../testing/scripted-call.ts";

const { silence } = DEFAULT_RULES;

describe("silence", () => {
  it("is met with reminders, then a goodbye", async () => {
    const call = makeScriptedCall({ texts: ["Hi."] });
    await call.say(600, 60_000);
    expect(call.spoken().slice(2)).toEqual([
      `agent: ${silence.reminder}`,
      `agent: ${silence.reminder}`,
      `agent: ${silence.goodbye}`,
    ]);
    expect(await call.session.done).toBe("silence-timeout");
  });

  it("is granted to a caller who asks for a moment, once", async () => {
    const call = makeScriptedCall({ texts: ["One moment please, let me get my card.", "Here it is."] });
    await call.say(600, 55_000);
    expect(call.spoken()).not.toContain(`agent: ${silence.reminder}`);
    await call.clock.advance(8_000);
    expect(call.spoken()).toContain(`agent: ${silence.reminder}`);
    await call.say(600, 13_000);
    expect(call.spoken().filter((line) => line === `agent: ${silence.reminder}`)).toHaveLength(2);
  });

  it("is left to the model where the agent is autonomous", async () => {
    const call = makeScriptedCall({
      texts: ["Hi."],
      replies: ["Hello.", "Take your time.", [{ type: "silence" }]],
      rules: { silence: { ...silence, isAutonomous: true } },
    });
    await call.say(600, 40_000);
    expect(call.spoken().slice(1)).toEqual(["agent: Hello.", "agent: Take your time.", `agent: ${silence.goodbye}`]);
    expect(call.languageModel.requests[1]?.messages.at(-1)).toMatchObject({ role: "instruction" });
  });
});

describe("the longest time", () => {
  it("is announced before it is over, between two turns", async () => {
    const call = makeScriptedCall({
      texts: ["Hi."],
      rules: { maxDurationMs: 30_000, maxDurationWarning: { beforeMs: 10_000, text: "We have ten seconds left." } },
    });
    await call.clock.advance(19_800);
    await call.say(600, 14_000);
    expect(call.spoken()).toEqual([
      "agent: Are you still there?",
      "caller: Hi.",
      "agent: Okay.",
      "agent: We have ten seconds left.",
      `agent: ${DEFAULT_RULES.maxDurationGoodbye}`,
    ]);
    expect(await call.session.done).toBe("max-duration");
  });
});

describe("a backchannel of the agent", () => {
  const long = "I was at the shop yesterday and then I went to the";
  const rules = { backchannel: { isEnabled: true, everyMs: 3_000 } };

  it("is heard in a pause of a longer turn, softly, and is no turn", async () => {
    const call = makeScriptedCall({ texts: [long, "station."], rules });
    await call.say(4_000, 1_200);
    expect(call.orders()).toEqual(["say-backchannel"]);
    expect(call.leg.heard.length).toBeGreaterThan(5);
    expect(Math.max(...call.leg.heard.map((frame) => Math.max(...frame)))).toBeLessThan(5_000);
    await call.say(700, 4_000);
    expect(call.spoken()).toEqual([`caller: ${long} station.`, "agent: Okay."]);
  });

  it("is not said in a short turn, when the turn is over, or where it is off", async () => {
    const short = makeScriptedCall({ texts: [long], rules });
    await short.say(1_500, 1_200);
    const over = makeScriptedCall({ texts: ["I was at the shop yesterday."], rules });
    await over.say(4_000, 1_200);
    const off = makeScriptedCall({ texts: [long] });
    await off.say(4_000, 1_200);
    for (const call of [short, over, off]) expect(call.orders()).not.toContain("say-backchannel");
  });
});

describe("digits", () => {
  it("stop the agent and are its next turn", async () => {
    const call = makeScriptedCall({ texts: ["Hi."], replies: ["one two three four five six seven eight", "Thanks."] });
    await call.say(600, 1_300);
    call.leg.press("4");
    call.leg.press("#");
    await call.clock.advance(3_000);
    expect(call.spoken().slice(-2)).toEqual(["caller: pressed 4 #", "agent: Thanks."]);
    expect(call.orders()).toContain("cancel-reply");
  });

  it("that come faster than any key can be pressed are not kept", async () => {
    const call = makeScriptedCall({ texts: [] });
    const pressed = () => call.journal.entries.filter(({ event }) => event.type === "digit-pressed").length;
    for (let count = 0; count < 10_000; count++) call.leg.press("5");
    await call.clock.advance(1_000);
    expect(pressed()).toBe(40);
    for (let count = 0; count < 10; count++) call.leg.press("6");
    await call.clock.advance(1_000);
    expect(pressed()).toBe(50);
  });
});

describe("a speakerphone", () => {
  it("does not make the agent interrupt itself", async () => {
    const call = makeScriptedCall({ texts: ["Hi."], replies: ["one two three four five six seven eight nine ten"] });
    await call.say(600, 1_000);
    const before = call.leg.heard.length;
    // The agent hears itself, 60 ms later and 12 dB quieter.
    for (let step = 0; step < 120; step++) {
      const frame = call.leg.heard[before + step - 4];
      call.leg.say((frame ?? new Int16Array(320)).map((sample) => sample / 4));
      await call.clock.advance(20);
    }
    expect(call.orders()).not.toContain("duck-reply");
  });
});
