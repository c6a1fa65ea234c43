/** A whole call with scripted models under virtual time, for tests of what people hear and what is kept of it. */

import { DEFAULT_RULES, type Rules } from "../conversation/rules.ts";
import type { TransferOrder } from "../conversation/transfer-order.ts";
import { replayJournal } from "../journal/replay.ts";
import type { LegCapabilities, TransferReports } from "../leg/call-leg.ts";
import type { LanguageModel } from "../models/language-model.ts";
import type { TextToSpeech } from "../models/text-to-speech.ts";
import type { CallPlan } from "../session/call-plan.ts";
import type { ToolRunner } from "../session/calling-tools.ts";
import type { Clock } from "../session/clock.ts";
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
const DONE: ToolRunner = { run: () => Promise.resolve({ outcome: "succeeded", result: "done" }) };
const plan = { language: "en-US", keyterms: [], partialEveryMs: 500 };

export type ScriptedCallSetup = {
  rules?: Partial<Rules>;
  texts?: readonly ScriptedWords[];
  replies?: readonly ScriptedReply[];
  tools?: ToolRunner | ((clock: Clock) => ToolRunner);
  /** Besides "main", or instead of it. */
  scenes?: Readonly<Record<string, Scene>>;
  /** Models that scenes name. */
  otherReplies?: Readonly<Record<string, readonly ScriptedReply[]>>;
  /** Instead of what the settings above would make. */
  plan?: CallPlan;
  can?: Partial<LegCapabilities>;
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
  /** Of a recogniser, after the utterance. Default 100. */
  wordsAfterMs?: number;
  /** The scripted voice takes over when `textToSpeech` fails. */
  fallbackVoice?: boolean;
  /** Between two words of the model. */
  wordMs?: number;
  /** A model that hears and speaks by itself. */
  realtime?: Omit<RealtimeScript, "clock">;
};

export function makeScriptedCall(setup: ScriptedCallSetup = {}) {
  const { rules, texts = [], replies = ["Okay."], tools = DONE, leadMs = 100, reportPlayback = true } = setup;
  const clock = new FakeClock();
  const transfers: { order: TransferOrder; reports: TransferReports }[] = [];
  const leg = Object.assign(new ScriptedCaller(clock, { leadMs, reportPlayback, ...setup.can }), {
    transfer: (order: TransferOrder, reports: TransferReports) => transfers.push({ order, reports }),
  });
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
  const others = new Map(
    Object.entries(setup.otherReplies ?? {}).map(([name, given]) => [
      name,
      new ScriptedLanguageModel({ replies: given, clock, firstTokenMs }),
    ]),
  );
  const otherModel = (name = "") => others.get(name);
  const realtime = setup.realtime && new ScriptedSpeechToSpeech({ ...setup.realtime, clock });
  const bugs: unknown[] = [];
  const session = new Session({
    plan: setup.plan ?? {
      ...plan,
      rules: { ...DEFAULT_RULES, ...(realtime ? { isRealtime: true } : {}), ...rules },
      scenes: { main, ...setup.scenes },
    },
    models: {
      voiceActivity: new ScriptedVoiceActivity(),
      speechToText: new ScriptedSpeechToText({ texts, clock, delayMs: setup.wordsAfterMs ?? 100 }),
      languageModel: setup.languageModel ?? languageModel,
      textToSpeech: setup.textToSpeech ?? textToSpeech,
      ...(realtime ? { realtime: { model: realtime, voiceId: "scripted:realtime" } } : {}),
    },
    sceneModels: (scene) => ({
      languageModel: otherModel(scene.languageModel) ?? setup.languageModel ?? languageModel,
      textToSpeech: setup.textToSpeech ?? textToSpeech,
    }),
    leg,
    clock,
    journal,
    tools: typeof tools === "function" ? tools(clock) : tools,
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
  const isReplayable = () => replayJournal(journal.entries).outcome === "identical";
  const parts = { clock, leg, journal, languageModel, otherModel, textToSpeech, realtime, session, bugs, transfers };
  return { ...parts, say, spoken, orders, types, isReplayable };
}
