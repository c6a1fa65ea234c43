/** Earshot as the shared driver of the engine benchmark runs it: a session a call, Silero on every call. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchingJournal, type CallPlan, DEFAULT_RULES, Session, SystemClock } from "@earshot/engine";
import { connectSpeech, type SpeechConnection, type SpeechHost, startSpeechHost } from "@earshot/providers/embedded";
import { DriverEars } from "./driver-ears.ts";
import { DriverLeg } from "./driver-leg.ts";
import { DRIVER_VOICE, DriverLanguageModel, DriverTextToSpeech } from "./driver-models.ts";
import type { CallServices, CallUnderTest, EngineUnderTest } from "./engine-under-test.ts";

const NEVER_MS = 3_600_000;

/** As the scenario orders: the turn's end and interruptions by voice activity alone. */
const SCENARIO: CallPlan = {
  rules: {
    ...DEFAULT_RULES,
    endOfTurn: { ...DEFAULT_RULES.endOfTurn, minMs: 300, maxMs: 3_000, strategies: [] },
    bargeIn: { ...DEFAULT_RULES.bargeIn, minSpeechMs: 500, maxUndecidedMs: 0 },
    silence: { ...DEFAULT_RULES.silence, remindAfterMs: NEVER_MS },
  },
  scenes: {
    main: {
      system: "You are a helpful voice assistant.",
      tools: [],
      variables: [],
      voiceId: DRIVER_VOICE.id,
      speed: 1,
    },
  },
  language: "en-US",
  keyterms: [],
  partialEveryMs: 0,
};

type Running = { readonly host: SpeechHost; readonly speech: SpeechConnection; readonly directory: string };

class EarshotEngine implements EngineUnderTest {
  readonly name = "earshot";
  readonly #clock = new SystemClock();
  #plan = SCENARIO;
  #running: Running | undefined;

  /** Option `preempt=off`: no answer is begun before the turn's end. */
  async init(options: Readonly<Record<string, string>>): Promise<void> {
    const isPreemptive = options["preempt"] !== "off";
    const { rules } = SCENARIO;
    this.#plan = { ...SCENARIO, rules: { ...rules, endOfTurn: { ...rules.endOfTurn, isPreemptive } } };
    const directory = await mkdtemp(join(tmpdir(), "earshot-bench-"));
    const host = await startSpeechHost({ cacheDir: directory });
    this.#running = { host, speech: connectSpeech(host.connect().bundle), directory };
  }

  start(_callId: string, services: CallServices): Promise<CallUnderTest> {
    if (!this.#running) throw new Error("The engine has not been initialised.");
    const leg = new DriverLeg(services.sink);
    const session = new Session({
      plan: this.#plan,
      models: {
        voiceActivity: this.#running.speech.voiceActivity,
        speechToText: new DriverEars(services.stt, () => leg.heardSamples),
        languageModel: new DriverLanguageModel(services.llm),
        textToSpeech: new DriverTextToSpeech(services.tts),
      },
      leg,
      clock: this.#clock,
      // Batched as in the product, then dropped.
      journal: new BatchingJournal(() => Promise.resolve(), this.#clock),
      tools: { run: () => Promise.resolve({ outcome: "failed", result: "there are no tools" }) },
      onBug: (error) => console.error("The session broke:", error),
    });
    session.start();
    return Promise.resolve({
      pushFrame: (frame) => leg.hear(frame),
      stop: async () => {
        leg.hangUp();
        await session.done;
      },
    });
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    running.speech.close();
    await running.host.close();
    await rm(running.directory, { recursive: true, force: true });
  }
}

/** One a process. */
export const earshotEngine: EngineUnderTest = new EarshotEngine();
