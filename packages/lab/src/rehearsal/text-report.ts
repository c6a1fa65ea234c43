import { failedChecks, outcomeOf, type Rehearsal, type RehearsedCall, titleOf } from "./rehearsal.ts";

const WORDS = { passed: "ok    ", failed: "FAILED", broken: "BROKEN" } as const;

/** One line of a scenario that is over. */
export function toProgressLine(call: RehearsedCall, rounds: number): string {
  const head = `${WORDS[call.status]}  ${titleOf(call, rounds)}`;
  if (call.status === "broken") return `${head}: ${call.error}`;
  const times = (call.durationMs / Math.max(1, call.wallMs)).toFixed(1);
  const passed = call.checks.filter(({ hasPassed }) => hasPassed).length;
  return `${head}  (${passed} of ${call.checks.length} checks, ${toSeconds(call.durationMs)} of call, ${times} times real time)`;
}

/** What failed and why, with what was said, and the count at the end. */
export function toTextReport(rehearsal: Rehearsal): string {
  const rounds = roundsOf(rehearsal);
  const failures = rehearsal.calls.filter(({ status }) => status === "failed").map((call) => describe(call, rounds));
  return [...failures, toGateLine(rehearsal)].join("\n\n");
}

/** The whole rehearsal in one line. */
export function toGateLine(rehearsal: Rehearsal): string {
  const { calls, seed, wallMs } = rehearsal;
  const count = (status: RehearsedCall["status"]) => calls.filter((call) => call.status === status).length;
  const [passed, failed, broken] = [count("passed"), count("failed"), count("broken")];
  const parts = [
    `${passed} of ${calls.length} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(broken > 0 ? [`${broken} could not be rehearsed`] : []),
  ];
  const first = calls.find(({ status }) => status !== "passed");
  const why = first === undefined ? "" : `; first: ${titleOf(first, roundsOf(rehearsal))}: ${whyOf(first)}`;
  const verdict = { passed: "PASS", failed: "FAIL", broken: "BROKEN" }[outcomeOf(rehearsal)];
  return `${verdict}  ${parts.join(", ")} in ${toSeconds(wallMs)}, seed ${seed}${why}`;
}

/** How often each scenario was rehearsed. */
export function roundsOf({ calls }: Pick<Rehearsal, "calls">): number {
  return Math.max(1, ...calls.map(({ round }) => round));
}

/** The first thing wrong with a call, in a few words. */
function whyOf(call: RehearsedCall): string {
  if (call.status === "broken") return call.error;
  const [check] = failedChecks(call);
  return check === undefined ? "" : `${check.name}: wanted ${check.wanted}, observed ${check.observed}`;
}

function describe(call: RehearsedCall, rounds: number): string {
  if (call.status === "broken") return "";
  const checks = failedChecks(call).flatMap(({ name, wanted, observed, atMs }) => [
    `  ${name}${atMs === undefined ? "" : `, at ${toSeconds(atMs)}`}`,
    `    wanted    ${wanted}`,
    `    observed  ${observed}`,
  ]);
  const said = call.call.transcript.map(
    ({ role, text, atMs, wasCutOff }) =>
      `  ${toSeconds(atMs).padStart(8)}  ${role.toUpperCase().padEnd(6)}  ${text}${wasCutOff ? " — (cut off)" : ""}`,
  );
  return [
    `FAILED  ${titleOf(call, rounds)}  (${call.file}, call ${call.callId}, seed ${call.seed})`,
    ...checks,
    ...said,
  ].join("\n");
}

function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
