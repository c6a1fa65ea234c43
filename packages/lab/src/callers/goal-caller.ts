/**
 * A caller with a goal: after each of the agent's turns a language model decides what it says next. Pure.
 *
 *   listening --the agent is done--> thinking --a thought--> speaking --said--> listening ... --hang up--> over
 */
import type { CallerInput, CallerOrder, Thought } from "./caller-step.ts";
import { type Acted, act, beginCourse, type Course, endIfDue, fail, hangUp, takeInput } from "./course.ts";
import { isAgentDone } from "./moment.ts";

const PATIENCE_MS = 30_000;

export type GoalCaller = {
  readonly course: Course;
  readonly pauseMs: number;
  readonly maxTurns: number;
  readonly turns: number;
  readonly doing: "listening" | "thinking" | "speaking";
  readonly sinceMs: number;
  readonly isLeaving: boolean;
};

type Step = { readonly caller: GoalCaller; readonly orders: readonly CallerOrder[] };

export function beginGoalCaller(options: {
  readonly isGreetingExpected: boolean;
  /** From the agent's last word to the caller's first. */
  readonly pauseMs: number;
  /** The caller gives up after so many turns of its own. */
  readonly maxTurns: number;
}): GoalCaller {
  const { pauseMs, maxTurns } = options;
  return {
    course: beginCourse(options),
    pauseMs,
    maxTurns,
    turns: 0,
    doing: "listening",
    sinceMs: 0,
    isLeaving: false,
  };
}

export function stepGoalCaller(before: GoalCaller, input: CallerInput): Step {
  const caller = { ...before, course: takeInput(before.course, input) };
  if (input.type === "closed") return { caller, orders: [] };
  const ended = endIfDue(caller.course, input);
  if (ended !== undefined) return withCourse(caller, ended);
  if (input.type === "thought") return obey(caller, input.thought);
  return input.type === "tick" ? tick(caller, input.isCallerSpeaking) : { caller, orders: [] };
}

function tick(caller: GoalCaller, isCallerSpeaking: boolean): Step {
  const { course, doing, pauseMs, sinceMs } = caller;
  if (doing === "thinking") return { caller, orders: [] };
  if (doing === "speaking") {
    if (isCallerSpeaking) return { caller, orders: [] };
    return caller.isLeaving ? withCourse(caller, hangUp(course)) : { caller: enter(caller, "listening"), orders: [] };
  }
  const isAtIt = course.hearing.isAgentAudible || course.hearing.reply !== undefined || course.hearing.runningTools > 0;
  if (!isAgentDone(course, pauseMs)) {
    if (isAtIt || course.hearing.nowMs - sinceMs < PATIENCE_MS) return { caller, orders: [] };
    return withCourse(caller, hangUp(fail(course, `The agent did not answer within ${PATIENCE_MS / 1000} s.`)));
  }
  if (caller.turns >= caller.maxTurns)
    return withCourse(caller, hangUp(fail(course, `The goal was not reached in ${caller.maxTurns} turns.`)));
  return { caller: enter(caller, "thinking"), orders: [{ type: "think", heard: course.hearing.words }] };
}

function obey(caller: GoalCaller, thought: Thought): Step {
  if (caller.doing !== "thinking") return { caller, orders: [] };
  const turned = { ...caller, turns: caller.turns + 1 };
  switch (thought.do) {
    case "say":
      return say(turned, thought.text);
    case "press": {
      const { nowMs } = caller.course.hearing;
      const course = act(caller.course, { did: "pressed", what: thought.digits, endMs: nowMs }, { wantsAnswer: true });
      const orders = [...thought.digits].map((digit) => ({ type: "press", digit }) as const);
      return { caller: enter({ ...turned, course }, "listening"), orders };
    }
    case "hang-up":
      if (thought.text === undefined) return withCourse(turned, hangUp(caller.course));
      return say({ ...turned, isLeaving: true }, thought.text);
  }
}

function say(caller: GoalCaller, text: string): Step {
  const course = act(caller.course, { did: "said", what: text }, { wantsAnswer: true });
  return { caller: enter({ ...caller, course }, "speaking"), orders: [{ type: "say", text }] };
}

function enter(caller: GoalCaller, doing: GoalCaller["doing"]): GoalCaller {
  return { ...caller, doing, sinceMs: caller.course.hearing.nowMs };
}

function withCourse(caller: GoalCaller, { course, orders }: Acted): Step {
  return { caller: { ...caller, course }, orders };
}
