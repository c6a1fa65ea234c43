import { outcomeOf, type Rehearsal, type RehearsedCall } from "./rehearsal.ts";

/** The rehearsal as one JSON object. */
export function toJsonReport(rehearsal: Rehearsal): object {
  const { calls, seed, wallMs } = rehearsal;
  const count = (status: RehearsedCall["status"]) => calls.filter((call) => call.status === status).length;
  return {
    outcome: outcomeOf(rehearsal),
    total: calls.length,
    passed: count("passed"),
    failed: count("failed"),
    broken: count("broken"),
    seed,
    wallMs,
    calls: calls.map(toJson),
  };
}

function toJson(rehearsed: RehearsedCall): object {
  const { file, round, seed, status, scenario, wallMs } = rehearsed;
  const head = { scenario: scenario.name, file, agent: scenario.agent, round, seed, status };
  if (rehearsed.status === "broken") return { ...head, error: rehearsed.error, wallMs };
  const { callId, checks, call, durationMs } = rehearsed;
  const { transcript, turns, endReason } = call;
  return { ...head, callId, durationMs, wallMs, endReason, checks, transcript, turns };
}
