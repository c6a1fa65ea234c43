/** A whole call with scripted models under virtual time, for tests of what people hear and what is kept of it. */

import { DEFAULT_RULES, type Rules } from "../conversation/rules.ts";
import type { LanguageModel } from "../models/language-model.ts";
import type { TextToSpeech } from "../models/text-to-speech.ts";
import type { ToolRunner } from "../session/calling-tools.ts";
import type { Scene } from "../session/scene.ts";
import { Session } from "../session/session.ts";
import { FakeClock } from "./fake-clock.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { ScriptedCaller } from "./scripted-caller.ts";
import {
  ScriptedLanguageModel,
  type ScriptedReply,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivity,
  type ScriptedWords,
  tone,
} from "./scripted-models.ts";
import { type RealtimeScript, ScriptedSpeechToSpeech } from "./scripted-realtime.ts";

const MAIN: Scene = {
  system: "You answer the phone.",
  tools: [{ name: "book", description: "Books a table", parameters: {} }],
  variables: [],
  voiceId: "scripted:tone",
  speed: 1,
};
const plan = { language: "en-US", keyterms: [], partialEveryMs: 500 };

export type ScriptedCallSetup = {
  rules?: Partial<Rules>;
  texts?: readonly ScriptedWords[];
  replies?: readonly ScriptedReply[];
  tools?: ToolRunner;
  leadMs?: number;
  reportPlayback?: boolean;
  firstTokenMs?: number;
  partLimitMs?: number;
  contextTurns?: number;
  contextTokens?: number;
  maxOutputTokens?: number;
  context?: "window" | "whole";
  /** Of another model that takes over when the first one fails. */
  fallbackReplies?: readonly ScriptedReply[];
  /** Instead of the scripted model, and of the scripted voice. */
  languageModel?: LanguageModel;
  textToSpeech?: TextToSpeech;
  /** The scripted voice takes over when `textToSpeech` fails. */
  fallbackVoice?: boolean;
  /** Between two words of the model. */
  wordMs?: number;
  /** A model that hears and speaks by itself. */
  realtime?: Omit<RealtimeScript, "clock">;
};

export function makeScriptedCall(setup: ScriptedCallSetup = {}) {
  const { rules, texts = [], replies = ["Okay."], tools, leadMs = 100, reportPlayback = true } = setup;
  const clock = new FakeClock();
  const leg = new ScriptedCaller(clock, { leadMs, reportPlayback });
  const journal = new MemoryJournal();
  const { firstTokenMs = 200, partLimitMs, contextTurns, contextTokens, maxOutputTokens, fallbackReplies } = setup;
  const languageModel = Object.assign(
    new ScriptedLanguageModel({ replies, clock, firstTokenMs, wordMs: setup.wordMs ?? 0 }),
    partLimitMs === undefined ? {} : { partLimitMs },
    setup.context === undefined ? {} : { context: setup.context },
  );
  const textToSpeech = new ScriptedTextToSpeech({ clock });
  const main = {
    ...MAIN,
    ...(contextTurns === undefined ? {} : { contextTurns }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
  const understudy = fallbackReplies && new ScriptedLanguageModel({ replies: fallbackReplies, clock, firstTokenMs: 0 });
  const realtime = setup.realtime && new ScriptedSpeechToSpeech({ ...setup.realtime, clock });
  const bugs: unknown[] = [];
  const session = new Session({
    plan: {
      ...plan,
      rules: { ...DEFAULT_RULES, ...(realtime ? { isRealtime: true } : {}), ...rules },
      scenes: { main },
    },
    models: {
      voiceActivity: new ScriptedVoiceActivity(),
      speechToText: new ScriptedSpeechToText({ texts, clock }),
      languageModel: setup.languageModel ?? languageModel,
      textToSpeech: setup.textToSpeech ?? textToSpeech,
      ...(realtime ? { realtime: { model: realtime, voiceId: "scripted:realtime" } } : {}),
    },
    leg,
    clock,
    journal,
    tools: tools ?? { run: () => Promise.resolve({ outcome: "succeeded", result: "done" }) },
    onBug: (error) => bugs.push(error),
    fallback: () => ({
      ...(understudy === undefined ? {} : { languageModel: understudy }),
      ...(setup.fallbackVoice ? { textToSpeech } : {}),
    }),
  });
  session.start();
  const say = async (ms: number, thenWaitMs = 0) => {
    leg.say(tone(ms));
    await clock.advance(ms + thenWaitMs);
  };
  const spoken = () =>
    session.conversation.history.map((said) => `${said.role}: ${"text" in said ? said.text : said.result}`);
  /** What the agent ordered, without timers. */
  const orders = () =>
    journal.entries
      .flatMap(({ effects }) => effects.map(({ type }) => type))
      .filter((type) => !type.endsWith("-timer"));
  const types = () => journal.entries.map((entry) => entry.event.type);
  return { clock, leg, journal, languageModel, textToSpeech, realtime, session, bugs, say, spoken, orders, types };
}
