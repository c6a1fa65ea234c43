/** Plays one random call through the real session under virtual time, and keeps what all sides saw. */

import { DEFAULT_RULES } from "../../conversation/rules.ts";
import type { CallPlan } from "../../session/call-plan.ts";
import { Session } from "../../session/session.ts";
import { FakeClock } from "../fake-clock.ts";
import { MemoryJournal } from "../memory-journal.ts";
import { ScriptedLanguageModel, ScriptedVoiceActivity } from "../scripted-models.ts";
import type { Act, CallWorld } from "./call-world.ts";
import { FaultyBrain } from "./faulty-brain.ts";
import { FaultyEars } from "./faulty-ears.ts";
import { FaultyRealtime } from "./faulty-realtime.ts";
import { FaultyTools } from "./faulty-tools.ts";
import { FaultyVoice } from "./faulty-voice.ts";
import { UnreliableCaller } from "./unreliable-caller.ts";

/** A call that the caller has left alone for this long must be over. */
const PATIENCE_MS = 300_000;
const STEP_MS = 2_000;

export type PlayedCall = {
  readonly world: CallWorld;
  readonly session: Session;
  readonly journal: MemoryJournal;
  readonly leg: UnreliableCaller;
  readonly voice: FaultyVoice;
  readonly tools: FaultyTools;
  readonly bugs: readonly unknown[];
  /** Whether the session said that it is done. */
  readonly isDone: boolean;
  /** Periodic jobs that were left behind. */
  readonly leftRunning: number;
  /** Times at which packets, reports or the process were held up. */
  readonly wasHeldUp: boolean;
};

export async function playWorld(world: CallWorld): Promise<PlayedCall> {
  const clock = new FakeClock();
  const leg = new UnreliableCaller(clock, world.leg);
  const journal = new MemoryJournal();
  const flushes = [...world.failingFlushes];
  const voice = new FaultyVoice(world.voice, clock);
  const tools = new FaultyTools(world.tools, clock);
  const steadyBrain = new ScriptedLanguageModel({ replies: ["Fine."], clock });
  const understudy = { languageModel: steadyBrain, textToSpeech: voice.understudy() };
  const bugs: unknown[] = [];
  const session = new Session({
    plan: toPlan(world),
    models: {
      voiceActivity: new ScriptedVoiceActivity(),
      speechToText: new FaultyEars(world.ears, clock),
      languageModel: new FaultyBrain(world.brain, clock),
      textToSpeech: voice,
      ...(world.realtime === undefined
        ? {}
        : { realtime: { model: new FaultyRealtime(world.realtime, clock), voiceId: "fuzz:realtime" } }),
    },
    leg,
    clock,
    journal: {
      append: (entry) => journal.append(entry),
      flush: () => (flushes.shift() ? Promise.reject(new Error("no space left")) : journal.flush()),
    },
    tools,
    onBug: (error) => bugs.push(error),
    ...(world.hasUnderstudy ? { fallback: () => understudy } : {}),
  });
  let isDone = false;
  void session.done.then(() => {
    isDone = true;
  });
  session.start();
  const line = { isAway: false };
  for (const act of world.acts) await perform(act, { clock, leg, session, line });
  if (line.isAway) leg.reconnect();
  session.setMuted(false);
  for (let waitedMs = 0; waitedMs < PATIENCE_MS && !isDone; waitedMs += STEP_MS) await clock.advance(STEP_MS);
  const wasHeldUp = world.acts.some((act) => act.do === "stall" || act.do === "stop-reports");
  return { world, session, journal, leg, voice, tools, bugs, isDone, leftRunning: clock.repeating, wasHeldUp };
}

type Stage = {
  readonly clock: FakeClock;
  readonly leg: UnreliableCaller;
  readonly session: Session;
  readonly line: { isAway: boolean };
};

async function perform(act: Act, { clock, leg, session, line }: Stage): Promise<void> {
  switch (act.do) {
    case "speak":
      leg.speak(act.ms);
      return clock.advance(act.ms + 50);
    case "wait":
      return clock.advance(act.ms);
    case "burst":
      return leg.holdUp(act.ms);
    case "drop":
      return leg.drop(act.ms);
    case "stall":
      return clock.stall(act.ms);
    case "press":
      return leg.press(act.digit);
    case "lose":
      if (!line.isAway) leg.loseConnection();
      line.isAway = true;
      return;
    case "return":
      if (line.isAway) leg.reconnect();
      line.isAway = false;
      return;
    case "hang-up":
      return leg.hangUp("caller-hung-up");
    case "die":
      return leg.hangUp("failed");
    case "stop-reports":
      return leg.stopReporting();
    case "mute":
    case "unmute":
      return session.setMuted(act.do === "mute");
    case "end":
      return session.requestEnd("api-request");
    case "say":
      return session.say("A word from the house.", act);
    case "inject":
      return session.injectContext("The caller has paid.", act);
  }
}

function toPlan({ rules, realtime }: CallWorld): CallPlan {
  const { greeting, canInterrupt, maxDurationMs, contextTurns } = rules;
  return {
    rules: {
      ...DEFAULT_RULES,
      ...(realtime === undefined ? {} : { isRealtime: true }),
      greeting,
      maxDurationMs,
      bargeIn: { ...DEFAULT_RULES.bargeIn, isEnabled: canInterrupt },
      silence: { ...DEFAULT_RULES.silence, remindAfterMs: 4_000, maxReminders: 1 },
    },
    scenes: {
      main: {
        system: "You answer the phone.",
        tools: [{ name: "book", description: "Books a table", parameters: {} }],
        variables: [],
        voiceId: "fuzz:voice",
        speed: 1,
        ...(contextTurns === undefined ? {} : { contextTurns }),
      },
    },
    language: "en-US",
    keyterms: [],
    partialEveryMs: 500,
  };
}
