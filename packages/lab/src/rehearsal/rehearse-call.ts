/** One scenario, once: sets the call up, has the caller make it, and judges what came of it. */
import { type Agent, type Call, type CreatedCall, type Earshot, EarshotError, type NewCall } from "@earshot/sdk";
import type { CallerStep } from "../callers/caller-step.ts";
import { beginGoalCaller, stepGoalCaller } from "../callers/goal-caller.ts";
import { beginScriptedCaller, stepScriptedCaller } from "../callers/scripted-caller.ts";
import { type CallerMind, makeSimulatedCall, type SimulatedCall, toMind } from "../callers/simulated-caller.ts";
import { Random, seedFrom } from "../random.ts";
import { CallerLine } from "../sound/caller-line.ts";
import { makeSound } from "../sound/made-sounds.ts";
import { makeThinker } from "./caller-model.ts";
import { judge } from "./judge.ts";
import type { RehearsedCall } from "./rehearsal.ts";
import type { Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import { toLine, toSteps } from "./to-caller.ts";

type Round = Pick<RehearsedCall, "file" | "scenario" | "round" | "seed">;

const GOAL_PAUSE_MS = 600;
const READ_TRIES = 100;
const READ_AGAIN_MS = 100;
/** What people nearby talk about. */
const BABBLE = [
  "So I told him that we would be there around seven, and then the train was late again.",
  "Two coffees and a piece of the apple cake, please, and could we have the bill as well?",
  "She has been working there since March, and she says that the weekends are the busiest.",
];

/** Never rejects: what can't be rehearsed is "broken". */
export async function rehearseCall(stage: Stage, round: Round): Promise<RehearsedCall> {
  const startedMs = stage.clock.nowMs();
  const wallMs = () => Math.round(stage.clock.nowMs() - startedMs);
  try {
    const agent = await stage.agents.find(round.scenario.agent);
    const steps = toSteps(round.scenario, new Random(seedFrom(round.seed, "pauses")));
    const voices = await prepareVoices(stage, round.scenario, steps);
    const model = round.scenario.goal === undefined ? undefined : await stage.findCallerModel();
    const created = await stage.client.calls.create(await toNewCall(stage.client, agent, round.scenario));
    const made = await makeCall(stage, { round, agent, steps, voices, created, model });
    if (made.course.isInterrupted) throw new Error("Interrupted: the call was hung up.");
    const call = await readEndedCall(stage, created.id);
    const { data: journal } = await stage.client.calls.journal(created.id);
    const checks = judge({ expect: round.scenario.expect, course: made.course, call, journal });
    const status = checks.every(({ hasPassed }) => hasPassed) ? "passed" : "failed";
    const { durationMs } = made;
    const rehearsed: RehearsedCall = {
      ...round,
      status,
      callId: created.id,
      checks,
      call,
      durationMs,
      wallMs: wallMs(),
    };
    await stage.onSound?.(rehearsed, made);
    return rehearsed;
  } catch (error) {
    return { ...round, status: "broken", error: toWords(error), wallMs: wallMs() };
  }
}

type Voices = {
  readonly speak: ReturnType<Stage["voiceOf"]>["speak"];
  readonly babble: Awaited<ReturnType<ReturnType<Stage["voiceOf"]>["speak"]>>[];
};

/** Synthesises what is known beforehand, so that nothing waits for it in the call. */
async function prepareVoices(stage: Stage, scenario: Scenario, steps: readonly CallerStep[]): Promise<Voices> {
  const { voice: voiceId, speed, pitch } = scenario.caller;
  const voice = stage.voiceOf({
    voiceId,
    ...(speed === undefined ? {} : { speed }),
    ...(pitch === undefined ? {} : { pitch }),
  });
  const texts = steps.flatMap((step) => {
    if (step.kind === "say") return [step.text];
    return step.kind === "menu" ? Object.values(step.menus).map(({ prompt }) => prompt) : [];
  });
  for (const text of new Set(texts)) await voice.speak(text);
  const { noise } = toLine(scenario.caller);
  const babble: Voices["babble"] = [];
  if (noise?.kind === "babble")
    for (const [index, text] of BABBLE.entries())
      babble.push(await stage.voiceOf({ speed: 1, pitch: 0.9 + index * 0.12 }).speak(text));
  return { speak: (text) => voice.speak(text), babble };
}

async function toNewCall(client: Earshot, agent: Agent, scenario: Scenario): Promise<NewCall> {
  const { variables, version, pace } = scenario;
  const isOutbound =
    scenario.direction === "outbound" || scenario.answeringMachine !== undefined || scenario.ivr !== undefined;
  const overrides = { ...(isOutbound ? { isOutbound } : {}), ...scenario.overrides };
  const settings =
    version === undefined ? { agentId: agent.id } : { agent: await client.agents.version(agent.id, version) };
  // Both come as the API wrote or will check them.
  return {
    ...settings,
    ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
    type: "web",
    pace,
    variables,
    metadata: { rehearsal: scenario.name },
  } as NewCall;
}

async function makeCall(
  stage: Stage,
  parts: {
    readonly round: Round;
    readonly agent: Agent;
    readonly steps: readonly CallerStep[];
    readonly voices: Voices;
    readonly created: CreatedCall;
    /** Plays a caller with a goal. */
    readonly model: string | undefined;
  },
): Promise<SimulatedCall> {
  const { round, agent, steps, voices, created, model } = parts;
  const { scenario, seed } = round;
  const sounds = new Random(seedFrom(seed, "sounds"));
  const isGreetingExpected = greetingModeOf(agent, scenario) !== "off";
  const isGoal = scenario.goal !== undefined;
  return makeSimulatedCall({
    audioUrl: created.audioUrl,
    mind: isGoal ? toGoalMind(scenario, isGreetingExpected) : toScriptMind(steps, isGreetingExpected),
    line: new CallerLine(toLine(scenario.caller), { seed, voices: voices.babble }),
    speak: voices.speak,
    makeSound: (kind) => makeSound(kind, sounds),
    ...(model === undefined ? {} : { think: makeThinker(stage.connection, { model, scenario, seed }) }),
    clock: stage.clock,
    interrupted: stage.interrupted,
  });
}

function greetingModeOf(agent: Agent, { overrides }: Scenario): string {
  const greeting = overrides?.["greeting"];
  const isChanged = typeof greeting === "object" && greeting !== null && "mode" in greeting;
  return isChanged ? String(greeting.mode) : agent.greeting.mode;
}

/** With the fields that the server found wrong. */
function toWords(error: unknown): string {
  if (!(error instanceof EarshotError)) return error instanceof Error ? error.message : String(error);
  return [error.message, ...error.errors.map(({ path, message }) => `${path || "the body"} ${message}`)].join("; ");
}

function toScriptMind(steps: readonly CallerStep[], isGreetingExpected: boolean): CallerMind {
  return toMind(beginScriptedCaller(steps, { isGreetingExpected }), stepScriptedCaller);
}

function toGoalMind({ caller, maxTurns }: Scenario, isGreetingExpected: boolean): CallerMind {
  const pauseMs = caller.pauseMs ?? GOAL_PAUSE_MS;
  return toMind(beginGoalCaller({ isGreetingExpected, pauseMs, maxTurns }), stepGoalCaller);
}

/** The server writes the last of a call down just after it has closed the connection. */
async function readEndedCall({ client, clock }: Stage, callId: string): Promise<Call> {
  for (let tries = 1; ; tries++) {
    const call = await client.calls.get(callId);
    if (call.status === "ended" || tries >= READ_TRIES) return call;
    await new Promise<void>((resolve) => clock.after(READ_AGAIN_MS, resolve));
  }
}
