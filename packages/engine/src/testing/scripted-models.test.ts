import { SystemClock } from "../session/system-clock.ts";
import { describeLanguageModel } from "./contracts/language-model-contract.ts";
import { describeSpeechToText } from "./contracts/speech-to-text-contract.ts";
import { describeTextToSpeech } from "./contracts/text-to-speech-contract.ts";
import { describeVoiceActivity } from "./contracts/voice-activity-contract.ts";
import {
  ScriptedLanguageModel,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivity,
  tone,
} from "./scripted-models.ts";

const clock = new SystemClock();
const tool = { name: "book", description: "Books a table", parameters: { type: "object", properties: {} } };
const withTool = { system: "", messages: [{ role: "caller", text: "Book." }], tools: [tool] } as const;

describeLanguageModel("the scripted language model", () => ({
  model: new ScriptedLanguageModel({
    clock,
    firstTokenMs: 1,
    replies: [
      ({ tools }) =>
        tools.length === 0
          ? "A reply of the script."
          : [
              { type: "text", text: "One moment." },
              { type: "tool-call", call: { id: "call-1", name: tool.name, arguments: "{}" } },
            ],
    ],
  }),
  requestWithToolCall: withTool,
}));

const speech = { samples: tone(600), words: [], language: "en-US" };
describeSpeechToText(
  "the scripted speech to text",
  () => ({ model: new ScriptedSpeechToText({ clock, delayMs: 1, texts: Array(100).fill("words of the script") }) }),
  () => [speech, speech],
  { hears: "script" },
);

describeTextToSpeech("the scripted text to speech", () => ({
  model: new ScriptedTextToSpeech({ clock, delayMs: 1, wordMs: 100 }),
}));

describeVoiceActivity(
  "the scripted voice activity",
  () => ({ model: new ScriptedVoiceActivity() }),
  () => tone(1_000),
);
