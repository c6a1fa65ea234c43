/** A language model that does all that models were ever seen to do. */

import fc from "fast-check";
import type { LanguageModel, ReplyPart, ReplyRequest } from "../../models/language-model.ts";
import { ProviderError } from "../../models/provider-error.ts";
import type { Clock } from "../../session/clock.ts";
import { pause, stall } from "./pause.ts";

type Step =
  | { readonly give: "text"; readonly text: string }
  | { readonly give: "tool"; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly give: "silence" | "usage" | "stall" | "crash" }
  | { readonly give: "failure"; readonly isRetryable: boolean };

export type BrainScript = {
  readonly firstMs: number;
  readonly stepMs: number;
  readonly steps: readonly Step[];
  /** Goes on when the reply is cancelled: what it gives then must not count. */
  readonly isDeaf?: boolean;
};

const TEXTS = [
  "Fine.",
  "One moment.",
  "We open at nine. We close at six. On Sunday we are closed all day.",
  "It begins well. ",
  " \n\t ",
  "\u0000\u200b",
  "## **Prices** | a | b | `x` 😀 ???",
  "x".repeat(600),
  "Again and again. ".repeat(12),
];

const tool = (id: string, name: string, args = "{}"): Step => ({ give: "tool", id, name, arguments: args });
const TOOLS = [
  tool("a", "book"),
  tool("b", "book", '{"at": 7'),
  tool("c", "book", "x".repeat(40_000)),
  tool("d", "no_such_tool"),
  tool("", ""),
  tool("e", "end_call"),
];

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ give: fc.constant("text" as const), text: fc.constantFrom(...TEXTS) }) },
  { weight: 4, arbitrary: fc.constantFrom(...TOOLS) },
  { weight: 1, arbitrary: fc.record({ give: fc.constantFrom("silence" as const, "usage" as const) }) },
  { weight: 1, arbitrary: fc.record({ give: fc.constantFrom("stall" as const, "crash" as const) }) },
  { weight: 1, arbitrary: fc.record({ give: fc.constant("failure" as const), isRetryable: fc.boolean() }) },
);

export const anyBrainScript: fc.Arbitrary<BrainScript> = fc.record({
  firstMs: fc.constantFrom(0, 50, 300, 3_000),
  stepMs: fc.constantFrom(0, 10, 700),
  steps: fc.array(anyStep, { maxLength: 4 }),
  isDeaf: fc.constantFrom(false, false, true),
});

export class FaultyBrain implements LanguageModel {
  readonly name = "fuzz/brain";
  readonly #scripts: readonly BrainScript[];
  readonly #clock: Clock;
  #requests = 0;

  constructor(scripts: readonly BrainScript[], clock: Clock) {
    this.#scripts = scripts;
    this.#clock = clock;
  }

  async *reply(_request: ReplyRequest, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    const script = this.#scripts[Math.min(this.#requests++, this.#scripts.length - 1)];
    if (!script) return;
    const heeded = script.isDeaf ? undefined : signal;
    await pause(this.#clock, script.firstMs, heeded);
    for (const step of script.steps) {
      if (heeded?.aborted) return;
      const part = await this.#take(step, heeded);
      if (part) yield part;
      await pause(this.#clock, script.stepMs, heeded);
    }
  }

  async #take(step: Step, signal: AbortSignal | undefined): Promise<ReplyPart | undefined> {
    switch (step.give) {
      case "text":
        return { type: "text", text: step.text };
      case "tool":
        return { type: "tool-call", call: { id: step.id, name: step.name, arguments: step.arguments } };
      case "silence":
        return { type: "silence" };
      case "usage":
        return { type: "usage", inputTokens: 1, outputTokens: 1 };
      case "stall":
        await stall(signal);
        return undefined;
      case "crash":
        throw new TypeError("the model's library broke");
      case "failure": {
        const { isRetryable } = step;
        const stage = "language-model";
        throw new ProviderError({ provider: this.name, stage, kind: "overloaded", message: "busy", isRetryable });
      }
    }
  }
}
