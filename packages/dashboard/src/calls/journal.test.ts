import { toJournal } from "@earshot/web/testing";
import { describe, expect, it } from "vitest";
import { addEntries, EMPTY_JOURNAL } from "./journal.ts";

const entries = toJournal([
  [0, { type: "caller-speech-started", utteranceId: 1 }],
  [900, { type: "caller-speech-ended", utteranceId: 1, lastSampleAtMs: 700 }],
  [
    1000,
    { type: "transcript-final", utteranceId: 1, text: "Hello." },
    { type: "start-reply", replyId: "r1", purpose: "answer" },
  ],
  [1200, { type: "reply-audio-started", replyId: "r1" }],
  [1900, { type: "reply-heard", replyId: "r1", text: "Good day." }],
]);
const whole = addEntries(EMPTY_JOURNAL, entries);

describe("the page's journal", () => {
  it("draws the same picture whether entries come one by one or all at once", () => {
    const stepwise = entries.reduce((journal, entry) => addEntries(journal, [entry]), EMPTY_JOURNAL);
    expect(stepwise).toEqual(whole);
    expect(whole.turns).toHaveLength(1);
  });

  it("puts entries that were missed where they belong, and takes none twice", () => {
    const missed = entries.filter(({ seq }) => seq !== 2 && seq !== 3);
    const patched = addEntries(addEntries(EMPTY_JOURNAL, missed), entries);
    expect(patched).toEqual(whole);
    expect(addEntries(patched, entries)).toBe(patched);
  });
});
