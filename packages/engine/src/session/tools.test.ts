import { describe, expect, it } from "vitest";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";
import type { ToolOutcome, ToolRun, ToolRunner } from "./calling-tools.ts";

type Setup = Pick<ScriptedCallSetup, "texts" | "replies" | "rules" | "can"> & {
  conduct?: ReturnType<NonNullable<ToolRunner["conductOf"]>>;
  /** How long each run takes, and what it gives. */
  takesMs?: number;
  outcome?: ToolOutcome;
};

const scene = { tools: [], variables: [], voiceId: "scripted:tone", speed: 1 };
const DONE: ToolOutcome = { outcome: "succeeded", result: "table 5" };

function makeCall({ texts = ["Book a table."], conduct, takesMs = 0, outcome = DONE, ...setup }: Setup) {
  const runs: ToolRun[] = [];
  const call = makeScriptedCall({
    ...setup,
    texts,
    scenes: { main: { ...scene, system: "Ada" }, billing: { ...scene, system: "Bob" } },
    tools: (clock) => ({
      run(run) {
        runs.push(run);
        return new Promise((resolve) => clock.after(takesMs, () => resolve(outcome)));
      },
      conductOf: () => conduct,
    }),
  });
  return {
    ...call,
    runs,
    last: () => call.languageModel.requests.at(-1)?.messages ?? [],
    facts: (type: string) => call.journal.entries.map(({ event }) => event).filter((event) => event.type === type),
  };
}

const ask = (id = "t1", args = "{}", name = "book") =>
  ({ type: "tool-call", call: { id, name, arguments: args } }) as const;
const words = (text: string) => ({ type: "text", text }) as const;

describe("a tool's result", () => {
  it("is not lost, nor the tool run twice, when the caller interrupts while it runs", async () => {
    const call = makeCall({
      texts: ["Book a table.", "For two people please."],
      replies: [[words("I am booking that for you."), ask()], [ask("t2")], "Table 5 is yours."],
      takesMs: 5_000,
    });
    await call.say(600, 2_000);
    await call.say(1_200, 8_000);
    expect(call.runs.map(({ toolCallId }) => toolCallId)).toEqual(["t1"]);
    expect(call.last()).toContainEqual(expect.objectContaining({ toolCallId: "t1", result: "table 5" }));
    expect(call.spoken().at(-1)).toBe("agent: Table 5 is yours.");
    expect(call.isReplayable()).toBe(true);
  });

  it("is told again when the caller talks over the agent before a word of it was heard", async () => {
    const call = makeCall({
      texts: ["Book a table.", "Hello?"],
      replies: [[ask()], "Table 5 is yours."],
      takesMs: 100,
    });
    await call.say(600, 900);
    await call.say(500, 5_000);
    expect(call.runs).toHaveLength(1);
    expect(call.spoken().filter((line) => line === "tool: table 5")).toHaveLength(1);
    expect(call.spoken().at(-1)).toBe("agent: Table 5 is yours.");
  });

  it("is kept when the caller hangs up before it comes", async () => {
    const call = makeCall({ replies: [[ask()]], takesMs: 2_000 });
    await call.say(600, 1_200);
    call.leg.hangUp();
    await call.clock.advance(3_000);
    expect(await call.session.done).toBe("caller-hung-up");
    expect(call.spoken()).toContain("tool: table 5");
  });

  it("is a failure in the journal when it doesn't come before the call is closed", async () => {
    const call = makeCall({ replies: [[ask()]], takesMs: 30_000 });
    await call.say(600, 1_200);
    call.leg.hangUp();
    await call.clock.advance(10_000);
    expect(call.facts("tool-finished")).toMatchObject([{ toolCallId: "t1", outcome: "failed" }]);
    expect(call.facts("call-ended")).toHaveLength(1);
    expect(call.isReplayable()).toBe(true);
  });
});

describe("a wait for a tool", () => {
  const conduct = { fillers: ["One moment.", "Still looking."] };

  it("is bridged once after 600 ms and again after six seconds, and the result is told then", async () => {
    const call = makeCall({ replies: [[ask()], "It is table 5."], conduct, takesMs: 9_000 });
    await call.say(600, 14_000);
    expect(call.spoken()).toEqual([
      "caller: Book a table.",
      "agent: ",
      "agent: One moment.",
      "agent: Still looking.",
      "tool: table 5",
      "agent: It is table 5.",
    ]);
    const [asked] = call.facts("tool-requested");
    const said = call.facts("reply-audio-started").map(({ atMs }) => atMs - (asked?.atMs ?? 0));
    expect(said[0]).toBeGreaterThanOrEqual(600);
    expect(said[0]).toBeLessThan(800);
    expect(said[1]).toBeGreaterThanOrEqual(6_600);
    expect(call.last().map(({ role }) => role)).toEqual(["caller", "agent", "tool"]);
  });

  it("is not bridged when the tool is quick, nor at once when the model has said something itself", async () => {
    const quick = makeCall({ replies: [[ask()], "Done."], conduct, takesMs: 300 });
    await quick.say(600, 4_000);
    expect(quick.spoken()).not.toContain("agent: One moment.");
    const polite = makeCall({ replies: [[words("Let me see."), ask()], "Done."], conduct, takesMs: 3_000 });
    await polite.say(600, 6_000);
    expect(polite.spoken()).toEqual(["caller: Book a table.", "agent: Let me see.", "tool: table 5", "agent: Done."]);
  });

  it("is never bridged over the caller", async () => {
    const call = makeCall({
      texts: ["Book a table.", "And by the window if you can please"],
      replies: [[ask()], "I will ask for the window.", "Done."],
      conduct,
      takesMs: 4_500,
    });
    await call.say(600, 900);
    await call.say(3_000, 9_000);
    expect(call.spoken()).not.toContain("agent: One moment.");
    expect(call.spoken().at(-1)).toBe("agent: Done.");
  });
});

describe("a tool that nobody waits for", () => {
  const conduct = { isAsync: true } as const;

  it("lets the agent go on, and its result is told when it comes", async () => {
    const call = makeCall({
      replies: [[words("I have asked the kitchen."), ask()], "The kitchen says yes."],
      conduct,
      takesMs: 8_000,
    });
    await call.say(600, 3_000);
    expect(call.spoken()).toEqual(["caller: Book a table.", "agent: I have asked the kitchen."]);
    await call.clock.advance(9_000);
    expect(call.spoken().at(-1)).toBe("agent: The kitchen says yes.");
    expect(call.last().at(-1)).toMatchObject({ role: "instruction", text: expect.stringContaining("table 5") });
    expect(call.last()).toContainEqual(expect.objectContaining({ role: "tool", result: '{"status":"running"}' }));
  });

  it("waits with its result until the caller has finished", async () => {
    const call = makeCall({
      texts: ["Book a table.", "What else is there to eat tonight?"],
      replies: [[words("Asked."), ask()], "There is soup, and your table is confirmed."],
      conduct,
      takesMs: 3_000,
    });
    await call.say(600, 2_000);
    await call.say(3_000, 6_000);
    const [result] = call.facts("tool-finished");
    const [, reply] = call.facts("reply-audio-started");
    expect(reply?.atMs).toBeGreaterThan(result?.atMs ?? Number.POSITIVE_INFINITY);
    expect(call.spoken().slice(-3)).toEqual([
      "tool: table 5",
      "caller: What else is there to eat tonight?",
      "agent: There is soup, and your table is confirmed.",
    ]);
  });
});

describe("a model that asks for one tool after the other, and never for the caller", () => {
  it("is stopped after twelve, and the caller is asked to say it again", async () => {
    let count = 0;
    const call = makeCall({
      texts: ["Book a table.", "Stop."],
      replies: [() => [ask(`t${++count}`, `{"n":${count}}`)]],
    });
    await call.say(600, 20_000);
    expect(call.runs).toHaveLength(12);
    expect(call.spoken()).toContain("agent: I'm sorry, I didn't get that. Could you say it again?");
    expect(call.facts("reply-ended").length).toBeLessThan(20);
  });
});

describe("a tool that acts on the call", () => {
  const transferring = (mode: "cold" | "warm" = "cold"): ToolOutcome => ({
    ...DONE,
    order: { type: "transfer", destination: "+12125550100", mode, say: "I'll put you through." },
  });

  it("sends digits and waits for the other side", async () => {
    const order = { type: "send-digits", digits: "12#" } as const;
    const call = makeCall({ replies: [[ask()], "Hello?"], outcome: { ...DONE, order } });
    await call.say(600, 3_000);
    expect(call.leg.sentDigits).toEqual(["12#"]);
    expect(call.languageModel.requests).toHaveLength(1);
  });

  it("tells the model why digits can't be sent", async () => {
    const order = { type: "send-digits", digits: "1" } as const;
    const outcome = { ...DONE, order };
    const call = makeCall({ replies: [[ask()], "I can't."], outcome, can: { sendDigits: false } });
    await call.say(600, 3_000);
    expect(call.spoken()).toContain("tool: The digits were not sent: the far end of this call hears no digits.");
    expect(call.spoken().at(-1)).toBe("agent: I can't.");
  });

  it("leaves a message and hangs up, whoever speaks", async () => {
    const order = { type: "end-call", say: "Please call us back on Monday." } as const;
    const call = makeCall({ texts: ["Leave a message.", "What?"], replies: [[ask()]], outcome: { ...DONE, order } });
    await call.say(600, 1_500);
    await call.say(900, 5_000);
    expect(await call.session.done).toBe("agent-hung-up");
    expect(call.spoken()).toContain("agent: Please call us back on Monday.");
  });

  it("says the agent's end message before it hangs up", async () => {
    const call = makeCall({
      replies: [[ask("t1", "{}", "end_call")]],
      rules: { endMessage: "Thanks for calling Acme." },
    });
    await call.say(600, 5_000);
    expect(await call.session.done).toBe("agent-hung-up");
    expect(call.spoken().at(-1)).toBe("agent: Thanks for calling Acme.");
  });

  it("announces a transfer, hands the caller over, and the call ends as transferred", async () => {
    const call = makeCall({ replies: [[ask()]], outcome: transferring(), can: { transfer: true } });
    await call.say(600, 1_000);
    expect(call.transfers).toEqual([]);
    await call.clock.advance(2_000);
    expect(call.spoken()).toContain("agent: I'll put you through.");
    call.transfers[0]?.reports.onProgress("ringing");
    call.transfers[0]?.reports.onFinished("answered");
    await call.clock.advance(100);
    expect(await call.session.done).toBe("transferred");
    expect(call.spoken().at(-1)).toBe("tool: Transferred to +12125550100.");
    expect(call.facts("transfer-progressed")).toHaveLength(1);
  });

  it("gives the caller back to the agent, with the reason, when nobody answers a transfer", async () => {
    const outcome = transferring();
    const call = makeCall({ replies: [[ask()], "They are busy."], outcome, can: { transfer: true } });
    await call.say(600, 3_000);
    call.transfers[0]?.reports.onFinished("busy");
    await call.clock.advance(2_000);
    expect(call.spoken().slice(-2)).toEqual([
      "tool: The call was not transferred to +12125550100: the line is busy. The caller is still on the line.",
      "agent: They are busy.",
    ]);
  });

  it("gives a transfer up after a time, and one of a leg that has none at once", async () => {
    const late = makeCall({ replies: [[ask()], "Sorry."], outcome: transferring(), can: { transfer: true } });
    await late.say(600, 100_000);
    expect(late.facts("transfer-finished")).toMatchObject([{ outcome: "no-answer" }]);
    const never = makeCall({ replies: [[ask()], "Sorry."], outcome: transferring() });
    await never.say(600, 4_000);
    expect(never.facts("transfer-finished")).toMatchObject([{ outcome: "not-supported" }]);
    expect(never.spoken().at(-1)).toBe("agent: Sorry.");
  });

  it("hands over to another agent of the same call, which knows what was said", async () => {
    const call = makeCall({ replies: [[ask()], "Bob here."], outcome: { ...DONE, sceneId: "billing" } });
    await call.say(600, 4_000);
    expect(call.languageModel.requests.map(({ system }) => system)).toEqual(["Ada", "Bob"]);
    expect(call.last()[0]).toEqual({ role: "caller", text: "Book a table." });
    expect(call.spoken().at(-1)).toBe("agent: Bob here.");
  });

  it("makes known what it learnt", async () => {
    const call = makeCall({ replies: [[ask()], "Okay."], outcome: { ...DONE, learnt: { table: 5 } } });
    await call.say(600, 4_000);
    expect(call.session.conversation.values).toEqual({ table: 5 });
  });

  it("is handed on by order from outside, after what it says", async () => {
    const call = makeCall({ texts: [], replies: ["Sorry."], can: { transfer: true } });
    call.session.requestTransfer({ destination: "+12125550100", mode: "cold", say: "Please hold." });
    await call.clock.advance(3_000);
    expect(call.spoken()).toEqual(["agent: Please hold."]);
    expect(call.transfers).toHaveLength(1);
    call.transfers[0]?.reports.onFinished("rejected", "no");
    await call.clock.advance(3_000);
    expect(call.last().at(-1)).toMatchObject({ role: "instruction", text: expect.stringContaining("rejected (no)") });
  });
});
