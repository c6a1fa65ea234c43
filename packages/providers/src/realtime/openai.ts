/** OpenAI's Realtime API as it is generally available: platform.openai.com/docs/api-reference/realtime. */
import {
  type AskSettings,
  clamp,
  type RealtimeVendor,
  type SessionSettings,
  toServerVad,
  toTools,
  toVoice,
} from "./vendor.ts";

const TRANSCRIBER = "gpt-4o-mini-transcribe";
const PCM = { type: "audio/pcm", rate: 24_000 };
const MAX_OUTPUT_TOKENS = 4096;
const MAX_KEYTERMS = 100;

const VOICES = [
  ["marin", "female", "Natural and warm"],
  ["cedar", "male", "Natural and calm"],
  ["alloy", "neutral", "Balanced"],
  ["ash", "male", "Clear"],
  ["ballad", "male", "Soft"],
  ["coral", "female", "Friendly"],
  ["echo", "male", "Even"],
  ["sage", "female", "Composed"],
  ["shimmer", "female", "Bright"],
  ["verse", "male", "Expressive"],
] as const;

/** `name`: another one where the endpoint is another's that speaks the same protocol. */
export function openAiVendor(name = "openai"): RealtimeVendor {
  return {
    name,
    voices: VOICES.map((voice) => toVoice(name, voice)),
    sampleRateHz: PCM.rate,
    canChangeVoice: false,
    cancelsById: true,
    matchesAsks: name === "openai" ? "by-metadata" : "by-order",
    defaultPaddingMs: 300,
    defaultSilenceMs: 500,
    toSession,
    toAsk,
  };
}

/** `temperature` has no place in it any more. */
function toSession({ brief, voice, language, keyterms, turnDetection }: SessionSettings) {
  const speed = brief.speed === undefined ? undefined : clamp(brief.speed, 0.25, 1.5);
  const maxTokens = brief.maxOutputTokens;
  return {
    type: "realtime",
    output_modalities: ["audio"],
    instructions: brief.system,
    tools: toTools(brief),
    tool_choice: "auto",
    max_output_tokens: maxTokens === undefined ? "inf" : clamp(Math.floor(maxTokens), 1, MAX_OUTPUT_TOKENS),
    audio: {
      input: {
        format: PCM,
        transcription: toTranscription(language, keyterms),
        turn_detection: toServerVad(turnDetection),
      },
      output: {
        format: PCM,
        ...(voice === undefined ? {} : { voice: voice.startsWith("voice_") ? { id: voice } : voice }),
        ...(speed === undefined ? {} : { speed }),
      },
    },
  };
}

function toTranscription(language: string, keyterms: readonly string[]) {
  const [code = ""] = language.split("-");
  const words = keyterms.slice(0, MAX_KEYTERMS).join(", ");
  return {
    model: TRANSCRIBER,
    // ISO 639-1; three letters are no such code.
    ...(/^[a-z]{2}$/i.test(code) ? { language: code.toLowerCase() } : {}),
    ...(words === "" ? {} : { prompt: `Expect these words: ${words}.` }),
  };
}

function toAsk({ eventId, ask, say }: AskSettings) {
  const metadata = { ask };
  if (say === undefined) return { type: "response.create", event_id: eventId, response: { metadata } };
  return {
    type: "response.create",
    event_id: eventId,
    response: {
      metadata,
      tool_choice: "none",
      instructions: `Say exactly these words, in their language, and nothing before or after them:\n\n${say}`,
    },
  };
}
