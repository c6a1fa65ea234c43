/** Whether a call was as its scenario expects. Pure. */
import type { Call, JournalEntry } from "@earshot/sdk";
import type { Course } from "../callers/course.ts";
import { parsePattern } from "../callers/text-pattern.ts";
import { heardSince, toLearntValues, toToolRuns } from "./call-facts.ts";
import { type Check, toCheck } from "./check.ts";
import { checkKeepsTalking, checkLimits, toYields } from "./check-timing.ts";
import { checkTools, isWithin } from "./check-tools.ts";
import { checkNeverSaid, checkSaid, linesOf, quote } from "./check-words.ts";
import type { Expectations } from "./expectation-shape.ts";

export type CallToJudge = {
  readonly expect: Expectations;
  readonly course: Course;
  readonly call: Call;
  readonly journal: readonly JournalEntry[];
};

/** No scenario wants these. */
const FAILURES = ["internal", "provider-failure", "server-crash", "connection-lost", "server-shutdown"];

export function judge(judged: CallToJudge): readonly Check[] {
  const { expect, call, journal, course } = judged;
  const [agent, caller] = [linesOf(call, "agent"), linesOf(call, "caller")];
  return [
    checkCourse(judged),
    ...course.heardChecks.map(({ pattern, heard, hasPassed, atMs }) =>
      toCheck("hears", hasPassed, { wanted: pattern, observed: quote(heard), atMs }),
    ),
    ...checkSaid("agent says", expect.agentSays ?? [], agent),
    ...checkNeverSaid("agent never says", expect.agentNeverSays ?? [], agent),
    ...checkSaid("agent hears", expect.agentHears ?? [], caller),
    ...checkAfterBeep(judged),
    ...checkTools(expect, toToolRuns(journal)),
    ...checkVariables(expect.variables ?? {}, toLearntValues(journal)),
    ...checkEnd(judged),
    ...checkLimits(
      "response",
      expect.responseMs ?? {},
      call.turns.map(({ responseMs, atMs }) => ({ ms: responseMs, atMs })),
    ),
    ...checkLimits("yield", expect.yieldMs ?? {}, toYields(journal, course)),
    ...(expect.keepsTalking ? checkKeepsTalking(journal, course) : []),
    ...checkDeadAir(judged),
    ...checkTurns(judged),
  ];
}

function checkCourse({ course, call }: CallToJudge): Check {
  const { trouble } = course;
  const wanted = "the caller does all it should";
  if (trouble !== undefined) return toCheck("course", false, { wanted, observed: trouble.message, atMs: trouble.atMs });
  const reason = call.endReason ?? course.endReason ?? "unknown";
  const isFailure = FAILURES.includes(reason);
  return toCheck("course", !isFailure, { wanted, observed: isFailure ? `the call ended: ${reason}` : "done" });
}

function checkAfterBeep({ expect, course, journal }: CallToJudge): Check[] {
  const beep = course.marks.findLast(({ did, what }) => did === "sounded" && what === "beep");
  return (expect.afterBeep ?? []).map((pattern) => {
    if (beep === undefined) return toCheck("after the beep", false, { wanted: pattern, observed: "there was no beep" });
    const left = heardSince(journal, beep.endMs ?? beep.startMs);
    const hasPassed = parsePattern(pattern).isIn(left);
    return toCheck("after the beep", hasPassed, { wanted: pattern, observed: quote(left), atMs: beep.startMs });
  });
}

function checkVariables(
  wanted: NonNullable<Expectations["variables"]>,
  learnt: Readonly<Record<string, unknown>>,
): Check[] {
  return Object.entries(wanted).map(([name, value]) =>
    toCheck(`learns ${name}`, isWithin(value, learnt[name]), {
      wanted: JSON.stringify(value),
      observed: learnt[name] === undefined ? "not learnt" : JSON.stringify(learnt[name]),
    }),
  );
}

function checkEnd({ expect, call, course }: CallToJudge): Check[] {
  if (expect.endReason === undefined) return [];
  const observed = call.endReason ?? course.endReason ?? "unknown";
  return [toCheck("ends", expect.endReason.includes(observed), { wanted: expect.endReason.join(" or "), observed })];
}

function checkDeadAir({ expect, course }: CallToJudge): Check[] {
  if (expect.deadAirMs === undefined) return [];
  const { ms, atMs } = course.longestSilence;
  const wanted = `at most ${expect.deadAirMs} ms`;
  return [toCheck("dead air", ms <= expect.deadAirMs, { wanted, observed: `${ms} ms`, atMs })];
}

function checkTurns({ expect, call }: CallToJudge): Check[] {
  if (expect.turns === undefined) return [];
  const { min = 0, max = Number.POSITIVE_INFINITY } = expect.turns;
  const { length } = call.turns;
  const wanted = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
  return [toCheck("answered turns", length >= min && length <= max, { wanted, observed: String(length) })];
}
