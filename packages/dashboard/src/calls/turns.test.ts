import { toJournal } from "@earshot/web/testing";
import { describe, expect, it } from "vitest";
import { toTurns } from "./turns.ts";

type Steps = Parameters<typeof toJournal>[0];

const greeting: Steps = [
  [0, { type: "call-started" }, { type: "start-reply", replyId: "r1", purpose: "greeting" }],
  [80, { type: "reply-audio-ready", replyId: "r1" }],
  [100, { type: "reply-audio-started", replyId: "r1" }],
  [2000, { type: "reply-ended", replyId: "r1" }],
];
const question: Steps = [
  [3000, { type: "caller-speech-started", utteranceId: 1 }],
  [4200, { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 4000 }],
  [4350, { type: "transcript-final", utteranceId: 1, text: "When do you open?" }],
];
const answer: Steps = [
  [4500, { type: "timer-fired" }, { type: "start-reply", replyId: "r2", purpose: "answer" }],
  [4520, { type: "reply-text-started", replyId: "r2" }],
  [4560, { type: "reply-sentence", replyId: "r2", text: "We open at eight." }],
  [4600, { type: "reply-audio-ready", replyId: "r2" }],
  [4700, { type: "reply-sentence", replyId: "r2", text: "On Sunday we are closed." }],
  [4610, { type: "reply-audio-started", replyId: "r2" }],
];
const sum = (segments: Readonly<Record<string, number>>) => Object.values(segments).reduce((a, b) => a + b, 0);

describe("the turns of a call", () => {
  it("split the wait for a reply into segments that sum to the whole", () => {
    const [turn, ...others] = toTurns(toJournal([...greeting, ...question, ...answer]));
    expect(others).toEqual([]);
    expect(turn).toEqual({
      replyId: "r2",
      atMs: 4000,
      responseMs: 610,
      segments: {
        speechEndMs: 200,
        transcriptMs: 150,
        endOfTurnMs: 150,
        toolsMs: 0,
        firstTextMs: 20,
        firstSentenceMs: 40,
        firstAudioMs: 40,
        playoutMs: 10,
      },
    });
    expect(sum(turn?.segments ?? {})).toBe(turn?.responseMs);
  });

  it("count no wait for a greeting or a reminder", () => {
    const reminder: Steps = [
      [15_000, { type: "timer-fired" }, { type: "start-reply", replyId: "r3", purpose: "reminder" }],
      [15_100, { type: "reply-audio-started", replyId: "r3" }],
    ];
    expect(toTurns(toJournal([...greeting, ...reminder]))).toEqual([]);
    expect(toTurns(toJournal([...question, ...answer, ...reminder]))).toHaveLength(1);
  });

  it("count the wait of somebody who spoke first and was greeted", () => {
    const hello: Steps = [[4500, { type: "timer-fired" }, { type: "start-reply", replyId: "r2", purpose: "greeting" }]];
    const turns = toTurns(toJournal([...question, ...hello, ...answer.slice(1)]));
    expect(turns).toMatchObject([{ replyId: "r2", responseMs: 610 }]);
  });

  it("sum up even when steps overlap or leave no mark", () => {
    const early: Steps = [
      [
        4200,
        { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 4000 },
        { type: "start-reply", replyId: "r2", purpose: "answer" },
      ],
      [4300, { type: "transcript-final", utteranceId: 1, text: "Yes." }],
      [4400, { type: "reply-audio-started", replyId: "r2" }],
    ];
    const [turn] = toTurns(toJournal(early));
    expect(turn?.responseMs).toBe(400);
    expect(turn?.segments).toMatchObject({ speechEndMs: 200, transcriptMs: 0, playoutMs: 200 });
    expect(sum(turn?.segments ?? {})).toBe(400);
  });

  it("count from the last utterance when a reply was taken back because the caller went on", () => {
    const more: Steps = [
      [4520, { type: "caller-speech-started", utteranceId: 2 }, { type: "cancel-reply", replyId: "r2" }],
      [4525, { type: "reply-cancelled", replyId: "r2" }],
      [5300, { type: "caller-speech-ended", utteranceId: 2, lastSampleAtMs: 5100 }],
      [5400, { type: "transcript-final", utteranceId: 2, text: "on Friday?" }],
      [5600, { type: "timer-fired" }, { type: "start-reply", replyId: "r3", purpose: "answer" }],
      [5900, { type: "reply-audio-started", replyId: "r3" }],
    ];
    const turns = toTurns(toJournal([...question, ...answer.slice(0, 1), ...more]));
    expect(turns.map(({ replyId, atMs, responseMs }) => ({ replyId, atMs, responseMs }))).toEqual([
      { replyId: "r3", atMs: 5100, responseMs: 800 },
    ]);
  });

  it("do not let a cough move the mark of the words before it", () => {
    const cough: Steps = [
      [4360, { type: "caller-speech-started", utteranceId: 2 }],
      [4420, { type: "caller-speech-ended", utteranceId: 2, lastSampleAtMs: 4390 }],
      [4440, { type: "transcript-final", utteranceId: 2, text: "" }],
    ];
    const [turn] = toTurns(toJournal([...question, ...cough, ...answer]));
    expect(turn?.atMs).toBe(4000);
  });

  it("give a tool its own segment", () => {
    const tool: Steps = [
      [4500, { type: "timer-fired" }, { type: "start-reply", replyId: "r2", purpose: "answer" }],
      [4550, { type: "tool-requested", toolCallId: "t1", name: "look_up" }, { type: "run-tool" }],
      [4560, { type: "reply-ended", replyId: "r2" }],
      [
        5000,
        { type: "tool-finished", toolCallId: "t1", outcome: "succeeded" },
        { type: "start-reply", replyId: "r3", purpose: "answer" },
      ],
      [5050, { type: "reply-text-started", replyId: "r3" }],
      [5200, { type: "reply-audio-started", replyId: "r3" }],
    ];
    const [turn, ...others] = toTurns(toJournal([...question, ...tool]));
    expect(others).toEqual([]);
    expect(turn).toMatchObject({ replyId: "r3", responseMs: 1200 });
    expect(turn?.segments).toMatchObject({ endOfTurnMs: 150, toolsMs: 500, firstTextMs: 50, playoutMs: 150 });
    expect(sum(turn?.segments ?? {})).toBe(1200);
  });

  it("tell what a reply that was begun early has saved", () => {
    const early: Steps = [
      [4300, { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 4000 }],
      [4350, { type: "transcript-final", utteranceId: 1, text: "Open?" }, { type: "draft-reply", replyId: "r2" }],
      [4400, { type: "reply-text-started", replyId: "r2" }],
      [4500, { type: "timer-fired" }, { type: "start-reply", replyId: "r2", purpose: "answer", isDrafted: true }],
      [4510, { type: "reply-audio-ready", replyId: "r2" }],
      [4520, { type: "reply-audio-started", replyId: "r2" }],
    ];
    const [turn] = toTurns(toJournal([...question.slice(0, 1), ...early]));
    expect(turn).toMatchObject({ responseMs: 520, savedMs: 150, segments: { endOfTurnMs: 150, firstTextMs: 0 } });
  });
});
