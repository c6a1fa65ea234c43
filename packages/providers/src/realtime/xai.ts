/** xAI's voice agents: OpenAI's protocol with differences. docs.x.ai/docs/guides/voice/agent. */
import { createItem } from "./client-event.ts";
import {
  type AskSettings,
  clamp,
  type RealtimeVendor,
  type SessionSettings,
  toServerVad,
  toTools,
  toVoice,
} from "./vendor.ts";

/** Any rate is taken: no resampling. */
const PCM = { type: "audio/pcm", rate: 16_000 };
const MAX_KEYTERMS = 100;
const MAX_KEYTERM_CHARS = 50;
const MAX_SILENCE_MS = 10_000;

const VOICES = [
  ["ara", "female", "Warm and friendly"],
  ["rex", "male", "Confident and clear"],
  ["sal", "neutral", "Smooth and balanced"],
  ["eve", "female", "Energetic and upbeat"],
  ["leo", "male", "Authoritative and strong"],
] as const;

export const xaiVendor: RealtimeVendor = {
  name: "xai",
  voices: VOICES.map((voice) => toVoice("xai", voice)),
  sampleRateHz: PCM.rate,
  canChangeVoice: true,
  cancelsById: false,
  matchesAsks: "by-order",
  defaultPaddingMs: 333,
  defaultSilenceMs: 500,
  toSession,
  toAsk,
};

/** Voice and turn detection stand at the top; there is neither temperature nor a limit of tokens. */
function toSession({ brief, voice, language, keyterms, turnDetection }: SessionSettings) {
  const detection = toServerVad(turnDetection);
  const terms = keyterms.filter((term) => term.length <= MAX_KEYTERM_CHARS).slice(0, MAX_KEYTERMS);
  return {
    instructions: brief.system,
    tools: toTools(brief),
    ...(voice === undefined ? {} : { voice: voice.toLowerCase() }),
    turn_detection: {
      ...detection,
      ...(detection.threshold === undefined ? {} : { threshold: clamp(detection.threshold, 0.1, 0.9) }),
      ...(detection.silence_duration_ms === undefined
        ? {}
        : { silence_duration_ms: clamp(detection.silence_duration_ms, 0, MAX_SILENCE_MS) }),
    },
    audio: {
      input: {
        format: PCM,
        transcription: {
          ...(language === "multi" ? {} : { language_hint: language }),
          ...(terms.length === 0 ? {} : { keyterms: terms }),
        },
      },
      output: { format: PCM, ...(brief.speed === undefined ? {} : { speed: clamp(brief.speed, 0.7, 1.5) }) },
    },
  };
}

/** Given words are spoken as they are, by an item of its own kind that is a reply by itself. */
function toAsk({ eventId, ask, say }: AskSettings) {
  if (say === undefined) return { type: "response.create", event_id: eventId, response: { metadata: { ask } } };
  const item = { type: "force_message", role: "assistant", content: [{ type: "output_text", text: say }] };
  return { ...createItem(item), event_id: eventId };
}
