import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import type { WallClock } from "../../wall-clock.ts";
import { type CallingRules, DEFAULT_CALLING_RULES } from "../../workspaces/calling-rules.ts";
import type { WorkspaceStore } from "../../workspaces/store.ts";
import type { Failure } from "../give-up.ts";
import type { CallStore } from "../store.ts";
import { judgeDestination, refuse } from "./judge-destination.ts";

export type CheckDestinationDeps = {
  readonly workspaces: Pick<WorkspaceStore, "find">;
  readonly phoneNumbers: Pick<PhoneNumberStore, "countries">;
  readonly calls: Pick<CallStore, "sumDialled">;
  readonly clock: WallClock;
};

/** Why a number outside must not be called, by the workspace's rules and what it has used up today; undefined: it may. */
export async function checkDestination(
  deps: CheckDestinationDeps,
  workspaceId: string,
  to: string,
): Promise<Failure | undefined> {
  const rules = await findCallingRules(deps, workspaceId);
  return (await judgeBy(deps, workspaceId, rules, to)) ?? checkDay(deps, workspaceId, rules);
}

/** The same for a call that has been counted. */
export async function checkNumber(
  deps: Pick<CheckDestinationDeps, "workspaces" | "phoneNumbers">,
  workspaceId: string,
  to: string,
): Promise<Failure | undefined> {
  return judgeBy(deps, workspaceId, await findCallingRules(deps, workspaceId), to);
}

async function judgeBy(
  deps: Pick<CheckDestinationDeps, "phoneNumbers">,
  workspaceId: string,
  rules: CallingRules,
  to: string,
): Promise<Failure | undefined> {
  return judgeDestination(rules, to, await ownCountries(deps, workspaceId, rules));
}

export async function findCallingRules(
  { workspaces }: Pick<CheckDestinationDeps, "workspaces">,
  workspaceId: string,
): Promise<CallingRules> {
  return (await workspaces.find(workspaceId))?.calling ?? DEFAULT_CALLING_RULES;
}

async function ownCountries(
  { phoneNumbers }: Pick<CheckDestinationDeps, "phoneNumbers">,
  workspaceId: string,
  rules: CallingRules,
): Promise<readonly string[]> {
  if (rules.countries !== undefined || rules.allowsAnyCountry) return [];
  return phoneNumbers.countries(workspaceId);
}

async function checkDay(
  { calls, clock }: CheckDestinationDeps,
  workspaceId: string,
  rules: CallingRules,
): Promise<Failure | undefined> {
  const { maxCallsPerDay, maxMinutesPerDay, maxSpendPerDay } = rules;
  if (maxCallsPerDay === undefined && maxMinutesPerDay === undefined && maxSpendPerDay === undefined) return undefined;
  const now = clock.now();
  const midnight = clock.at(now.getTime() - (now.getTime() % DAY_MS));
  const used = await calls.sumDialled(workspaceId, midnight, now);
  if (maxCallsPerDay !== undefined && used.calls >= maxCallsPerDay)
    return refuse("daily_calls_used_up", `the workspace has placed its ${maxCallsPerDay} calls of today (UTC)`);
  if (maxMinutesPerDay !== undefined && used.minutes >= maxMinutesPerDay)
    return refuse("daily_minutes_used_up", `the workspace has used up its ${maxMinutesPerDay} minutes of today (UTC)`);
  if (maxSpendPerDay !== undefined && used.spend >= maxSpendPerDay)
    return refuse("daily_spend_used_up", `the workspace has spent its ${maxSpendPerDay} of today (UTC)`);
  return undefined;
}

const DAY_MS = 86_400_000;
