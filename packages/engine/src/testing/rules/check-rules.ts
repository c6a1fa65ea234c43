import fc from "fast-check";
import type { Rules } from "../../conversation/rules.ts";
import { type PlayLine, toPlayScript } from "../play-script.ts";
import { anyRules } from "./any-rules.ts";
import { RandomCall, type RulesUnderTest } from "./random-call.ts";
import { anyStimulus, type Stimulus } from "./stimulus.ts";

export type RulesReport =
  | { readonly outcome: "kept"; readonly runs: number }
  | {
      readonly outcome: "broken";
      readonly runs: number;
      readonly seed: number;
      /** Together with the seed it leads straight to the shortest history found. */
      readonly path: string;
      readonly message: string;
      /** The shortest history found that breaks a rule, as a play script. */
      readonly script: string;
    };

const UNKNOWN = { message: "the failure left no error", script: "" };

/** Plays random histories through the rules and checks the seven promises of the architecture at each step. */
export function checkRules(
  rules: RulesUnderTest,
  options: { runs: number; seed?: number; path?: string },
): RulesReport {
  const property = fc.property(fc.array(anyStimulus, { maxLength: 60 }), anyRules, (stimuli, settings) =>
    play(rules, stimuli, settings),
  );
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const path = options.path === undefined ? {} : { path: options.path };
  const result = fc.check(property, { numRuns: options.runs, ...seed, ...path });
  if (!result.failed) return { outcome: "kept", runs: result.numRuns };
  const { message, script } = result.errorInstance instanceof BrokenCall ? result.errorInstance : UNKNOWN;
  const where = { seed: result.seed, path: result.counterexamplePath ?? "" };
  return { outcome: "broken", runs: result.numRuns, ...where, message, script };
}

function play(rules: RulesUnderTest, stimuli: readonly Stimulus[], settings: Rules): void {
  const lines: PlayLine[] = [];
  try {
    const call = new RandomCall(rules, settings, lines);
    for (const stimulus of stimuli) call.apply(stimulus);
    call.settle();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new BrokenCall(message, { cause, lines });
  }
}

class BrokenCall extends Error {
  readonly script: string;

  constructor(message: string, options: { cause: unknown; lines: readonly PlayLine[] }) {
    super(message, { cause: options.cause });
    this.script = toPlayScript(options.lines);
  }
}
