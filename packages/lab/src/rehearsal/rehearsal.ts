/** What came out of rehearsing. */
import type { Call } from "@earshot/sdk";
import type { Check } from "./check.ts";
import type { FoundScenario } from "./read-scenarios.ts";

/** One scenario, once. */
export type RehearsedCall = FoundScenario & {
  /** 1, 2, … where scenarios are repeated. */
  readonly round: number;
  readonly seed: number;
} & (
    | {
        readonly status: "passed" | "failed";
        readonly callId: string;
        readonly checks: readonly Check[];
        readonly call: Call;
        readonly durationMs: number;
        readonly wallMs: number;
      }
    /** It could not be rehearsed at all. */
    | { readonly status: "broken"; readonly error: string; readonly wallMs: number }
  );

export type Rehearsal = {
  readonly seed: number;
  readonly wallMs: number;
  /** In the order of the files, a scenario's rounds after each other. */
  readonly calls: readonly RehearsedCall[];
};

export type RehearsalOutcome = "passed" | "failed" | "broken";

/** `broken` before `failed`: what could not be rehearsed says nothing of the agent. */
export function outcomeOf({ calls }: Pick<Rehearsal, "calls">): RehearsalOutcome {
  if (calls.some(({ status }) => status === "broken")) return "broken";
  return calls.some(({ status }) => status === "failed") ? "failed" : "passed";
}

export function failedChecks(call: RehearsedCall): readonly Check[] {
  return call.status === "broken" ? [] : call.checks.filter(({ hasPassed }) => !hasPassed);
}

/** "Books a cleaning", or with its round where there are several. */
export function titleOf({ scenario, round }: RehearsedCall, rounds: number): string {
  return rounds > 1 ? `${scenario.name} (${round} of ${rounds})` : scenario.name;
}
