/** What has happened in a simulated call so far, from the caller's side; the same for every kind of caller. Pure. */
import type { CallerInput, CallerOrder, HeardCheck, Mark } from "./caller-step.ts";
import { type Hearing, hearEntry, hearTick, newHearing, takeFloor } from "./hearing.ts";
import type { Situation } from "./moment.ts";

export type Course = Situation & {
  readonly hearing: Hearing;
  readonly phase: "on" | "hanging-up" | "over";
  readonly phaseSinceMs: number;
  readonly marks: readonly Mark[];
  readonly heardChecks: readonly HeardCheck[];
  /** Why the caller could not do what it should. */
  readonly trouble: { readonly message: string; readonly atMs: number } | undefined;
  readonly endReason: string | undefined;
  readonly isInterrupted: boolean;
  /** Since when neither side has made a sound and the agent's next was awaited. */
  readonly silentSinceMs: number | undefined;
  readonly longestSilence: { readonly ms: number; readonly atMs: number };
};

/** Whatever the agent does, a call is not longer. */
const LONGEST_CALL_MS = 900_000;
const CLOSE_WITHIN_MS = 5000;

export function beginCourse({ isGreetingExpected }: { isGreetingExpected: boolean }): Course {
  return {
    hearing: newHearing(),
    phase: "on",
    phaseSinceMs: 0,
    marks: [],
    heardChecks: [],
    trouble: undefined,
    endReason: undefined,
    isInterrupted: false,
    callerQuietSinceMs: 0,
    answersBefore: undefined,
    isGreetingExpected,
    hasSpoken: false,
    silentSinceMs: 0,
    longestSilence: { ms: 0, atMs: 0 },
  };
}

/** What every kind of caller makes of an input, before it decides what to do. */
export function takeInput(course: Course, input: CallerInput): Course {
  switch (input.type) {
    case "tick":
      return takeTick(course, input);
    case "entry":
      return { ...course, hearing: hearEntry(course.hearing, input.entry) };
    case "closed":
      return { ...course, phase: "over", endReason: input.reason };
    case "interrupt":
    case "thought":
      return course;
  }
}

function takeTick(before: Course, tick: CallerInput & { type: "tick" }): Course {
  const hearing = hearTick(before.hearing, tick);
  const { nowMs } = hearing;
  const callerQuietSinceMs = tick.isCallerSpeaking ? nowMs : before.callerQuietSinceMs;
  const course = { ...before, hearing, callerQuietSinceMs };
  if (tick.isCallerSpeaking) return { ...course, silentSinceMs: undefined };
  const spoken = before.marks.at(-1);
  const marks =
    spoken !== undefined && spoken.endMs === undefined
      ? before.marks.with(-1, { ...spoken, endMs: nowMs })
      : before.marks;
  if (!tick.isAgentAudible) return { ...course, marks, silentSinceMs: before.silentSinceMs ?? nowMs };
  return { ...noteSilence({ ...course, marks }), silentSinceMs: undefined };
}

/** The agent is heard again, or never will be: how long was it silent? */
function noteSilence(course: Course): Course {
  const { silentSinceMs, hearing, longestSilence, hasSpoken } = course;
  if (silentSinceMs === undefined || !hasSpoken) return course;
  const ms = hearing.nowMs - silentSinceMs;
  return ms > longestSilence.ms ? { ...course, longestSilence: { ms, atMs: silentSinceMs } } : course;
}

/** The caller's own silences are nobody's dead air. */
export function forgiveSilence(course: Course): Course {
  return { ...course, silentSinceMs: course.hearing.nowMs };
}

/** The caller does something that wants an answer, or doesn't. */
export function act(course: Course, mark: Omit<Mark, "startMs">, { wantsAnswer }: { wantsAnswer: boolean }): Course {
  const { hearing } = course;
  return {
    ...course,
    hearing: wantsAnswer ? takeFloor(hearing) : hearing,
    hasSpoken: true,
    silentSinceMs: undefined,
    answersBefore: wantsAnswer ? hearing.answers : course.answersBefore,
    marks: [...course.marks, { ...mark, startMs: hearing.nowMs }],
  };
}

export function fail(course: Course, message: string): Course {
  return { ...noteSilence(course), trouble: course.trouble ?? { message, atMs: course.hearing.nowMs } };
}

export type Acted = { readonly course: Course; readonly orders: readonly CallerOrder[] };

export function hangUp(course: Course): Acted {
  if (course.phase !== "on") return { course, orders: [] };
  const { nowMs } = course.hearing;
  const mark = { did: "hung-up", what: "", startMs: nowMs, endMs: nowMs } as const;
  return {
    course: { ...course, phase: "hanging-up", phaseSinceMs: nowMs, marks: [...course.marks, mark] },
    orders: [{ type: "hang-up" }],
  };
}

/** What ends a call whoever calls: somebody's Ctrl-C, a far end that doesn't close, a call without end. */
export function endIfDue(course: Course, input: CallerInput): Acted | undefined {
  if (course.phase === "over") return { course, orders: [] };
  if (input.type === "interrupt") return hangUp({ ...course, isInterrupted: true });
  const { nowMs } = course.hearing;
  if (course.phase === "hanging-up") {
    const isLate = nowMs - course.phaseSinceMs >= CLOSE_WITHIN_MS;
    if (!isLate) return { course, orders: [] };
    return { course: { ...course, phase: "over", endReason: "connection-lost" }, orders: [{ type: "drop" }] };
  }
  if (nowMs < LONGEST_CALL_MS) return undefined;
  return hangUp(fail(course, `The call went on for ${LONGEST_CALL_MS / 60_000} minutes.`));
}
