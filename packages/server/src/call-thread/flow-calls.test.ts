/** Calls led by a flow, through the whole call: desk, plan, session, rules and the built-in language model. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replayJournal } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { receptionist } from "@earshot/providers";
import { describe, expect, it } from "vitest";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const CALLEE = "call_callee";
const CALLER = "call_caller";

const flow = {
  entryNode: "start",
  globalPrompt: "Be brief.",
  nodes: [
    { id: "start", type: "conversation", firstLine: "Hello, this is Bloom Dental." },
    {
      id: "visit",
      type: "conversation",
      firstLine: "Which day would you like to come?",
      overrides: { temperature: 0.1 },
    },
    { id: "details", type: "extract", variables: [{ name: "day", type: "date", isRequired: true }] },
    { id: "known", type: "condition" },
    { id: "done", type: "end", firstLine: "I have you down for {{day}}. Goodbye." },
    {
      id: "place",
      type: "conversation",
      isGlobal: true,
      globalDescription: "The caller asks about parking",
      instructions: "Say that there is parking behind the house.",
      firstLine: "You can park behind the house.",
    },
  ],
  edges: [
    { from: "start", to: "visit", description: "The caller wants to make an appointment", message: "Of course." },
    { from: "visit", to: "details", description: "The caller has named a day" },
    { from: "details", to: "known" },
    { from: "known", to: "done", condition: "exists day" },
    { from: "known", to: "visit", message: "Sorry." },
  ],
};

async function ring(texts: readonly string[], agent: object = { flow, models: { languageModel: "builtin" } }) {
  const clock = new FakeClock();
  const desk = new ScriptedDesk({
    clock,
    texts,
    replies: { "": ["Okay."], asks: [...texts, [{ type: "silence" }]] },
    realModels: { builtin: receptionist(), "builtin/receptionist": receptionist() },
  });
  const quiet = { silence: { remindAfterMs: 60_000 } };
  desk.reserve(CALLEE, { ...agent, ...quiet }, { pace: "real" });
  desk.reserve(CALLER, { models: { languageModel: "asks" }, ...quiet }, { pace: "real" });
  await desk.bridge(CALLEE, CALLER);
  for (let second = 0; second < 90; second++) {
    await clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const path = desk
    .entries(CALLEE)
    .flatMap(({ effects }) => effects.flatMap((effect) => (effect.type === "enter-node" ? [effect.nodeId] : [])));
  return { desk, path, reason: desk.entries(CALLEE).at(-1)?.event };
}

describe("a call with a flow and the built-in model", () => {
  it("goes its way from the wish to the goodbye", async () => {
    const { desk, path, reason } = await ring(["I need an appointment.", "Next Tuesday please.", "Yes."]);
    expect(path).toEqual(["visit", "details", "known", "done"]);
    expect(desk.heard(CALLEE)).toMatch(
      /^Hello, this is Bloom Dental\..* Of course\. Which day would you like to come\?/,
    );
    expect(desk.heard(CALLEE)).toMatch(/I have you down for \S.*\. Goodbye\.$/);
    expect(reason).toMatchObject({ type: "call-ended", reason: "agent-hung-up" });
    expect(replayJournal(desk.entries(CALLEE)).outcome).toBe("identical");
  });

  it("answers in a global node and goes on", async () => {
    const { desk, path } = await ring([
      "I need an appointment.",
      "What about parking?",
      "Okay, let's go back.",
      "Friday.",
    ]);
    expect(path.slice(0, 3)).toEqual(["visit", "place", "visit"]);
    expect(desk.heard(CALLEE)).toContain("You can park behind the house.");
  });

  it("is what the guide shows", async () => {
    const guide = await readFile(join(import.meta.dirname, "../../../../docs/flows.md"), "utf8");
    const agent = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? "") as object;
    const script = /```text\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
    const lines = (who: string) =>
      [...script.matchAll(new RegExp(`^${who} +(.*)$`, "gm"))].map(([, text = ""]) => text);
    const { desk, reason } = await ring(lines("CALLER"), agent);
    expect(desk.heard(CALLEE)).toBe(lines("AGENT").join(" "));
    expect(reason).toMatchObject({ reason: "agent-hung-up" });
  });
});
