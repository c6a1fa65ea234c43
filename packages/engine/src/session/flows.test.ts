import { describe, expect, it } from "vitest";
import type { FlowNode, FlowRules } from "../conversation/flow/flow-rules.ts";
import { parseExpression } from "../conversation/flow/parse-expression.ts";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import type { ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { makeScriptedCall } from "../testing/scripted-call.ts";
import type { ToolOutcome } from "./calling-tools.ts";

const when = parseExpression;

/** An appointment: what is wanted, when, is it free, book it; questions may come at any time. */
const NODES: Record<string, FlowNode> = {
  start: {
    type: "conversation",
    scene: "main",
    edges: [
      { to: "ask_day", tool: "go_to_ask_day", message: "With pleasure." },
      { to: "questions", tool: "go_to_questions" },
      { to: "operator", when: when('digits == "0"') },
    ],
  },
  ask_day: {
    type: "conversation",
    scene: "ask_day",
    firstLine: "Which day suits you?",
    edges: [
      { to: "details", tool: "go_to_details" },
      { to: "questions", tool: "go_to_questions" },
    ],
  },
  details: { type: "extract", variables: [{ name: "day", type: "date", isRequired: true }], edges: [{ to: "check" }] },
  check: { type: "condition", edges: [{ to: "book", when: when("exists day") }, { to: "ask_day" }] },
  book: {
    type: "tool",
    name: "book",
    arguments: { day: "{{day}}", note: "for {{caller}}", missing: "{{nothing}}" },
    firstLine: "One moment.",
    edges: [
      { to: "done", when: when("tool.result.is_free") },
      { to: "ask_day", message: "That day is full." },
    ],
  },
  done: { type: "end", firstLine: "It's booked for {{day}}. Goodbye.", edges: [] },
  questions: {
    type: "conversation",
    scene: "questions",
    isGlobal: true,
    edges: [],
  },
  operator: { type: "transfer", destination: "+15550100", firstLine: "I'll put you through.", edges: [] },
};

type Reply = string | readonly ReplyPart[];
const call = (name: string, values: object = {}, id: string = name): ReplyPart => ({
  type: "tool-call",
  call: { id, name, arguments: JSON.stringify(values) },
});

function makeCall(setup: {
  readonly texts?: readonly string[];
  /** By the scene's system, in order. */
  readonly replies?: Readonly<Record<string, readonly Reply[]>>;
  readonly tool?: () => ToolOutcome;
  readonly nodes?: Record<string, FlowNode>;
}) {
  const { texts = [], replies = {}, tool = () => ({ outcome: "succeeded", result: '{"is_free":true}' }) } = setup;
  const asked: string[] = [];
  const answer = ({ system }: ReplyRequest): Reply => {
    const name = system.startsWith("You read") ? "extract" : system;
    const script = replies[name] ?? ["Yes?"];
    const reply = script[asked.filter((before) => before === name).length] ?? "And now?";
    asked.push(name);
    return reply;
  };
  const runs: { name: string; arguments: string }[] = [];
  const flow: FlowRules = { entry: "start", nodes: setup.nodes ?? NODES, facts: { caller: "Jane" } };
  const scene = { tools: [], variables: [], voiceId: "scripted:tone", speed: 1 };
  const play = makeScriptedCall({
    texts,
    replies: [answer],
    rules: { flow },
    scenes: Object.fromEntries(["main", "ask_day", "questions"].map((system) => [system, { ...scene, system }])),
    tools: (clock) => ({
      run: ({ name, arguments: given }) => {
        runs.push({ name, arguments: given });
        return new Promise((resolve) => clock.after(1_000, () => resolve(tool())));
      },
    }),
  });
  const { journal, session } = play;
  const say = (thenWaitMs = 6_000) => play.say(600, thenWaitMs);
  const path = () =>
    journal.entries.flatMap(({ effects }) => effects.flatMap((one) => (one.type === "enter-node" ? [one.nodeId] : [])));
  const reasons = () =>
    journal.entries.flatMap(({ effects }) =>
      effects.flatMap((one) => (one.type === "enter-node" ? [one.because] : [])),
    );
  const spoken = () =>
    session.conversation.history
      .filter((said) => (said.role === "agent" || said.role === "caller") && said.text !== "")
      .map((said) => `${said.role}: ${"text" in said ? said.text : ""}`);
  return { ...play, asked, runs, say, path, reasons, spoken };
}

describe("a call with a flow", () => {
  it("goes from node to node: the model chooses, values are found, a tool runs once, and it ends with a goodbye", async () => {
    const play = makeCall({
      texts: ["I need an appointment.", "On the fourth of March."],
      replies: {
        main: [[call("go_to_ask_day")]],
        ask_day: [[{ type: "text", text: "Thank you." }, call("go_to_details")]],
        extract: [[call("save_values", { day: "2026-03-04", other: 1 })]],
      },
    });
    await play.say();
    await play.say(20_000);
    expect(play.spoken()).toEqual([
      "caller: I need an appointment.",
      "agent: With pleasure. Which day suits you?",
      "caller: On the fourth of March.",
      "agent: Thank you.",
      "agent: One moment.",
      "agent: It's booked for 2026-03-04. Goodbye.",
    ]);
    expect(play.path()).toEqual(["ask_day", "details", "check", "book", "done"]);
    expect(play.runs).toEqual([{ name: "book", arguments: '{"day":"2026-03-04","note":"for Jane"}' }]);
    expect(play.session.conversation.phase).toEqual({ name: "ended", reason: "agent-hung-up" });
    expect(play.isReplayable()).toBe(true);
    expect(play.bugs).toEqual([]);
  });

  it("goes another way when the tool's outcome wants it", async () => {
    const play = makeCall({
      texts: ["I need an appointment.", "On the fourth of March."],
      replies: {
        main: [[call("go_to_ask_day")]],
        ask_day: [[call("go_to_details")]],
        extract: [[call("save_values", { day: "2026-03-04" })]],
      },
      tool: () => ({ outcome: "failed", result: "no line" }),
    });
    await play.say();
    await play.say(9_000);
    expect(play.path()).toEqual(["ask_day", "details", "check", "book", "ask_day"]);
    expect(play.spoken().slice(-2)).toEqual(["agent: One moment.", "agent: That day is full. Which day suits you?"]);
  });

  it("goes on by the edge for the rest when nothing was found", async () => {
    const play = makeCall({
      texts: ["I need an appointment.", "Well, I don't know."],
      replies: {
        main: [[call("go_to_ask_day")]],
        ask_day: [[call("go_to_details")]],
        extract: ["I'm afraid there is no day."],
      },
    });
    await play.say();
    await play.say(9_000);
    expect(play.path()).toEqual(["ask_day", "details", "check", "ask_day"]);
    expect(play.session.conversation.history).toContainEqual(
      expect.objectContaining({ name: "extract_values", outcome: "failed", result: "Not found: day." }),
    );
  });

  it("answers a question in a global node and goes back to where it was, without saying its line again", async () => {
    const play = makeCall({
      texts: ["I need an appointment.", "Where are you, by the way?", "The fourth then."],
      replies: {
        main: [[call("go_to_ask_day")]],
        ask_day: [[call("go_to_questions")], "So which day?"],
        questions: [[{ type: "text", text: "On Main Street." }, call("go_back")]],
      },
    });
    await play.say();
    await play.say(9_000);
    expect(play.path()).toEqual(["ask_day", "questions", "ask_day"]);
    expect(play.spoken().slice(-3)).toEqual([
      "caller: Where are you, by the way?",
      "agent: On Main Street.",
      "agent: So which day?",
    ]);
  });

  it("follows a condition on digits without asking a model, and has the model answer where a transfer fails", async () => {
    const play = makeCall({
      replies: { main: ["Nobody is there, I'm afraid."] },
      tool: () => ({ outcome: "failed", result: "busy" }),
    });
    play.leg.press("0");
    play.leg.press("#");
    await play.clock.advance(9_000);
    expect(play.runs).toEqual([{ name: "transfer_call", arguments: '{"destination":"+15550100"}' }]);
    expect(play.reasons()).toEqual(["its condition is true", 'stuck in "operator": no edge leads on from here']);
    expect(play.spoken()).toEqual([
      "caller: pressed 0 #",
      "agent: I'll put you through.",
      "agent: Nobody is there, I'm afraid.",
    ]);
  });

  it("goes on when the caller speaks up during the goodbye", async () => {
    const nodes: Record<string, FlowNode> = {
      start: { type: "conversation", scene: "main", edges: [{ to: "bye", tool: "go_to_bye" }] },
      bye: { type: "end", firstLine: "Thank you very much for calling us today and goodbye to you.", edges: [] },
    };
    const play = makeCall({
      nodes,
      texts: ["Bye.", "Wait, one more thing."],
      replies: { main: [[call("go_to_bye")]] },
    });
    await play.say(2_500);
    await play.say(5_000);
    expect(play.spoken().at(-1)).toBe("agent: And now?");
    expect(play.path()).toEqual(["bye", "start"]);
    expect(play.session.conversation.phase.name).toBe("open");
  });

  it("asks the caller again when the model insists on a step that can't be taken", async () => {
    const insist = [1, 2, 3, 4, 5].map((id): Reply => [call("go_to_nowhere", {}, `c${id}`)]);
    const play = makeCall({ texts: ["Hello."], replies: { main: insist } });
    await play.say(9_000);
    expect(play.asked.length).toBe(4);
    expect(play.spoken().at(-1)).toBe(`agent: ${DEFAULT_RULES.apology}`);
  });

  it("leaves a circle of conditions with the reason in the journal, and still answers", async () => {
    const nodes: Record<string, FlowNode> = {
      start: { type: "conversation", scene: "main", edges: [{ to: "a", when: when("digits == 1") }] },
      a: { type: "condition", edges: [{ to: "b" }] },
      b: { type: "condition", edges: [{ to: "a" }] },
    };
    const play = makeCall({ nodes, replies: { main: ["How can I help?"] } });
    play.leg.press("1");
    play.leg.press("#");
    await play.clock.advance(5_000);
    expect(play.reasons().at(-1)).toMatch(/^stuck in "[ab]": more than 50 nodes without a turn of the caller$/);
    expect(play.spoken().at(-1)).toBe("agent: How can I help?");
  });
});
