import type { CallerStep } from "../callers/caller-step.ts";
import type { Moment } from "../callers/moment.ts";
import type { Random } from "../random.ts";
import type { LineOptions } from "../sound/caller-line.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioStep } from "./step-shape.ts";

const PAUSE_MS = 500;
/** People don't pause by the clock: a fifth more or less. */
const JITTER = 0.2;
/** Interruptions and backchannels without a moment come when so many words were heard. */
const WORDS_BEFORE = 3;
const END_WITHIN_MS = 20_000;
const PICK_UP_MS = 700;
const BEFORE_BEEP_MS = 400;

/** What the caller of a scenario does, one step after the other. `random` decides how long its pauses are. */
export function toSteps(scenario: Scenario, random: Random): readonly CallerStep[] {
  const { script = [], answeringMachine, ivr, caller } = scenario;
  const pauseMs = () => Math.round((caller.pauseMs ?? PAUSE_MS) * random.between(1 - JITTER, 1 + JITTER));
  const menus: CallerStep[] = ivr === undefined ? [] : [{ kind: "menu", ...ivr }];
  if (answeringMachine === undefined) return [...menus, ...script.map((step) => toStep(step, pauseMs()))];
  const { greeting, recordsMs } = answeringMachine;
  return [
    ...menus,
    { kind: "say", manner: "machine", text: greeting, when: { after: "caller", pauseMs: PICK_UP_MS } },
    { kind: "sound", sound: "beep", when: { after: "caller", pauseMs: BEFORE_BEEP_MS } },
    { kind: "await-end", withinMs: recordsMs },
  ];
}

function toStep(step: ScenarioStep, pauseMs: number): CallerStep {
  const when = (byDefault: Moment): Moment => (step.when === undefined ? byDefault : toMoment(step.when, pauseMs));
  const turn: Moment = { after: "agent", pauseMs };
  const within: Moment = { after: "agent-words", count: WORDS_BEFORE };
  if (step.say !== undefined) return { kind: "say", manner: "turn", text: step.say, when: when(turn) };
  if (step.interrupt !== undefined)
    return { kind: "say", manner: "interruption", text: step.interrupt, when: when(within) };
  if (step.backchannel !== undefined)
    return { kind: "say", manner: "backchannel", text: step.backchannel, when: when(within) };
  if (step.sound !== undefined) return { kind: "sound", sound: step.sound, when: when(within) };
  if (step.press !== undefined) return { kind: "press", digits: step.press, when: when(turn) };
  if (step.waitMs !== undefined) return { kind: "wait", ms: step.waitMs };
  if (step.hear !== undefined) return { kind: "hear", pattern: step.hear, when: when(turn) };
  if (step.awaitEnd !== undefined) return { kind: "await-end", withinMs: step.withinMs ?? END_WITHIN_MS };
  return { kind: "hang-up", when: when(turn) };
}

function toMoment(when: NonNullable<ScenarioStep["when"]>, pauseMs: number): Moment {
  if (when.pauseMs !== undefined) return { after: "caller", pauseMs: when.pauseMs };
  if (when.agentWords !== undefined) return { after: "agent-words", count: when.agentWords };
  if (when.agentSays !== undefined) return { after: "agent-says", pattern: when.agentSays };
  if (when.agentMs !== undefined) return { after: "agent-sound", ms: when.agentMs };
  return { after: "agent", pauseMs };
}

export function toLine({ line = "clean", gainDb, noise, packetLoss, echo }: Scenario["caller"]): LineOptions {
  const around = line === "noisy" ? ({ kind: "babble", snrDb: 15 } as const) : undefined;
  const heard = noise ?? around;
  return {
    band: line === "clean" ? "clean" : "phone",
    ...(gainDb === undefined ? {} : { gainDb }),
    ...(heard === undefined ? {} : { noise: heard }),
    ...(packetLoss === undefined ? {} : { packetLoss }),
    ...(echo === undefined
      ? {}
      : {
          echo: {
            ...(echo.gainDb === undefined ? {} : { gainDb: echo.gainDb }),
            ...(echo.delayMs === undefined ? {} : { delayMs: echo.delayMs }),
          },
        }),
  };
}
