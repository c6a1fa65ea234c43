import { expect, test } from "vitest";
import { entry, journal } from "./testing/journal.ts";
import { toTranscript } from "./to-transcript.ts";

const greeting = [
  entry({ type: "leg-resumed", atMs: 0 }, [
    { type: "start-reply", replyId: "r1", purpose: "greeting", say: "Hello! How can I help you?" },
  ]),
  entry({ type: "reply-sentence", replyId: "r1", text: "Hello!", atMs: 5 }),
  entry({ type: "reply-sentence", replyId: "r1", text: "How can I help you?", atMs: 5 }),
  entry({ type: "reply-audio-started", replyId: "r1", atMs: 100 }),
  entry({ type: "reply-heard", replyId: "r1", text: "Hello!", atMs: 700 }),
];

test("shows what was heard of an agent that was cut off, and says so", () => {
  const cut = [
    entry({ type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 600, atMs: 800 }),
    entry({ type: "reply-cancelled", replyId: "r1", atMs: 810 }),
    entry({ type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 1500, atMs: 1700 }),
    entry({ type: "transcript-final", utteranceId: 1, text: "Hi there.", atMs: 1800 }),
  ];
  expect(toTranscript(journal([...greeting, ...cut]))).toEqual([
    { role: "agent", text: "Hello!", atMs: 100, wasCutOff: true },
    { role: "caller", text: "Hi there.", atMs: 600 },
  ]);
});

test("doesn't call a reply cut off that was heard to its end", () => {
  const rest = [
    entry({ type: "reply-heard", replyId: "r1", text: "How can I", atMs: 900 }),
    entry({ type: "reply-heard", replyId: "r1", text: "help you?", atMs: 1200 }),
  ];
  expect(toTranscript(journal([...greeting, ...rest]))).toEqual([
    { role: "agent", text: "Hello! How can I help you?", atMs: 100 },
  ]);
});

test("puts no spaces where none are written, and knows there what was cut off", () => {
  const said = (heard: string[]) =>
    toTranscript(
      journal([
        entry({ type: "reply-sentence", replyId: "r1", text: "我们九点开门。", atMs: 10 }),
        ...heard.map((text, index) => entry({ type: "reply-heard", replyId: "r1", text, atMs: 20 + index })),
      ]),
    );
  expect(said(["我们", "九点"])).toMatchObject([{ text: "我们九点", wasCutOff: true }]);
  expect(said(["我们九点", "开门。"])).toEqual([{ role: "agent", text: "我们九点开门。", atMs: 20 }]);
});

test("doesn't miss signs of an ordered text that nobody can say", () => {
  const waving = [
    entry({ type: "leg-resumed", atMs: 0 }, [
      { type: "start-reply", replyId: "r1", purpose: "greeting", say: "**Hello** 👋 !" },
    ]),
    entry({ type: "reply-sentence", replyId: "r1", text: "Hello !", atMs: 5 }),
    entry({ type: "reply-heard", replyId: "r1", text: "Hello !", atMs: 900 }),
  ];
  expect(toTranscript(journal(waving))).toEqual([{ role: "agent", text: "Hello !", atMs: 900 }]);
});

test("shows what the agent was told to say like anything else that it said", () => {
  const announced = [
    entry({ type: "say-requested", text: "Please hold on.", endAfter: false, atMs: 810 }),
    entry({ type: "reply-cancelled", replyId: "r1", atMs: 820 }, [
      { type: "start-reply", replyId: "r2", purpose: "announcement", say: "Please hold on." },
    ]),
    entry({ type: "reply-sentence", replyId: "r2", text: "Please hold on.", atMs: 830 }),
    entry({ type: "reply-audio-started", replyId: "r2", atMs: 900 }),
    entry({ type: "reply-heard", replyId: "r2", text: "Please hold on.", atMs: 1600 }),
  ];
  expect(toTranscript(journal([...greeting, ...announced]))).toEqual([
    { role: "agent", text: "Hello!", atMs: 100, wasCutOff: true },
    { role: "agent", text: "Please hold on.", atMs: 900 },
  ]);
});

test("leaves out what nobody heard: an unplayed reply, an utterance without words", () => {
  const unheard = [
    entry({ type: "transcript-final", utteranceId: 1, text: "", atMs: 50 }),
    entry({ type: "reply-sentence", replyId: "r2", text: "Never spoken.", atMs: 60 }),
    entry({ type: "reply-audio-started", replyId: "r2", atMs: 70 }),
  ];
  expect(toTranscript(journal(unheard))).toEqual([]);
});

test("shows keyed digits and tools", () => {
  const tools = [
    entry({ type: "digit-pressed", digit: "4", atMs: 10 }),
    entry({ type: "digit-pressed", digit: "2", atMs: 20 }),
    entry({ type: "tool-requested", replyId: "r1", toolCallId: "t1", name: "book", arguments: "{}", atMs: 30 }),
    entry({ type: "tool-finished", toolCallId: "t1", outcome: "failed", result: "no table", atMs: 40 }),
  ];
  expect(toTranscript(journal(tools))).toEqual([
    { role: "caller", text: "pressed 4 2", atMs: 10 },
    { role: "tool", text: "book failed: no table", atMs: 30 },
  ]);
});
