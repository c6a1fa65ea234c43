import { describe, expect, it } from "vitest";
import { toJournal } from "../testing/journal-script.ts";
import { type CaptionLine, type Captions, foldCaptions, NO_CAPTIONS } from "./captions.ts";

type Steps = Parameters<typeof toJournal>[0];

function fold(steps: Steps): Captions {
  return toJournal(steps).reduce(foldCaptions, NO_CAPTIONS);
}

/** One line a caption: partial words in (parentheses), a reply in progress ends in …, a cut-off one in ✂. */
function play(steps: Steps): readonly string[] {
  return fold(steps).lines.map(toScript);
}

function toScript(line: CaptionLine): string {
  switch (line.role) {
    case "caller":
      return `caller: ${line.utterances.map((one) => (one.isFinal ? one.text : `(${one.text})`)).join(" ")}`;
    case "agent":
      return `agent: ${line.text}${{ talking: " …", said: "", "cut-off": " ✂" }[line.state]}`;
    case "tool":
      return `tool: ${line.name} ${line.state}`;
    case "note":
      return `note: ${line.text}`;
  }
}

const greeting: Steps = [
  [0, { type: "call-started" }, { type: "start-reply", replyId: "r1", purpose: "answer" }],
  [90, { type: "reply-audio-started", replyId: "r1" }],
  [1200, { type: "reply-heard", replyId: "r1", text: "Hello," }],
  [1900, { type: "reply-heard", replyId: "r1", text: "how can I help?" }],
  [2000, { type: "reply-ended", replyId: "r1" }],
];
const question: Steps = [
  [3000, { type: "caller-speech-started", utteranceId: 1 }],
  [3500, { type: "transcript-partial", utteranceId: 1, text: "When do" }],
  [4200, { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 4000 }],
  [4400, { type: "transcript-final", utteranceId: 1, text: "When do you open?" }],
  [4600, { type: "timer-fired" }, { type: "start-reply", replyId: "r2", purpose: "answer" }],
];
const reply: Steps = [
  [4900, { type: "reply-audio-started", replyId: "r2" }],
  [6000, { type: "reply-heard", replyId: "r2", text: "We open at eight" }],
];

describe("captions", () => {
  it("show both sides of a plain question and answer", () => {
    expect(play([...greeting, ...question, ...reply, [6500, { type: "reply-ended", replyId: "r2" }]])).toEqual([
      "agent: Hello, how can I help?",
      "caller: When do you open?",
      "agent: We open at eight",
    ]);
  });

  it("show the agent's words only as they are heard", () => {
    expect(play(greeting.slice(0, 3))).toEqual(["agent: Hello, …"]);
    expect(
      play([...greeting.slice(0, 2), [95, { type: "reply-sentence", replyId: "r1", text: "Hello, how" }]]),
    ).toEqual(["agent:  …"]);
  });

  it("mark words that may still change", () => {
    expect(play(question.slice(0, 2))).toEqual(["caller: (When do)"]);
  });

  it("mark a reply that the caller talked over, and keep what was heard of it", () => {
    const barge: Steps = [
      [6100, { type: "caller-speech-started", utteranceId: 2 }],
      [6400, { type: "timer-fired" }, { type: "cancel-reply", replyId: "r2" }],
      [6450, { type: "reply-heard", replyId: "r2", text: "in the" }],
      [6460, { type: "reply-cancelled", replyId: "r2" }],
      [6900, { type: "transcript-final", utteranceId: 2, text: "Wait." }],
    ];
    expect(play([...question, ...reply, ...barge])).toEqual([
      "caller: When do you open?",
      "agent: We open at eight in the ✂",
      "caller: Wait.",
    ]);
  });

  it("leave out a reply of which nothing was heard", () => {
    expect(play([...question, ...reply.slice(0, 1), [4950, { type: "reply-cancelled", replyId: "r2" }]])).toEqual([
      "caller: When do you open?",
    ]);
  });

  it("join what the caller says in several breaths, and drop a cough", () => {
    const steps: Steps = [
      ...question.slice(0, 4),
      [4500, { type: "caller-speech-started", utteranceId: 2 }],
      [4700, { type: "transcript-final", utteranceId: 2, text: "" }],
      [4800, { type: "caller-speech-started", utteranceId: 3 }],
      [5100, { type: "transcript-partial", utteranceId: 3, text: "On Friday" }],
    ];
    expect(play(steps)).toEqual(["caller: When do you open? (On Friday)"]);
    expect(play([...steps.slice(4, 5), ...steps.slice(5, 6)])).toEqual([]);
  });

  it("show digits, tools and failures", () => {
    expect(
      play([
        [10, { type: "digit-pressed", digit: "5" }],
        [20, { type: "tool-requested", toolCallId: "t1", name: "book_table" }],
        [30, { type: "tool-requested", toolCallId: "t2", name: "pay" }],
        [40, { type: "tool-finished", toolCallId: "t1", outcome: "succeeded" }],
        [50, { type: "tool-finished", toolCallId: "t2", outcome: "failed" }],
        [60, { type: "reply-failed", replyId: "r1", stage: "language-model" }],
      ]),
    ).toEqual([
      "note: You pressed 5",
      "tool: book_table succeeded",
      "tool: pay failed",
      "note: The agent's language model failed",
    ]);
  });

  it("know who has the floor", () => {
    expect(fold(question).agent).toEqual({ state: "thinking", replyId: "r2" });
    expect(fold([...question, ...reply]).agent).toEqual({ state: "talking", replyId: "r2" });
    expect(fold(question.slice(0, 1)).isCallerTalking).toBe(true);
    expect(fold(question.slice(0, 3)).isCallerTalking).toBe(false);
  });

  it("keep a newer reply's floor when an older one is settled late", () => {
    expect(fold([...question, ...reply, [5000, { type: "reply-cancelled", replyId: "r1" }]]).agent.state).toBe(
      "talking",
    );
  });

  it("tell the end reason and ignore facts of a newer server", () => {
    const unknown = { type: "aura-changed" } as unknown as Steps[number][1];
    const ended = fold([...greeting, [9000, unknown], [9100, { type: "call-ended", reason: "agent-hung-up" }]]);
    expect(ended).toMatchObject({ endReason: "agent-hung-up", agent: { state: "idle" } });
  });
});
