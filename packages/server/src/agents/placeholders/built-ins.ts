/** Names that every call knows without being told. */

import type { Call } from "../../calls/call.ts";
import type { AgentSettings } from "../agent.ts";
import type { Shown } from "./filters.ts";
import type { MomentPart } from "./moments.ts";

type CallFacts = Pick<Call, "id" | "direction"> & Partial<Pick<Call, "fromNumber" | "toNumber">>;

const MOMENTS: Readonly<Record<string, MomentPart>> = {
  now: "moment",
  date: "date",
  time: "time",
  day: "day",
  weekday: "day",
  month: "month",
  year: "year",
  current_date: "date",
  current_time: "time",
  current_day: "day",
};

const AGENT_NAMES = {
  agent_name: ({ name }: AgentSettings) => name,
  business_name: ({ businessName }: AgentSettings) => businessName,
  language: ({ language }: AgentSettings) => language,
} as const;

const CALL_NAMES = {
  call_id: ({ id }: CallFacts) => id,
  direction: ({ direction }: CallFacts) => direction,
  from_number: ({ fromNumber }: CallFacts) => fromNumber,
  to_number: ({ toNumber }: CallFacts) => toNumber,
  caller_number: (call: CallFacts) => (call.direction === "outbound" ? call.toNumber : call.fromNumber),
  customer_number: (call: CallFacts) => (call.direction === "outbound" ? call.toNumber : call.fromNumber),
  user_number: (call: CallFacts) => (call.direction === "outbound" ? call.toNumber : call.fromNumber),
  agent_number: (call: CallFacts) => (call.direction === "outbound" ? call.fromNumber : call.toNumber),
} as const;

export const BUILT_IN_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(MOMENTS),
  ...Object.keys(AGENT_NAMES),
  ...Object.keys(CALL_NAMES),
]);

/** The other party is the caller, whoever dialled. A name without a value, such as a web caller's number, is absent. */
export function builtIns(agent: AgentSettings, call: CallFacts, nowMs: number): ReadonlyMap<string, Shown> {
  const values = new Map<string, Shown>();
  for (const [name, show] of Object.entries(MOMENTS)) values.set(name, { atMs: nowMs, show });
  for (const [name, read] of Object.entries(AGENT_NAMES)) values.set(name, read(agent));
  for (const [name, read] of Object.entries(CALL_NAMES)) {
    const value = read(call);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
