import type { PhoneNumberStore } from "../../phone-numbers/store.ts";
import type { WallClock } from "../../wall-clock.ts";
import { type CallingRules, DEFAULT_CALLING_RULES } from "../../workspaces/calling-rules.ts";
import type { WorkspaceStore } from "../../workspaces/store.ts";
import type { Failure } from "../give-up.ts";
import type { CallStore } from "../store.ts";
import { hasDayCaps, judgeDay, today } from "./day-caps.ts";
import { judgeDestination } from "./judge-destination.ts";

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

/** What is being placed by now counts, too; whether this one fits besides is found out when its way is reserved. */
async function checkDay(
  { calls, clock }: CheckDestinationDeps,
  workspaceId: string,
  rules: CallingRules,
): Promise<Failure | undefined> {
  if (!hasDayCaps(rules)) return undefined;
  return judgeDay(rules, await calls.sumDialled(workspaceId, today(clock), true));
}
