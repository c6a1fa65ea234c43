import fc from "fast-check";
import { DEFAULT_RULES } from "../../conversation/rules.ts";
import { toPlayScript } from "../play-script.ts";
import { RandomCall, type RulesUnderTest } from "./random-call.ts";
import { anyGreeting, anyStimulus, type Stimulus } from "./stimulus.ts";

export type RulesReport =
  | { readonly outcome: "kept"; readonly runs: number }
  | {
      readonly outcome: "broken";
      readonly seed: number;
      readonly message: string;
      /** The shortest history found that breaks a rule, as a play script. */
      readonly script: string;
    };

/** Plays random histories through the rules and checks the seven promises of the architecture at each step. */
export function checkRules(rules: RulesUnderTest, options: { runs: number; seed?: number }): RulesReport {
  const property = fc.property(
    fc.array(anyStimulus, { maxLength: 60 }),
    anyGreeting,
    fc.boolean(),
    (stimuli, greeting, canInterrupt) => {
      play(rules, stimuli, greeting, canInterrupt);
    },
  );
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const result = fc.check(property, { numRuns: options.runs, ...seed });
  if (!result.failed) return { outcome: "kept", runs: result.numRuns };
  const [stimuli, greeting, canInterrupt] = result.counterexample ?? [[], { mode: "off" as const }, true];
  return { outcome: "broken", seed: result.seed, ...retell(rules, stimuli, greeting, canInterrupt) };
}

type Settings = [stimuli: readonly Stimulus[], greeting: typeof DEFAULT_RULES.greeting, canInterrupt: boolean];

function play(rules: RulesUnderTest, ...[stimuli, greeting, isEnabled]: Settings): void {
  const call = newCall(rules, greeting, isEnabled);
  for (const stimulus of stimuli) call.apply(stimulus);
  call.settle();
}

function retell(
  rules: RulesUnderTest,
  ...[stimuli, greeting, isEnabled]: Settings
): { message: string; script: string } {
  const call = newCall(rules, greeting, isEnabled);
  try {
    for (const stimulus of stimuli) call.apply(stimulus);
    call.settle();
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), script: toPlayScript(call.lines) };
  }
  return { message: "the failure did not show again", script: toPlayScript(call.lines) };
}

function newCall(rules: RulesUnderTest, greeting: typeof DEFAULT_RULES.greeting, isEnabled: boolean): RandomCall {
  return new RandomCall(rules, { ...DEFAULT_RULES, greeting, bargeIn: { ...DEFAULT_RULES.bargeIn, isEnabled } });
}
