import { describe, expect, it } from "vitest";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import { ProviderError } from "../models/provider-error.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";

const QUESTION = { final: "What are your hours?", probable: "What are your hours?" };

async function ask(setup: ScriptedCallSetup) {
  const call = makeScriptedCall({ firstTokenMs: 300, ...setup });
  await call.say(1_000, 4_000);
  const started = call.journal.entries.find(({ event }) => event.type === "reply-audio-started");
  return { ...call, answeredAfterMs: (started?.atMs ?? Number.NaN) - 1_000 };
}

describe("an answer begun early", () => {
  it("is heard as soon as the turn is over", async () => {
    const early = await ask({ texts: [QUESTION], replies: ["Nine to five."] });
    const late = await ask({
      texts: [QUESTION],
      replies: ["Nine to five."],
      rules: { endOfTurn: { ...DEFAULT_RULES.endOfTurn, isPreemptive: false } },
    });
    expect(early.orders()).toEqual(["draft-reply", "start-reply"]);
    expect(late.orders()).toEqual(["start-reply"]);
    expect(early.spoken()).toEqual(late.spoken());
    expect(early.answeredAfterMs).toBeLessThan(600);
    expect(late.answeredAfterMs - early.answeredAfterMs).toBeGreaterThan(250);
    expect(early.languageModel.requests).toHaveLength(1);
    expect(early.languageModel.requests[0]?.messages).toEqual(late.languageModel.requests[0]?.messages);
  });

  it("is never heard when the caller goes on, and nothing of it is kept", async () => {
    const call = makeScriptedCall({
      texts: ["What are your hours?", "On Sunday I mean."],
      replies: ["Nine to five.", "Closed."],
      firstTokenMs: 10,
    });
    await call.say(1_000, 400);
    await call.say(800, 4_000);
    expect(call.orders()).toEqual(["draft-reply", "drop-draft", "draft-reply", "start-reply"]);
    expect(call.spoken()).toEqual(["caller: What are your hours? On Sunday I mean.", "agent: Closed."]);
    expect(call.leg.heard.length).toBeLessThan(20);
  });

  it("runs no tool before the turn is over, and then runs it once", async () => {
    const runs: number[] = [];
    const tool = { type: "tool-call", call: { id: "t1", name: "book", arguments: "{}" } } as const;
    const call = makeScriptedCall({
      texts: [{ final: "Book it.", probable: "Book it." }],
      replies: [[tool], "Done."],
      firstTokenMs: 0,
      tools: {
        run: () => {
          runs.push(call.clock.nowMs());
          return Promise.resolve({ outcome: "succeeded", result: "ok" });
        },
      },
    });
    await call.say(1_000, 4_000);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toBeGreaterThanOrEqual(1_490);
    expect(call.spoken().at(-1)).toBe("agent: Done.");
  });

  it("that fails costs nothing: the answer is asked for anew", async () => {
    const broken = new ProviderError({ provider: "p", stage: "language-model", kind: "overloaded", message: "busy" });
    const call = await ask({ texts: [QUESTION], replies: [[broken], "Nine to five."], firstTokenMs: 0 });
    expect(call.spoken()).toEqual(["caller: What are your hours?", "agent: Nine to five."]);
  });

  it("is not begun for words that sound unfinished", async () => {
    const call = makeScriptedCall({ texts: [{ final: "I would like to", probable: "I would like to" }] });
    await call.say(1_000, 600);
    expect(call.orders()).toEqual([]);
  });
});

describe("a model that gives no words", () => {
  it("is bridged after a second and a half, and its answer follows", async () => {
    const call = makeScriptedCall({ texts: ["Hi."], replies: ["At last."], firstTokenMs: 4_000 });
    await call.say(600, 9_000);
    expect(call.orders()).toContain("fill-pause");
    expect(call.spoken().at(-1)).toMatch(/^agent: (?:One moment|Let me see|Just a second)\. At last\.$/);
  });

  it.each(["overloaded", "unauthorized"] as const)("is replaced by another one when it is %s", async (kind) => {
    const broken = new ProviderError({ provider: "p", stage: "language-model", kind, message: "no" });
    const call = makeScriptedCall({
      texts: ["Hi."],
      replies: [[broken]],
      fallbackReplies: ["Hello."],
      firstTokenMs: 0,
    });
    await call.say(600, 6_000);
    expect(call.types()).toContain("reply-failed");
    expect(call.spoken()).toEqual(["caller: Hi.", "agent: Hello."]);
  });

  it("three times in a row ends the call with a word of regret", async () => {
    const broken = new ProviderError({ provider: "p", stage: "language-model", kind: "overloaded", message: "busy" });
    const call = makeScriptedCall({ texts: ["Hi.", "Hi?", "Hello?"], replies: [[broken]], firstTokenMs: 0 });
    await call.say(600, 6_000);
    await call.say(600, 6_000);
    await call.say(600, 20_000);
    expect(await call.session.done).toBe("provider-failure");
    expect(call.spoken().at(-1)).toBe(`agent: ${DEFAULT_RULES.failureGoodbye}`);
  });
});
