/** Calls whose agent looks things up, under virtual time: the question goes to the main thread, the answer to the caller. */

import { type JournalEntry, replayJournal } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { receptionist } from "@earshot/providers";
import { expect, it } from "vitest";
import { toTranscript } from "../calls/to-transcript.ts";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const [CALLEE, CALLER] = ["call_callee", "call_caller"];
const PASSAGE = { document: "Prices", documentId: "kdoc_1", chunkId: "kdoc_1-0", text: "A crown costs 900 dollars." };
const knowledge = { baseIds: ["kb_1"] };

async function hold(agent: object, { delayMs = 0, replies = {} }: { delayMs?: number; replies?: object } = {}) {
  const clock = new FakeClock();
  const desk = new ScriptedDesk({
    clock,
    texts: ["How much is a crown?"],
    replies: { asks: ["How much is a crown?"], ...replies },
    realModels: { builtin: receptionist() },
  });
  const silence = { remindAfterMs: 600_000 };
  desk.reserve(CALLEE, { knowledge, silence, ...agent }, { pace: "real" });
  desk.reserve(CALLER, { models: { languageModel: "asks" }, silence }, { pace: "real" });
  await desk.bridge(CALLEE, CALLER);
  desk.desk.receive({
    type: "order",
    orderId: 99,
    callId: CALLER,
    order: { type: "say", text: "How much is a crown?", endAfter: false },
  });
  await clock.advance(4_000);
  const asked = desk.sent.find((message) => message.type === "ask");
  if (asked?.type === "ask") {
    await clock.advance(delayMs);
    const outcome = { outcome: "succeeded", result: JSON.stringify({ passages: [PASSAGE] }) } as const;
    desk.desk.receive({ type: "answer", askId: asked.askId, answer: { type: "look-up", outcome } });
  }
  await clock.advance(8_000);
  return { desk, asked, entries: desk.entries(CALLEE) as JournalEntry[] };
}

it("the receptionist looks up what it wasn't told, and the transcript says where it stands", async () => {
  const { desk, asked, entries } = await hold({ models: { languageModel: "builtin" } });
  expect(asked).toMatchObject({
    request: { type: "look-up", wanted: { baseIds: ["kb_1"], query: "How much is a crown?" } },
  });
  expect(desk.heard(CALLEE)).toContain("A crown costs 900 dollars.");
  const cited = toTranscript(entries).find(({ role }) => role === "tool");
  expect(cited?.text).toMatch(/^look_up: .*"document":"Prices".*"chunkId":"kdoc_1-0"/);
  expect(replayJournal(entries).outcome).toBe("identical");
});

it("a language model gets the passages, and the caller hears that it takes a moment", async () => {
  const call = { id: "t1", name: "look_up", arguments: '{"query":"crown price"}' };
  const replies = { answers: [[{ type: "tool-call", call }], "Nine hundred dollars."] };
  const { desk } = await hold({ models: { languageModel: "answers" } }, { delayMs: 3_000, replies });
  const requests = desk.models["answers"]?.requests ?? [];
  expect(requests[0]?.tools.map(({ name }) => name)).toContain("look_up");
  expect(requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", result: expect.stringContaining("kdoc_1-0") });
  expect(desk.heard(CALLEE)).toMatch(/^One moment, please\. .*Nine hundred dollars\./);
});

it("an agent without a knowledge base has no such tool", async () => {
  const { desk } = await hold(
    { knowledge: {}, models: { languageModel: "answers" } },
    { replies: { answers: ["Hm."] } },
  );
  expect(desk.models["answers"]?.requests[0]?.tools.map(({ name }) => name)).not.toContain("look_up");
});
