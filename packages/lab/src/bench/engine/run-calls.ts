/** N conversations at once on this thread, with scripted models whose delays are known: what is left is our own. */

import { DEFAULT_RULES, type EndReason, Session, SystemClock, type VoiceActivity } from "@earshot/engine";
import {
  MemoryJournal,
  ScriptedLanguageModel,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivity,
  tone,
} from "@earshot/engine/testing";
import { percentile } from "../statistics.ts";
import { BenchCaller } from "./bench-caller.ts";
import { BENCH_PLAN } from "./bench-plan.ts";

const TURN_MS = 8_000;
const SPEECH_MS = 2_000;
const FIRST_SPEECH_MS = 1_000;
const RECOGNISE_MS = 150;
const FIRST_TOKEN_MS = 200;
const WORD_MS = 15;
const VOICE_MS = 100;
const REPLY = "This is the first sentence of the reply now. And this is the second one.";
/** The sentence is known to be over when the word behind it has come. */
const FIRST_SENTENCE_MS = FIRST_TOKEN_MS + 9 * WORD_MS;
/** What a turn waits for, one after another: see the null loop. */
export const TURN_DELAYS_MS: readonly number[] = [
  DEFAULT_RULES.endOfTurn.minMs,
  FIRST_TOKEN_MS,
  ...Array.from({ length: 9 }, () => WORD_MS),
  VOICE_MS,
];
const IDEAL_MS = DEFAULT_RULES.endOfTurn.minMs + FIRST_SENTENCE_MS + VOICE_MS;

export type EngineResult = {
  readonly calls: number;
  readonly turns: number;
  readonly missed: number;
  readonly overheadMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly cpuSecondsPerCallMinute: number;
  readonly memoryBytesPerCall: number;
};

export async function runCalls(options: {
  calls: number;
  turns: number;
  /** In which all calls begin. Default: as long as a turn, so that no two calls do the same at once. */
  rampMs?: number;
  /** Default: loudness, which costs nothing. */
  voiceActivity?: VoiceActivity;
}): Promise<EngineResult> {
  const clock = new SystemClock();
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const memoryBefore = process.memoryUsage.rss();
  const callers: BenchCaller[] = [];
  const ends: Promise<EndReason>[] = [];
  const speech = Array.from({ length: options.turns }, (_, turn) => ({
    startMs: FIRST_SPEECH_MS + turn * TURN_MS,
    samples: tone(SPEECH_MS),
  }));
  const cpuBefore = process.cpuUsage();
  for (let index = 0; index < options.calls; index++) {
    const caller = new BenchCaller(clock, speech);
    callers.push(caller);
    ends.push(startCall(clock, caller, options));
    await wait((options.rampMs ?? TURN_MS) / options.calls);
  }
  await wait(FIRST_SPEECH_MS + options.turns * TURN_MS);
  const cpu = process.cpuUsage(cpuBefore);
  const memoryBytesPerCall = (process.memoryUsage.rss() - memoryBefore) / options.calls;
  for (const caller of callers) caller.hangUp();
  await Promise.all(ends);
  const { overheads, missed } = measure(callers, options.turns);
  const minutes = (options.calls * options.turns * TURN_MS) / 60_000;
  return {
    calls: options.calls,
    turns: overheads.length,
    missed,
    overheadMs: { p50: percentile(overheads, 50), p95: percentile(overheads, 95), p99: percentile(overheads, 99) },
    cpuSecondsPerCallMinute: (cpu.user + cpu.system) / 1e6 / minutes,
    memoryBytesPerCall,
  };
}

function startCall(
  clock: SystemClock,
  leg: BenchCaller,
  options: { turns: number; voiceActivity?: VoiceActivity },
): Promise<EndReason> {
  const texts = Array.from({ length: options.turns }, () => "What are your opening hours?");
  const session = new Session({
    plan: BENCH_PLAN,
    models: {
      voiceActivity: options.voiceActivity ?? new ScriptedVoiceActivity(),
      speechToText: new ScriptedSpeechToText({ texts, clock, delayMs: RECOGNISE_MS }),
      languageModel: new ScriptedLanguageModel({
        replies: [REPLY],
        clock,
        firstTokenMs: FIRST_TOKEN_MS,
        wordMs: WORD_MS,
      }),
      textToSpeech: new ScriptedTextToSpeech({ clock, delayMs: VOICE_MS, wordMs: 200 }),
    },
    leg,
    clock,
    journal: new MemoryJournal(),
    tools: { run: () => Promise.resolve({ outcome: "succeeded", result: "" }) },
  });
  session.start();
  return session.done;
}

function measure(callers: readonly BenchCaller[], turns: number): { overheads: number[]; missed: number } {
  const overheads: number[] = [];
  let missed = 0;
  for (const caller of callers) {
    for (let turn = 0; turn < turns; turn++) {
      const endMs = FIRST_SPEECH_MS + turn * TURN_MS + SPEECH_MS;
      const reply = caller.replies.find(({ atMs }) => atMs >= endMs && atMs < endMs + TURN_MS - SPEECH_MS);
      if (reply) overheads.push(reply.atMs - endMs - IDEAL_MS);
      else missed++;
    }
  }
  return { overheads, missed };
}
