/** Whether calls that are over leave anything behind: short scripted calls in virtual time, the heap before and after. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Session } from "@earshot/engine";
import {
  FakeClock,
  MemoryJournal,
  ScriptedCaller,
  ScriptedLanguageModel,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivity,
  tone,
} from "@earshot/engine/testing";
import { BENCH_PLAN } from "./bench-plan.ts";

const SPEECH_MS = 600;
const CALL_MS = 3_000;
const WARM_UP_CALLS = 50;

export type LeakResult = { readonly calls: number; readonly heapBytesPerCall: number };

export async function measureLeak(calls: number): Promise<LeakResult> {
  await runCalls(WARM_UP_CALLS);
  const before = heapBytes();
  await runCalls(calls);
  return { calls, heapBytesPerCall: (heapBytes() - before) / calls };
}

async function runCalls(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await runCall();
}

/** One question and its answer. */
async function runCall(): Promise<void> {
  const clock = new FakeClock();
  const leg = new ScriptedCaller(clock);
  const session = new Session({
    plan: BENCH_PLAN,
    models: {
      voiceActivity: new ScriptedVoiceActivity(),
      speechToText: new ScriptedSpeechToText({ texts: ["What are your opening hours?"], clock }),
      languageModel: new ScriptedLanguageModel({ replies: ["We open at nine."], clock }),
      textToSpeech: new ScriptedTextToSpeech({ clock }),
    },
    leg,
    clock,
    journal: new MemoryJournal(),
    tools: { run: () => Promise.resolve({ outcome: "succeeded", result: "" }) },
  });
  session.start();
  leg.say(tone(SPEECH_MS));
  await clock.advance(CALL_MS);
  if (leg.heard.length === 0) throw new Error("The scripted call got no answer.");
  leg.hangUp();
  await clock.advance(0);
  await session.done;
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
