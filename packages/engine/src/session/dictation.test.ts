import { expect, it } from "vitest";
import { makeScriptedCall } from "../testing/scripted-call.ts";

const ASKS = { mode: "static", text: "What is the number, please?" } as const;

it("keeps the floor with who dictates over a piece that nobody could make out", async () => {
  const call = makeScriptedCall({
    texts: ["My number is 555.", "", "1 2 3 4 5 6 7."],
    replies: ["Thank you."],
    rules: { greeting: ASKS },
  });
  await call.clock.advance(4_000);
  await call.say(900, 700);
  await call.say(400, 700);
  await call.say(1_200, 4_000);
  expect(call.spoken()).toEqual([
    "agent: What is the number, please?",
    "caller: My number is 555. 1 2 3 4 5 6 7.",
    "agent: Thank you.",
  ]);
});

it("waits for no more than the pace of what is dictated when its end can't be known", async () => {
  const call = makeScriptedCall({
    texts: ["4541.", "7050.", "12."],
    replies: ["Thank you."],
    rules: { greeting: ASKS },
  });
  await call.clock.advance(4_000);
  for (let piece = 0; piece < 3; piece++) await call.say(600, 500);
  const lastSampleAtMs = call.clock.nowMs() - 500;
  await call.clock.advance(3_000);
  const answered = call.journal.entries.findLast(({ event }) => event.type === "reply-audio-started");
  expect((answered?.atMs ?? 0) - lastSampleAtMs).toBeLessThan(1_000);
  expect(call.spoken()).toContain("caller: 4541. 7050. 12.");
});
