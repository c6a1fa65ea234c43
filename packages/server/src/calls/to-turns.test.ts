import fc from "fast-check";
import { expect, test } from "vitest";
import { entry, journal } from "./testing/journal.ts";
import { toTurns } from "./to-turns.ts";

const question = [
  entry({ type: "caller-speech-started", utteranceId: 1, firstSampleAtMs: 1000, atMs: 1200 }),
  entry({ type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 3000, atMs: 3250 }),
  entry({ type: "transcript-final", utteranceId: 1, text: "Are you open on Sunday?", atMs: 3400 }),
];
const answer = (replyId: string, from: number) => [
  entry({ type: "timer-fired", timer: "end-of-turn", timerId: 1, atMs: from }, [
    { type: "start-reply", replyId, purpose: "answer" },
  ]),
  entry({ type: "reply-text-started", replyId, atMs: from + 20 }),
  entry({ type: "reply-sentence", replyId, text: "No, we are closed.", atMs: from + 30 }),
  entry({ type: "reply-audio-ready", replyId, atMs: from + 130 }),
  entry({ type: "reply-audio-started", replyId, atMs: from + 140 }),
];

test("splits an answer's delay into steps that add up", () => {
  expect(toTurns(journal([...question, ...answer("r2", 3500)]))).toEqual([
    {
      replyId: "r2",
      atMs: 3000,
      responseMs: 640,
      segments: {
        speechEndMs: 250,
        transcriptMs: 150,
        endOfTurnMs: 100,
        firstTextMs: 20,
        firstSentenceMs: 10,
        firstAudioMs: 100,
        playoutMs: 10,
      },
    },
  ]);
});

test("tells what a reply that was begun early has saved", () => {
  const draft = [
    entry({ type: "transcript-probable", utteranceId: 1, text: "Are you open on Sunday?", atMs: 3150 }, [
      { type: "draft-reply", replyId: "r2", words: "Are you open on Sunday?" },
    ]),
    entry({ type: "reply-text-started", replyId: "r2", atMs: 3300 }),
    entry({ type: "reply-sentence", replyId: "r2", text: "No, we are closed.", atMs: 3310 }),
  ];
  const rest = [
    entry({ type: "timer-fired", timer: "end-of-turn", timerId: 1, atMs: 3500 }, [
      { type: "start-reply", replyId: "r2", purpose: "answer", isDrafted: true },
    ]),
    entry({ type: "reply-audio-ready", replyId: "r2", atMs: 3520 }),
    entry({ type: "reply-audio-started", replyId: "r2", atMs: 3540 }),
  ];
  const [started, ended, words] = question;
  if (!started || !ended || !words) throw new Error("a question has three facts");
  const [turn] = toTurns(journal([started, ...draft.slice(0, 1), ended, ...draft.slice(1), words, ...rest]));
  expect(turn).toMatchObject({ responseMs: 540, savedMs: 350 });
  expect(turn?.segments).toMatchObject({ endOfTurnMs: 100, firstTextMs: 0, firstSentenceMs: 0, firstAudioMs: 20 });
});

test("adds a step that is missing to the next one", () => {
  const untold = answer("r2", 3500).filter(({ event }) => !/text-started|audio-ready/.test(event.type));
  const [turn] = toTurns(journal([...question, ...untold]));
  expect(turn?.segments).toMatchObject({ endOfTurnMs: 100, firstSentenceMs: 30, playoutMs: 110 });
});

test("counts the time of a tool that ran before the agent spoke", () => {
  const asking = answer("r2", 3500).slice(0, 2);
  const [turn] = toTurns(journal([...question, ...asking, ...answer("r3", 4500)]));
  expect(turn).toMatchObject({ replyId: "r3", responseMs: 1640, segments: { toolsMs: 1000, firstTextMs: 20 } });
});

test("begins anew when the caller goes on talking", () => {
  const more = [
    entry({ type: "caller-speech-started", utteranceId: 2, firstSampleAtMs: 3600, atMs: 3700 }),
    entry({ type: "caller-speech-ended", utteranceId: 2, lastSampleAtMs: 5000, atMs: 5250 }),
  ];
  const turns = toTurns(journal([...question, ...answer("r2", 3500).slice(0, 3), ...more, ...answer("r3", 5600)]));
  expect(turns).toMatchObject([{ replyId: "r3", atMs: 5000, responseMs: 740 }]);
});

test("takes a greeting for the answer to somebody who spoke first, and to nobody else", () => {
  const greeting = answer("r1", 3500).with(
    0,
    entry({ type: "timer-fired", timer: "end-of-turn", timerId: 1, atMs: 3500 }, [
      { type: "start-reply", replyId: "r1", purpose: "greeting", say: "Welcome." },
    ]),
  );
  const cough = entry({ type: "transcript-final", utteranceId: 1, text: "", atMs: 3400 });
  expect(toTurns(journal([...question, ...greeting]))).toMatchObject([{ replyId: "r1", responseMs: 640 }]);
  expect(toTurns(journal([...question.with(2, cough), ...greeting]))).toEqual([]);
});

test("leaves out greetings, reminders and answers that were never heard", () => {
  const reminder = entry({ type: "timer-fired", timer: "silence", timerId: 9, atMs: 9000 }, [
    { type: "start-reply", replyId: "r3", purpose: "reminder", say: "Are you there?" },
  ]);
  const spoken = entry({ type: "reply-audio-started", replyId: "r3", atMs: 9100 });
  expect(toTurns(journal([...question, ...answer("r2", 3500).slice(0, 4), reminder, spoken]))).toEqual([]);
});

test("adds up whatever the order of the steps", () => {
  const steps = [...question, ...answer("r2", 3500)];
  const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: steps.length, maxLength: steps.length });
  fc.assert(
    fc.property(times, (atMs) => {
      const shifted = steps.map(({ event, effects }, n) => entry({ ...event, atMs: atMs[n] ?? 0 }, effects));
      for (const { responseMs, segments } of toTurns(journal(shifted))) {
        const parts = Object.values(segments);
        expect(parts.every((part) => part >= 0)).toBe(true);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(responseMs);
      }
    }),
  );
});
