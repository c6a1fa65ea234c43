import type { CallOutcome } from "./call-event.ts";

/** What a final status says about the person called. */
export function outcomeOf(status: number): CallOutcome {
  return OUTCOMES.get(status) ?? CLASS_OUTCOMES.get(Math.floor(status / 100)) ?? "failed";
}

const OUTCOMES: ReadonlyMap<number, CallOutcome> = new Map([
  [401, "unauthorized"],
  [403, "rejected"],
  [404, "unknown_number"],
  [407, "unauthorized"],
  [408, "no_answer"],
  [410, "unknown_number"],
  [415, "no_common_media"],
  [480, "no_answer"],
  [484, "unknown_number"],
  [486, "busy"],
  [487, "cancelled"],
  [488, "no_common_media"],
  [502, "unreachable"],
  [503, "unreachable"],
  [504, "unreachable"],
  [600, "busy"],
  [603, "rejected"],
  [604, "unknown_number"],
  [606, "no_common_media"],
  [607, "rejected"],
  [608, "rejected"],
]);

const CLASS_OUTCOMES: ReadonlyMap<number, CallOutcome> = new Map([
  [3, "redirected"],
  [6, "rejected"],
]);
