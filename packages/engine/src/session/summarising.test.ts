import { describe, expect, it } from "vitest";
import { replayJournal } from "../journal/replay.ts";
import type { ReplyRequest } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";
import type { ScriptedReply } from "../testing/scripted-models.ts";

const TEXTS = ["My name is Bo.", "I want a table.", "For two.", "At seven.", "That is all."];

const isSummary = ({ system }: ReplyRequest) => system.includes("notes of a phone call");
/** Answers with a number; sums up with the number of lines it was given. */
const answers =
  (summary: (request: ReplyRequest) => ReturnType<Exclude<ScriptedReply, string | readonly unknown[]>>) =>
  (request: ReplyRequest) =>
    isSummary(request) ? summary(request) : "All right.";
const textOf = (request: ReplyRequest | undefined) =>
  request?.messages.map((said) => ("text" in said ? said.text : said.result)) ?? [];

async function hold(setup: ScriptedCallSetup, waitMs = 6_000) {
  const call = makeScriptedCall({ texts: TEXTS, ...setup });
  for (const _ of TEXTS) await call.say(800, waitMs);
  const { requests } = call.languageModel;
  const summaries = call.journal.entries.flatMap(({ event }) => (event.type === "history-summarised" ? [event] : []));
  return { ...call, summaries, asked: requests.filter((one) => !isSummary(one)), sumUps: requests.filter(isSummary) };
}

describe("a summary", () => {
  it("tells the model what fell out of its window, and grows from the one before", async () => {
    const call = await hold({ contextTurns: 2, replies: [answers(() => "The caller is Bo.")] });
    expect(call.bugs).toEqual([]);
    expect(textOf(call.asked[1])).toEqual(["My name is Bo.", "All right.", "I want a table."]);
    expect(textOf(call.asked.at(-1))).toEqual([
      "What was said earlier in this call, in short: The caller is Bo.",
      "At seven.",
      "All right.",
      "That is all.",
    ]);
    expect(textOf(call.sumUps[0])).toEqual(["# What was said since\nCaller: My name is Bo.\nAgent: All right."]);
    expect(textOf(call.sumUps.at(-1))[0]).toContain("# Your notes so far\nThe caller is Bo.");
    expect(replayJournal(call.journal.entries)).toMatchObject({
      outcome: "identical",
      conversation: { summary: { text: "The caller is Bo." } },
    });
  });

  it("is not made while everything fits", async () => {
    const call = await hold({ contextTurns: 50, replies: [answers(() => "No.")] });
    expect(call.sumUps).toEqual([]);
    expect(textOf(call.asked.at(-1))).toHaveLength(9);
  });

  it("is made of what a budget of tokens leaves out", async () => {
    const call = await hold({ contextTokens: 12, replies: [answers(() => "The caller is Bo.")] });
    const [head, ...rest] = textOf(call.asked.at(-1));
    expect(head).toContain("The caller is Bo.");
    expect(rest.join("").length).toBeLessThanOrEqual(12 * 4);
    expect(rest.at(-1)).toBe("That is all.");
  });

  it("that fails leaves the window alone, and is given up after three failures", async () => {
    const busy = new ProviderError({
      provider: "scripted/brain",
      stage: "language-model",
      kind: "overloaded",
      message: "busy",
    });
    const call = await hold({ contextTurns: 1, replies: [answers(() => [busy])] });
    expect(call.bugs).toEqual([]);
    expect(call.summaries).toEqual([]);
    expect(call.sumUps.length).toBeLessThanOrEqual(4);
    expect(textOf(call.asked.at(-1))).toEqual(["All right.", "That is all."]);
  });

  it("gives the model up to a reply that begins", async () => {
    const call = await hold({ contextTurns: 1, replies: [answers(() => "Late.")], firstTokenMs: 3_000 }, 5_000);
    expect(call.bugs).toEqual([]);
    expect(call.summaries).toEqual([]);
    expect(call.asked).toHaveLength(TEXTS.length);
    expect(call.sumUps.length).toBeGreaterThan(0);
  });

  it("is not asked of a model that works from the whole call", async () => {
    const call = await hold({ contextTurns: 1, context: "whole", replies: [answers(() => "No.")] });
    expect(call.sumUps).toEqual([]);
    expect(textOf(call.asked.at(-1))).toHaveLength(9);
  });
});

it("limits a reply to the tokens that the agent allows", async () => {
  const call = await hold({ maxOutputTokens: 60 });
  expect(call.asked[0]?.maxOutputTokens).toBe(60);
});
