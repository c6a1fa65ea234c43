import { expect, it } from "vitest";
import { playWorld } from "../testing/session/play-world.ts";

it("remembers no words of a sentence whose voice died before it said them", async () => {
  const call = await playWorld({
    acts: [],
    brain: [{ firstMs: 0, stepMs: 0, steps: [] }],
    ears: [],
    voice: [
      { firstMs: 0, trouble: { afterWords: 2, is: "failure" } },
      { firstMs: 0, trouble: { afterWords: 0, is: "failure" } },
    ],
    tools: [],
    leg: { reportPlayback: true, leadMs: 0, reportDelayMs: 0 },
    failingFlushes: [],
    rules: {
      greeting: { mode: "static", text: "Hello and welcome to us." },
      canInterrupt: true,
      maxDurationMs: 3_600_000,
    },
  });
  const [greeting] = call.session.conversation.history;
  expect(greeting).toMatchObject({ role: "agent", text: "Hello and", wasCutOff: true });
});
