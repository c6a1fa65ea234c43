/**
 * A caller that does one step after the other, as a pure state machine: time and facts in, orders out.
 *
 *   waiting for the moment --now--> doing --done--> waiting for the next ... --last one done--> hanging up --closed--> over
 *            \--missed, or no answer--> hanging up
 */
import type { CallerInput, CallerOrder, CallerStep } from "./caller-step.ts";
import {
  type Acted,
  act,
  beginCourse,
  type Course,
  endIfDue,
  fail,
  forgiveSilence,
  hangUp,
  takeInput,
} from "./course.ts";
import { type MenuState, stepMenu } from "./ivr-menu.ts";
import { type Moment, stateOfMoment } from "./moment.ts";
import { parsePattern } from "./text-pattern.ts";

/** How long the agent may leave something unanswered. */
const PATIENCE_MS = 30_000;
const LONGEST_WAIT_MS = 300_000;
const BETWEEN_DIGITS_MS = 160;

export type ScriptedCaller = {
  readonly steps: readonly CallerStep[];
  readonly course: Course;
  readonly index: number;
  readonly stepSinceMs: number;
  /** The step is being done: its sound is under way, or its keys are. */
  readonly isDoing: boolean;
  readonly pressed: number;
  readonly menu: MenuState | undefined;
};

type MomentStep = Extract<CallerStep, { readonly when: Moment }>;
type Step = { readonly caller: ScriptedCaller; readonly orders: readonly CallerOrder[] };

/** @param steps without a hang-up at its end the caller hangs up once the agent has answered */
export function beginScriptedCaller(
  steps: readonly CallerStep[],
  greeting: { isGreetingExpected: boolean },
): ScriptedCaller {
  const last = steps.at(-1)?.kind;
  const end: CallerStep = { kind: "hang-up", when: { after: "agent", pauseMs: 800 } };
  return {
    steps: last === "hang-up" || last === "await-end" ? steps : [...steps, end],
    course: beginCourse(greeting),
    index: 0,
    stepSinceMs: 0,
    isDoing: false,
    pressed: 0,
    menu: undefined,
  };
}

export function stepScriptedCaller(before: ScriptedCaller, input: CallerInput): Step {
  const caller = { ...before, course: takeInput(before.course, input) };
  if (input.type === "closed") return { caller: { ...caller, course: judgeEnd(caller, before.course) }, orders: [] };
  const ended = endIfDue(caller.course, input);
  if (ended !== undefined) return withCourse(caller, ended);
  return input.type === "tick" ? tick(caller, input.isCallerSpeaking) : { caller, orders: [] };
}

/** The call is over; a caller that had more to say says so. */
function judgeEnd({ steps, index, course }: ScriptedCaller, before: Course): Course {
  const step = steps[index];
  const isDue = before.phase === "hanging-up" || step?.kind === "await-end" || step?.kind === "hang-up";
  if (isDue || before.phase === "over") return course;
  return fail(course, `The call ended (${course.endReason}) before step ${index + 1}, ${describeStep(step)}.`);
}

function tick(caller: ScriptedCaller, isCallerSpeaking: boolean): Step {
  const step = caller.steps[caller.index];
  if (step === undefined) return withCourse(caller, hangUp(caller.course));
  if (caller.isDoing && (step.kind === "say" || step.kind === "sound"))
    return isCallerSpeaking ? { caller, orders: [] } : next(caller);
  switch (step.kind) {
    case "wait":
      return tickWait({ ...caller, course: forgiveSilence(caller.course) }, step.ms);
    case "await-end":
      if (nowMs(caller) - caller.stepSinceMs < step.withinMs) return { caller, orders: [] };
      return giveUp(caller, `The agent did not end the call within ${step.withinMs / 1000} s.`);
    case "menu":
      return tickMenu(caller, step, isCallerSpeaking);
    case "press":
      return caller.isDoing ? pressNext(caller, step.digits) : atMoment(caller, step);
    default:
      return atMoment(caller, step);
  }
}

function tickWait(caller: ScriptedCaller, ms: number): Step {
  if (nowMs(caller) - caller.stepSinceMs < ms) return { caller, orders: [] };
  return next({ ...caller, course: { ...caller.course, answersBefore: undefined } });
}

function atMoment(caller: ScriptedCaller, step: MomentStep): Step {
  switch (stateOfMoment(step.when, caller.course)) {
    case "now":
      return begin(caller, step);
    case "missed":
      return giveUp(
        caller,
        `The moment for step ${caller.index + 1}, ${describeStep(step)}, never came: the agent said only ` +
          `"${caller.course.hearing.words}".`,
      );
    case "coming":
      return isOutOfPatience(caller)
        ? giveUp(
            caller,
            `The agent did not answer within ${PATIENCE_MS / 1000} s: step ${caller.index + 1}, ${describeStep(step)}, was not reached.`,
          )
        : { caller, orders: [] };
  }
}

function isOutOfPatience({ course, stepSinceMs }: ScriptedCaller): boolean {
  const { hearing } = course;
  const waitedMs = hearing.nowMs - stepSinceMs;
  const isAtIt = hearing.isAgentAudible || hearing.reply !== undefined || hearing.runningTools > 0;
  return waitedMs > (isAtIt ? LONGEST_WAIT_MS : PATIENCE_MS);
}

function begin(caller: ScriptedCaller, step: MomentStep): Step {
  const { course } = caller;
  switch (step.kind) {
    case "say": {
      const did = (
        { turn: "said", machine: "said", interruption: "interrupted", backchannel: "backchannelled" } as const
      )[step.manner];
      const wantsAnswer = step.manner === "turn" || step.manner === "interruption";
      const acted = act(course, { did, what: step.text }, { wantsAnswer });
      return { caller: { ...caller, course: acted, isDoing: true }, orders: [{ type: "say", text: step.text }] };
    }
    case "sound": {
      const acted = act(course, { did: "sounded", what: step.sound }, { wantsAnswer: false });
      // What comes after a beep is what is left on the machine.
      const heard = step.sound === "beep" ? { ...acted, hearing: { ...acted.hearing, words: "" } } : acted;
      return { caller: { ...caller, course: heard, isDoing: true }, orders: [{ type: "sound", sound: step.sound }] };
    }
    case "press":
      return pressNext({ ...caller, isDoing: true, pressed: 0 }, step.digits);
    case "hear": {
      const { words } = course.hearing;
      const check = {
        pattern: step.pattern,
        heard: words,
        hasPassed: parsePattern(step.pattern).isIn(words),
        atMs: nowMs(caller),
      };
      return next({ ...caller, course: { ...course, heardChecks: [...course.heardChecks, check] } });
    }
    case "hang-up":
      return withCourse(caller, hangUp(course));
  }
}

function pressNext(caller: ScriptedCaller, digits: string): Step {
  const { course, pressed } = caller;
  if (pressed > 0 && nowMs(caller) - course.callerQuietSinceMs < BETWEEN_DIGITS_MS) return { caller, orders: [] };
  const digit = digits[pressed];
  if (digit === undefined) return next(caller);
  const at = nowMs(caller);
  const acted =
    pressed === 0 ? act(course, { did: "pressed", what: digits, endMs: at }, { wantsAnswer: true }) : course;
  const after = { ...acted, callerQuietSinceMs: at };
  return { caller: { ...caller, course: after, pressed: pressed + 1 }, orders: [{ type: "press", digit }] };
}

function tickMenu(caller: ScriptedCaller, step: CallerStep & { kind: "menu" }, isCallerSpeaking: boolean): Step {
  const { course, menu, orders, outcome } = stepMenu({
    course: caller.course,
    menu: caller.menu,
    step,
    isCallerSpeaking,
  });
  const after = { ...caller, course, menu };
  if (outcome === "connected") return withOrders(next(after), orders);
  if (outcome === "on") return { caller: after, orders };
  const ended =
    outcome === "lost"
      ? giveUp(after, "The agent did not find its way through the menu.")
      : withCourse(after, hangUp(course));
  return withOrders(ended, orders);
}

function next(caller: ScriptedCaller): Step {
  const course = { ...caller.course };
  return {
    caller: {
      ...caller,
      course,
      index: caller.index + 1,
      stepSinceMs: nowMs(caller),
      isDoing: false,
      pressed: 0,
      menu: undefined,
    },
    orders: [],
  };
}

function giveUp(caller: ScriptedCaller, message: string): Step {
  return withCourse(caller, hangUp(fail(caller.course, message)));
}

function withCourse(caller: ScriptedCaller, { course, orders }: Acted): Step {
  return { caller: { ...caller, course }, orders };
}

function withOrders({ caller, orders }: Step, before: readonly CallerOrder[]): Step {
  return { caller, orders: [...before, ...orders] };
}

function nowMs({ course }: ScriptedCaller): number {
  return course.hearing.nowMs;
}

function describeStep(step: CallerStep | undefined): string {
  switch (step?.kind) {
    case "say":
      return `${step.manner === "turn" || step.manner === "machine" ? "say" : step.manner} "${step.text}"`;
    case "sound":
      return `sound ${step.sound}`;
    case "press":
      return `press ${step.digits}`;
    case "hear":
      return `hear "${step.pattern}"`;
    case "hang-up":
      return "hang up";
    case "wait":
      return `wait ${step.ms} ms`;
    case "menu":
      return "the menu";
    case "await-end":
      return "the agent hangs up";
    case undefined:
      return "the end";
  }
}
