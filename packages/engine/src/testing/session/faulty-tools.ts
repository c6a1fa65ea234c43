/** Tools that fail, answer late, answer too much or never answer, and a book of what they did. */

import fc from "fast-check";
import type { ToolOutcome, ToolRunner } from "../../session/calling-tools.ts";
import type { Clock } from "../../session/clock.ts";
import { pause, stall } from "./pause.ts";

export type ToolScript =
  | { readonly answers: "succeeded" | "failed"; readonly afterMs: number; readonly isLong?: boolean }
  | { readonly rejects: true; readonly afterMs: number }
  | { readonly throws: true }
  | { readonly never: true };

export const anyToolScript: fc.Arbitrary<ToolScript> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        answers: fc.constantFrom("succeeded" as const, "failed" as const),
        afterMs: fc.constantFrom(0, 700, 4_000, 70_000),
        isLong: fc.boolean(),
      },
      { requiredKeys: ["answers", "afterMs"] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ rejects: fc.constant(true as const), afterMs: fc.constantFrom(0, 500) }) },
  { weight: 1, arbitrary: fc.constantFrom<ToolScript[]>({ throws: true }, { never: true }) },
);

export type ToolRun = { readonly toolCallId: string; readonly startedAtMs: number; answeredAtMs?: number };

export class FaultyTools implements ToolRunner {
  readonly runs: ToolRun[] = [];
  readonly #scripts: readonly ToolScript[];
  readonly #clock: Clock;

  constructor(scripts: readonly ToolScript[], clock: Clock) {
    this.#scripts = scripts;
    this.#clock = clock;
  }

  run({ toolCallId }: { toolCallId: string }): Promise<ToolOutcome> {
    const script = this.#scripts[this.runs.length] ?? ({ answers: "succeeded", afterMs: 300 } as const);
    const run: ToolRun = { toolCallId, startedAtMs: this.#clock.nowMs() };
    this.runs.push(run);
    if ("throws" in script) throw new Error("the tool's library broke");
    return this.#answer(run, script);
  }

  /** Deaf to the signal: the worst of them are. */
  async #answer(run: ToolRun, script: Exclude<ToolScript, { throws: true }>): Promise<ToolOutcome> {
    if ("never" in script) {
      await stall();
      return { outcome: "failed", result: "" };
    }
    await pause(this.#clock, script.afterMs);
    run.answeredAtMs = this.#clock.nowMs();
    if ("rejects" in script) throw new Error("connection reset");
    return { outcome: script.answers, result: script.isLong ? "long ".repeat(8_000) : `result of ${run.toolCallId}` };
  }
}
