import { describe, expect, it } from "vitest";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import type { JournalEntry } from "../journal/journal.ts";
import type { ReplyPart } from "../models/language-model.ts";
import type { CallPlan } from "../session/call-plan.ts";
import type { ToolRunner } from "../session/calling-tools.ts";
import { SystemClock } from "../session/system-clock.ts";
import type { FakeClock } from "../testing/fake-clock.ts";
import { makeScriptedCall } from "../testing/scripted-call.ts";
import type { ScriptedCaller } from "../testing/scripted-caller.ts";
import { type ScriptedReply, tone } from "../testing/scripted-models.ts";
import { compareCalls } from "./compare-calls.ts";
import { type ReplayOptions, runReplay } from "./run-replay.ts";

const plan: CallPlan = {
  rules: { ...DEFAULT_RULES, greeting: { mode: "static", text: "Hello there." } },
  scenes: { main: scene("You answer the phone.") },
  language: "en-US",
  keyterms: [],
  partialEveryMs: 0,
};

function scene(system: string): CallPlan["scenes"][string] {
  const tools = [{ name: "book", description: "Books a table", parameters: {} }];
  return { system, tools, variables: [], voiceId: "scripted:tone", speed: 1 };
}

const BOOKING: ScriptedReply[] = [
  [
    { type: "text", text: "One moment." },
    { type: "tool-call", call: { id: "t1", name: "book", arguments: '{"at":7,"for":2}' } },
  ],
  "It is booked. Goodbye then.",
  [
    { type: "text", text: "Bye." },
    { type: "tool-call", call: { id: "t2", name: "end_call", arguments: "{}" } },
  ],
];

const booked: ToolRunner = { run: () => Promise.resolve({ outcome: "succeeded", result: "table 5" }) };

/** A call that was really held: a greeting, an order, a tool, a good-bye by the agent. */
async function record(replies: ScriptedReply[], texts: string[], act: (call: Recording) => Promise<void>) {
  const call = makeScriptedCall({ plan, replies, texts, tools: booked });
  await act(call);
  await call.session.done;
  return call.journal.entries;
}

type Recording = { readonly clock: FakeClock; readonly leg: ScriptedCaller };

const recordBooking = () =>
  record(BOOKING, ["A table at seven.", "Thank you."], async ({ clock, leg }) => {
    await clock.advance(1_500);
    leg.say(tone(1_000));
    await clock.advance(6_000);
    leg.say(tone(700));
    await clock.advance(9_000);
  });

const never: ReplayOptions["ask"] = () => {
  throw new Error("the model was asked again");
};

function replay(entries: readonly JournalEntry[], more: Partial<ReplayOptions> = {}) {
  const signal = new AbortController().signal;
  return runReplay({ entries, recordedPlan: plan, plan, ask: never, clock: new SystemClock(), signal, ...more });
}

describe("a call that is held again", () => {
  it("goes as it went, when the agent is the same: no model is asked, no tool is run", async () => {
    const then = await recordBooking();
    const now = await replay(then);
    expect(compareCalls(then, now.entries)).toMatchObject({ outcome: "same", differences: 0 });
    expect(now).toMatchObject({ endReason: "agent-hung-up", repliesAsked: 0, repliesReused: 3, toolsNotRun: [] });
  });

  it("takes about as long for each answer as it took", async () => {
    const then = await recordBooking();
    const { turns } = compareCalls(then, (await replay(then)).entries);
    for (const turn of turns.slice(1))
      expect(Math.abs((turn.before?.responseMs ?? 0) - (turn.after?.responseMs ?? 0))).toBeLessThan(100);
  });

  it("tells turn by turn what another agent says, and which tool it would have called", async () => {
    const then = await recordBooking();
    const asked: string[] = [];
    const now = await replay(then, {
      plan: { ...plan, scenes: { main: scene("You are terse.") } },
      async *ask({ messages }): AsyncGenerator<ReplyPart> {
        const last = messages.at(-1);
        asked.push(last && "text" in last ? last.text : (last?.role ?? ""));
        if (asked.length === 1) {
          yield { type: "text", text: "Sure." };
          yield { type: "tool-call", call: { id: "t1", name: "book", arguments: '{"at":8}' } };
        } else yield { type: "text", text: "That did not work." };
      },
    });
    const { turns, outcome } = compareCalls(then, now.entries);
    expect(outcome).toBe("different");
    expect(asked.slice(0, 3)).toEqual(["A table at seven.", "tool", "Thank you."]);
    expect(now.toolsNotRun).toEqual([{ name: "book", arguments: '{"at":8}' }]);
    expect(turns[0]).toMatchObject({ caller: "", differences: [] });
    expect(turns[1]).toMatchObject({
      caller: "A table at seven.",
      before: { agent: "One moment. It is booked. Goodbye then." },
      after: { agent: "Sure. That did not work." },
      differences: ["words", "tools"],
    });
    expect(turns[2]?.differences).toEqual(["words", "tools"]);
  });

  it("gives a tool that is called with the same arguments the answer of then, whatever their order", async () => {
    const then = await recordBooking();
    const results: string[] = [];
    const now = await replay(then, {
      plan: { ...plan, scenes: { main: scene("You are terse.") } },
      async *ask({ messages }): AsyncGenerator<ReplyPart> {
        const last = messages.at(-1);
        if (last?.role === "tool") results.push(last.result);
        if (last?.role !== "caller") yield { type: "text", text: "Done." };
        else yield { type: "tool-call", call: { id: "x", name: "book", arguments: '{ "for": 2, "at": 7 }' } };
      },
    });
    expect(results[0]).toBe("table 5");
    expect(now.toolsNotRun).toEqual([]);
  });

  it("has the caller wait until a slower agent has finished, and interrupt where it was interrupted", async () => {
    const story = "once upon a time there was a king who had three sons and a very old horse";
    const then = await record([story, "Okay."], ["Tell me a story.", "Stop it please."], async ({ clock, leg }) => {
      await clock.advance(1_500);
      leg.say(tone(800));
      await clock.advance(3_500);
      leg.say(tone(1_200));
      await clock.advance(5_000);
      leg.hangUp();
      await clock.advance(100);
    });
    const long =
      "in the beginning there was nothing at all and nobody was there to tell of it and so it went on for ages";
    const now = await replay(then, {
      plan: {
        ...plan,
        rules: { ...plan.rules, greeting: { mode: "static", text: "Hello there and welcome to us all." } },
      },
      async *ask({ messages }): AsyncGenerator<ReplyPart> {
        yield { type: "text", text: messages.length < 4 ? long : "Fine." };
      },
    });
    const { turns, end } = compareCalls(then, now.entries);
    expect(turns.map(({ caller }) => caller)).toEqual(["", "Tell me a story.", "Stop it please."]);
    expect(turns[0]?.after?.interruptedAfterMs).toBeUndefined();
    expect(turns[1]?.before?.interruptedAfterMs).toBeGreaterThan(0);
    expect(turns[1]?.after?.interruptedAfterMs).toBeGreaterThan(0);
    expect(end).toMatchObject({ isSame: true, after: { reason: "caller-hung-up" } });
  });

  it("ends when it is told to, and says what the caller had still to say", async () => {
    const then = await recordBooking();
    const controller = new AbortController();
    const now = await replay(then, {
      plan: { ...plan, scenes: { main: scene("You are slow.") } },
      signal: controller.signal,
      async *ask(_request, signal): AsyncGenerator<ReplyPart> {
        controller.abort();
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    });
    expect(now.endReason).toBe("api-request");
    expect(now.unsaid).toEqual(["Thank you."]);
  });
});
