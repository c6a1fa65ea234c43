/** What a workspace may use up from midnight to midnight, UTC. */
import type { WallClock } from "../../wall-clock.ts";
import type { CallingRules } from "../../workspaces/calling-rules.ts";
import type { Refusal } from "./dial.ts";
import { refuse } from "./judge-destination.ts";
import type { Day, DayUse } from "./store.ts";

const DAY_MS = 86_400_000;

export function today(clock: WallClock): Day {
  const now = clock.now();
  return { midnight: clock.at(now.getTime() - (now.getTime() % DAY_MS)), now };
}

export function hasDayCaps({ maxCallsPerDay, ...rules }: CallingRules): boolean {
  return maxCallsPerDay !== undefined || hasRunningCaps(rules);
}

/** Caps that calls use up while they go on. */
export function hasRunningCaps(rules: Pick<CallingRules, "maxMinutesPerDay" | "maxSpendPerDay">): boolean {
  return rules.maxMinutesPerDay !== undefined || rules.maxSpendPerDay !== undefined;
}

/** Why no other call may be placed; undefined: one may. */
export function judgeDay(rules: CallingRules, used: DayUse): Refusal | undefined {
  const { maxCallsPerDay } = rules;
  if (maxCallsPerDay !== undefined && used.calls >= maxCallsPerDay)
    return refuse(
      "daily_calls_used_up",
      `the workspace has placed its ${maxCallsPerDay} calls of today, UTC (calling.maxCallsPerDay)`,
    );
  return judgeRunning(rules, used);
}

/** Why calls under way can't go on. */
export function judgeRunning(
  { maxMinutesPerDay, maxSpendPerDay }: CallingRules,
  used: Omit<DayUse, "calls">,
): Refusal | undefined {
  if (maxMinutesPerDay !== undefined && used.minutes >= maxMinutesPerDay)
    return refuse(
      "daily_minutes_used_up",
      `the workspace has used up its ${maxMinutesPerDay} minutes of today, UTC (calling.maxMinutesPerDay)`,
    );
  if (maxSpendPerDay !== undefined && used.spend >= maxSpendPerDay)
    return refuse(
      "daily_spend_used_up",
      `the workspace has spent its ${maxSpendPerDay} of today, UTC (calling.maxSpendPerDay)`,
    );
  return undefined;
}
