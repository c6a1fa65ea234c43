import { describe, expect, it } from "vitest";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import { replayJournal } from "../journal/replay.ts";
import { ProviderError } from "../models/provider-error.ts";
import { makeScriptedCall } from "../testing/scripted-call.ts";
import type { ScriptedReply } from "../testing/scripted-models.ts";
import type { ToolOutcome } from "./calling-tools.ts";

/** Nobody bridges a slow model's pauses. */
const QUIET = { fillPauseAfterMs: 0 };

describe("a call", () => {
  it("greets, listens, answers and remembers what both heard", async () => {
    const call = makeScriptedCall({
      rules: { greeting: { mode: "static", text: "Hello there." } },
      texts: ["What are your hours?"],
      replies: ["We open at nine. See you then."],
    });
    await call.clock.advance(1_500);
    await call.say(1_000, 4_000);
    expect(call.spoken()).toEqual([
      "agent: Hello there.",
      "caller: What are your hours?",
      "agent: We open at nine. See you then.",
    ]);
    expect(call.languageModel.requests[0]?.messages).toEqual([
      { role: "agent", text: "Hello there." },
      { role: "caller", text: "What are your hours?" },
    ]);
    expect(call.bugs).toEqual([]);
  });

  it("speaks the first sentence while the model is still writing the second", async () => {
    const clockless = makeScriptedCall({ texts: ["Hi."], replies: ["One two three. Four five six."] });
    await clockless.say(600, 1_500);
    const types = clockless.types();
    expect(types.indexOf("reply-audio-started")).toBeLessThan(types.lastIndexOf("reply-heard"));
    expect(clockless.textToSpeech.spoken.map((request) => request.text)).toEqual(["One two three.", "Four five six."]);
  });

  it("has the voice say what is written, and remembers it as it was written", async () => {
    const call = makeScriptedCall({
      rules: { greeting: { mode: "static", text: "**Hello** there 👋" } },
      texts: ["What is it?"],
      replies: ["- It costs **$3.50** [laughs] at 5 p.m. 👍"],
    });
    await call.clock.advance(1_500);
    await call.say(600, 6_000);
    expect(call.textToSpeech.spoken.map((request) => request.text)).toEqual([
      "Hello there",
      "It costs three dollars and fifty cents at five P M.",
    ]);
    expect(call.spoken()).toEqual(["agent: Hello there", "caller: What is it?", "agent: It costs $3.50 at 5 p.m."]);
    expect(call.session.conversation.history.some((said) => "wasCutOff" in said)).toBe(false);
  });

  it("keeps a number as it was written when the caller cuts the agent off behind it", async () => {
    const call = makeScriptedCall({
      texts: ["How much?", "Stop it please."],
      replies: ["It costs $1,234.50 in all for the two of you and the dog", "Okay."],
    });
    await call.say(800, 3_200);
    await call.say(1_200, 4_000);
    expect(call.spoken()[1]).toMatch(/^agent: It costs \$1,234\.50( in| in all| in all for)?$/);
  });

  it("takes emoji alone for no answer, and asks the model again", async () => {
    const call = makeScriptedCall({ texts: ["Hello?"], replies: ["👍", "Yes."] });
    await call.say(600, 4_000);
    expect(call.spoken()).toEqual(["caller: Hello?", "agent: Yes."]);
  });

  it("stops talking when the caller talks over it, and remembers only what was heard", async () => {
    const call = makeScriptedCall({
      texts: ["Tell me a story.", "Stop it please."],
      replies: ["once upon a time there was a king who had three sons and a very old horse", "Okay."],
    });
    await call.say(800, 2_600);
    const heardBefore = call.leg.heard.length;
    await call.say(1_200, 4_000);
    expect(call.spoken()).toEqual([
      "caller: Tell me a story.",
      "agent: once upon a time there was a king who had three sons",
      "caller: Stop it please.",
      "agent: Okay.",
    ]);
    expect(call.session.conversation.history[1]).toMatchObject({ wasCutOff: true });
    expect(call.leg.clears).toBe(1);
    expect(call.leg.heard.length - heardBefore).toBeLessThan(70);
  });

  it("goes on where it was stopped when the sound was no words", async () => {
    const call = makeScriptedCall({
      texts: ["Tell me a story.", ""],
      replies: ["once upon a time there was a king who had three sons and a very old horse"],
    });
    await call.say(800, 2_600);
    await call.say(700, 6_000);
    const said = call
      .spoken()
      .slice(1)
      .map((line) => line.replace("agent: ", ""))
      .join(" ");
    expect(said).toBe("once upon a time there was a king who had three sons and a very old horse");
    expect(call.languageModel.requests).toHaveLength(1);
  });

  it("counts playing by the clock where the far end reports nothing", async () => {
    const call = makeScriptedCall({
      texts: ["Hi."],
      replies: ["one two three four five"],
      reportPlayback: false,
      leadMs: 0,
    });
    await call.say(600, 5_000);
    expect(call.spoken()).toEqual(["caller: Hi.", "agent: one two three four five"]);
  });

  it("lets the model be silent on purpose", async () => {
    const call = makeScriptedCall({ texts: ["Hm, let me think."], replies: [[{ type: "silence" }]] });
    await call.say(600, 5_000);
    expect(call.spoken()).toEqual(["caller: Hm, let me think."]);
    expect(call.languageModel.requests).toHaveLength(1);
    expect(call.types()).toContain("reply-ended");
  });

  it("waits as long for a part as the model asks for", async () => {
    const slow: ScriptedReply = () => "At last.";
    const call = makeScriptedCall({
      texts: ["Hi."],
      replies: [slow],
      firstTokenMs: 40_000,
      partLimitMs: 60_000,
      rules: QUIET,
    });
    await call.say(600, 45_000);
    expect(call.spoken()).toEqual(["caller: Hi.", "agent: At last."]);
  });

  it("keeps the last words of a caller who hangs up", async () => {
    const call = makeScriptedCall({ texts: ["I'll call back."] });
    await call.say(600, 40);
    call.leg.hangUp();
    await call.clock.advance(6_000);
    expect(call.spoken()).toEqual(["caller: I'll call back."]);
    expect(await call.session.done).toBe("caller-hung-up");
    expect(call.types().at(-1)).toBe("call-ended");
  });

  it("plays the goodbye to its end before it hangs up", async () => {
    const call = makeScriptedCall({
      texts: ["Bye."],
      replies: [
        [
          { type: "text", text: "Thank you and goodbye." },
          { type: "tool-call", call: { id: "t1", name: "end_call", arguments: "{}" } },
        ],
      ],
    });
    await call.say(600, 4_000);
    expect(await call.session.done).toBe("agent-hung-up");
    expect(call.spoken()).toContain("agent: Thank you and goodbye.");
    expect(call.leg.closedWith).toBe("agent-hung-up");
  });

  it("reminds a silent caller, says goodbye and hangs up", async () => {
    const call = makeScriptedCall();
    await call.clock.advance(60_000);
    expect(await call.session.done).toBe("silence-timeout");
    expect(call.spoken()).toEqual([
      "agent: Are you still there?",
      "agent: Are you still there?",
      "agent: I can't hear you, so I'll hang up now. Goodbye.",
    ]);
  });
});

describe("tools", () => {
  it("run after the journal is safe, and the agent tells the result", async () => {
    const flushedBefore: number[] = [];
    const call = makeScriptedCall({
      texts: ["Book a table."],
      replies: [
        [
          { type: "text", text: "One moment." },
          { type: "tool-call", call: { id: "t1", name: "book", arguments: '{"at":7}' } },
        ],
        "It is booked.",
      ],
      tools: {
        run: () => {
          flushedBefore.push(call.journal.flushedTo.length);
          return Promise.resolve({ outcome: "succeeded", result: "table 5" });
        },
      },
    });
    await call.say(600, 6_000);
    expect(flushedBefore).toEqual([1]);
    expect(call.spoken()).toEqual([
      "caller: Book a table.",
      "agent: One moment.",
      "tool: table 5",
      "agent: It is booked.",
    ]);
  });

  it("teach the call what the caller told, and need no second answer when words stand beside them", async () => {
    const remember = { type: "tool-call", call: { id: "a", name: "remember", arguments: '{"people":4}' } } as const;
    const call = makeScriptedCall({
      texts: ["Four of us."],
      replies: [[{ type: "text", text: "Four, fine. And when?" }, remember], "Never asked for."],
      tools: { run: async () => ({ outcome: "succeeded", result: "Kept: people.", learnt: { people: 4 } }) },
    });
    await call.say(600, 6_000);
    expect(call.session.conversation.values).toEqual({ people: 4 });
    expect(call.languageModel.requests.length).toBe(1);
    expect(call.spoken()).toEqual(["caller: Four of us.", "agent: Four, fine. And when?", "tool: Kept: people."]);
  });

  it("still teach the call, and keep their result, when the caller has hung up meanwhile", async () => {
    const remember = { type: "tool-call", call: { id: "a", name: "remember", arguments: "{}" } } as const;
    const done = Promise.withResolvers<ToolOutcome>();
    const call = makeScriptedCall({
      texts: ["Four."],
      replies: [[{ type: "text", text: "Fine." }, remember]],
      tools: { run: () => done.promise },
    });
    await call.say(600, 3_000);
    call.leg.hangUp();
    done.resolve({ outcome: "succeeded", result: "Kept: people.", learnt: { people: 4 } });
    await call.clock.advance(1_000);
    expect(call.session.conversation.values).toEqual({ people: 4 });
    expect(call.spoken().at(-1)).toBe("tool: Kept: people.");
    expect(call.types().at(-1)).toBe("call-ended");
  });

  it("ask the model again when they teach nothing, or nothing was said beside them", async () => {
    const remember = { type: "tool-call", call: { id: "a", name: "remember", arguments: "{}" } } as const;
    const run = async () => ({ outcome: "failed", result: "people must be a number." }) as const;
    const failed = makeScriptedCall({
      texts: ["Hm."],
      replies: [[{ type: "text", text: "Fine." }, remember], "How many?"],
      tools: { run },
    });
    await failed.say(600, 6_000);
    expect(failed.spoken().at(-1)).toBe("agent: How many?");
    const silent = makeScriptedCall({ texts: ["Four."], replies: [[remember], "When?"] });
    await silent.say(600, 6_000);
    expect(silent.spoken().at(-1)).toBe("agent: When?");
  });

  it("are not run when the journal can't be stored", async () => {
    let runs = 0;
    const call = makeScriptedCall({
      texts: ["Book a table."],
      replies: [[{ type: "tool-call", call: { id: "t1", name: "book", arguments: "{}" } }], "I could not book."],
      tools: {
        run: () => {
          runs++;
          return Promise.resolve({ outcome: "succeeded", result: "" });
        },
      },
    });
    call.journal.failNextFlush();
    await call.say(600, 4_000);
    expect(runs).toBe(0);
    expect(call.spoken().at(-1)).toBe("agent: I could not book.");
  });

  it("keep their result when the caller talks over the answer", async () => {
    const call = makeScriptedCall({
      texts: ["Book a table.", "And a parking space."],
      replies: [
        [
          { type: "text", text: "I am going to do that for you right now so please hold on." },
          { type: "tool-call", call: { id: "t1", name: "book", arguments: "{}" } },
        ],
        "Both are fine.",
      ],
    });
    await call.say(600, 1_500);
    await call.say(1_000, 4_000);
    const last = call.languageModel.requests.at(-1)?.messages ?? [];
    expect(last.map((message) => message.role)).toEqual(["caller", "agent", "tool", "caller"]);
  });
});

describe("failures", () => {
  const broken = new ProviderError({ provider: "x", stage: "language-model", kind: "overloaded", message: "busy" });

  it("are tried once more when nothing was heard yet", async () => {
    const call = makeScriptedCall({ texts: ["Hi."], replies: [[broken], "Hello."] });
    await call.say(600, 4_000);
    expect(call.spoken()).toEqual(["caller: Hi.", "agent: Hello."]);
  });

  it("end in an apology, and in the end of the call when nothing works", async () => {
    const call = makeScriptedCall({ texts: ["Hi.", "Hi?", "Hello?"], replies: [[broken]] });
    await call.say(600, 6_000);
    expect(call.spoken()).toContain(`agent: ${DEFAULT_RULES.apology}`);
    await call.say(600, 6_000);
    await call.say(600, 6_000);
    expect(call.leg.closedWith).toBe("provider-failure");
  });

  it("of the ears are met with an apology", async () => {
    const deaf = new ProviderError({ provider: "x", stage: "speech-to-text", kind: "internal", message: "gone" });
    const call = makeScriptedCall({ texts: [deaf] });
    await call.say(600, 4_000);
    expect(call.spoken()).toEqual([`agent: ${DEFAULT_RULES.apology}`]);
  });
});

describe("a broken invariant", () => {
  it("ends this call with a reason, and keeps what was known", async () => {
    const call = makeScriptedCall({ texts: ["Hi."], replies: ["One two three four five six seven eight."] });
    await call.say(600, 1_500);
    call.leg.play = () => {
      throw new Error("the leg broke");
    };
    await call.clock.advance(2_000);
    expect(await call.session.done).toBe("internal");
    expect(call.bugs).toEqual([new Error("the leg broke")]);
    expect(call.journal.entries.at(-1)?.event).toMatchObject({ type: "call-ended", reason: "internal" });
    expect(call.leg.closedWith).toBe("internal");
    expect(replayJournal(call.journal.entries)).toMatchObject({ outcome: "identical" });
  });
});

describe("a lost connection", () => {
  it("holds the reply and goes on with it when the caller is back", async () => {
    const call = makeScriptedCall({ texts: ["Go on."], replies: ["one two three four five six seven eight"] });
    await call.say(600, 1_400);
    call.leg.loseConnection();
    await call.clock.advance(5_000);
    call.leg.reconnect();
    await call.clock.advance(6_000);
    expect(call.spoken()).toEqual(["caller: Go on.", "agent: one two three four five six seven eight"]);
  });
});

describe("the journal", () => {
  it("replays to the same orders and the same history", async () => {
    const call = makeScriptedCall({
      rules: { greeting: { mode: "dynamic" } },
      texts: ["Tell me a story.", "Stop it please."],
      replies: ["Hello.", "once upon a time there was a king who had three sons and a very old horse", "Okay."],
    });
    await call.clock.advance(2_000);
    await call.say(800, 2_600);
    await call.say(1_200, 4_000);
    call.leg.hangUp();
    await call.clock.advance(100);
    await call.session.done;
    const replay = replayJournal(call.journal.entries);
    expect(replay).toMatchObject({ outcome: "identical", entries: call.journal.entries.length });
    if (replay.outcome === "identical") expect(replay.conversation.history).toEqual(call.session.conversation.history);
  });

  it("tells the first entry at which the orders differ", async () => {
    const call = makeScriptedCall({ texts: ["Hi."] });
    await call.say(600, 3_000);
    const entries = call.journal.entries.map((entry) =>
      entry.event.type === "transcript-final" ? { ...entry, event: { ...entry.event, text: "Well, and" } } : entry,
    );
    expect(replayJournal(entries)).toMatchObject({
      outcome: "different",
      entry: { event: { type: "transcript-final" } },
    });
    expect(replayJournal(entries.slice(1))).toEqual({ outcome: "incomplete", missingSeq: 1 });
  });
});
