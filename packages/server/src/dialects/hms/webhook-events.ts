/**
 * Events of HMS webhooks and those of ours. Two of them ask something and are sent from where the answer is needed; an
 * agent subscribes to them by the same list, so they stand in it under their own names.
 */
export const HMS_EVENTS = ["assistant-request", "tool-calls", "status-update", "end-of-call-report"] as const;
export type HmsEvent = (typeof HMS_EVENTS)[number];

const OURS: Readonly<Record<HmsEvent, readonly string[]>> = {
  "assistant-request": ["assistant-request"],
  "tool-calls": ["tool-calls"],
  "status-update": ["call.started", "call.ended", "call.failed"],
  "end-of-call-report": ["transcript.completed"],
};

/** Our types of events; all when none is named. */
export function fromHmsEvents(events: readonly HmsEvent[] | null): string[] {
  if (events === null || HMS_EVENTS.every((event) => events.includes(event))) return ["*"];
  return HMS_EVENTS.filter((event) => events.includes(event)).flatMap((event) => OURS[event]);
}

export function toHmsEvents(types: readonly string[]): HmsEvent[] {
  if (types.includes("*")) return [...HMS_EVENTS];
  return HMS_EVENTS.filter((event) => OURS[event].some((type) => types.includes(type)));
}

/** Whether an agent's webhook wants it. */
export function wants(types: readonly string[], event: HmsEvent): boolean {
  return toHmsEvents(types).includes(event);
}
