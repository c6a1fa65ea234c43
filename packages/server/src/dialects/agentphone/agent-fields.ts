/** AgentPhone's agent and ours, field by field. */
import type { AgentSettings } from "../../agents/agent.ts";
import type { VendorField, VendorFields } from "../kit/vendor-fields.ts";
import { AGENT_DEFAULTS } from "./agent-shape.ts";
import { type CustomTool, toCustomTools, withCustomTools, withTransferTool } from "./custom-tool.ts";

type Field = VendorField<AgentSettings>;
type Settings = AgentSettings;

/** Speech over the agent that ends it at the lowest sensitivity above 0, in ms. */
const SLOWEST_BARGE_IN_MS = 1500;

/**
 * In the order in which they are written: the mode first, because an absent greeting means something else in each.
 * @param defaultVoice id of the voice that speaks when none is named
 */
export function agentFields(defaultVoice: string): VendorFields<AgentSettings> {
  return {
    name: field<string | null>(
      ({ name }) => name,
      (value, now) => (value === null ? now : { ...now, name: value }),
    ),
    description: field<string | null>(
      ({ description }) => (description === "" ? null : description),
      (value, now) => ({ ...now, description: value ?? "" }),
    ),
    voiceMode: withDefault<"webhook" | "hosted">(
      "voiceMode",
      ({ mode }) => (mode === "webhook" ? "webhook" : "hosted"),
      toMode,
    ),
    enableMessaging: withDefault<boolean>(
      "enableMessaging",
      ({ messaging }) => messaging.isEnabled,
      (isEnabled, now) => ({ ...now, messaging: { ...now.messaging, isEnabled } }),
    ),
    modelTier: withDefault<Settings["modelTier"]>(
      "modelTier",
      ({ modelTier }) => modelTier,
      (modelTier, now) => ({ ...now, modelTier }),
    ),
    systemPrompt: field<string | null>(
      ({ prompt }) => (prompt === "" ? null : prompt),
      (value, now) => ({ ...now, prompt: value ?? "" }),
    ),
    beginMessage: field<string | null>(
      ({ greeting }) => (greeting.mode === "static" ? greeting.text : null),
      (value, now) => ({ ...now, greeting: toGreeting(value, now) }),
    ),
    voice: field<string | null>(({ voice }) => voice.id ?? defaultVoice, toVoice),
    transferNumber: field<string | null>(({ transfers }) => transfers[0]?.destination ?? null, toTransfers),
    customTools: field<readonly CustomTool[] | null>(toCustomTools, (value, now) => withCustomTools(value ?? [], now)),
    voicemailMessage: field<string | null>(({ voicemail }) => voicemail.message ?? null, toVoicemail),
    callScreeningIdentity: screening("identity"),
    callScreeningPurpose: screening("purpose"),
    sttMode: withDefault<Settings["transcription"]>(
      "sttMode",
      ({ transcription }) => transcription,
      (transcription, now) => ({ ...now, transcription }),
    ),
    ambientSound: withDefault<"none" | "office" | "coffee-shop" | "outdoor">(
      "ambientSound",
      ({ ambientSound }) => CLIPS[ambientSound.clip],
      (clip, now) => ({ ...now, ambientSound: { ...now.ambientSound, clip } }),
    ),
    denoisingMode: withDefault<"noise-cancellation" | typeof STRONG>(
      "denoisingMode",
      ({ denoising }) => (denoising === "strong" ? STRONG : "noise-cancellation"),
      (value, now) => ({ ...now, denoising: value === STRONG ? "strong" : "light" }),
    ),
    maxSilenceMs: withDefault<number>("maxSilenceMs", toMaxSilenceMs, (value, now) => ({
      ...now,
      silence: { ...now.silence, hangUpAfterMs: value, remindAfterMs: value, maxReminders: 0 },
    })),
    voiceSpeed: withDefault<number>(
      "voiceSpeed",
      ({ voice }) => voice.speed,
      (speed, now) => ({ ...now, voice: { ...now.voice, speed } }),
    ),
    interruptionSensitivity: withDefault<number>("interruptionSensitivity", toSensitivity, (value, now) => {
      const bargeIn = { ...now.turnTaking.bargeIn, isEnabled: value > 0, minSpeechMs: toMinSpeechMs(value) };
      return { ...now, turnTaking: { ...now.turnTaking, bargeIn } };
    }),
    enableBackchannel: withDefault<boolean>(
      "enableBackchannel",
      ({ turnTaking }) => turnTaking.backchannel.isEnabled,
      (isEnabled, now) => ({
        ...now,
        turnTaking: { ...now.turnTaking, backchannel: { ...now.turnTaking.backchannel, isEnabled } },
      }),
    ),
    language: withDefault<string>(
      "language",
      ({ language }) => language,
      (language, now) => ({ ...now, language }),
    ),
  };
}

const STRONG = "noise-and-background-speech-cancellation";

/** The nearest of theirs to each of our sounds. */
const CLIPS: Readonly<Record<Settings["ambientSound"]["clip"], "none" | "office" | "coffee-shop" | "outdoor">> = {
  none: "none",
  office: "office",
  "coffee-shop": "coffee-shop",
  outdoor: "outdoor",
  city: "outdoor",
  forest: "outdoor",
  "crowded-room": "coffee-shop",
};

function field<Value>(read: (now: Settings) => Value, write: (value: Value, now: Settings) => Settings): Field {
  return { read, write: write as Field["write"] };
}

/** A field that null puts back to the vendor's default. */
function withDefault<Value>(
  name: string,
  read: (now: Settings) => Value,
  write: (value: Value, now: Settings) => Settings,
): Field {
  return field<Value | null>(read, (value, now) => write(value ?? (AGENT_DEFAULTS[name] as Value), now));
}

/** Who has no opening words: a hosted agent makes some up, a webhook waits for the caller. */
function toMode(value: "webhook" | "hosted", now: Settings): Settings {
  if (value === "webhook") {
    if (now.mode === "webhook") return now;
    return { ...now, mode: "webhook", ...(now.greeting.mode === "dynamic" ? { greeting: { mode: "off" } } : {}) };
  }
  if (now.mode !== "webhook") return now;
  return { ...now, mode: "pipeline", ...(now.greeting.mode === "off" ? { greeting: { mode: "dynamic" } } : {}) };
}

function toGreeting(value: string | null, { greeting, mode }: Settings): Settings["greeting"] {
  if (value !== null && value !== "") return { mode: "static", text: value };
  if (value === null && greeting.mode !== "static") return greeting;
  return { mode: value === null && mode !== "webhook" ? "dynamic" : "off" };
}

function toVoice(value: string | null, now: Settings): Settings {
  const { id: _id, ...rest } = now.voice;
  return { ...now, voice: value === null || value === "" ? rest : { ...rest, id: value } };
}

function toTransfers(value: string | null, now: Settings): Settings {
  if (value === null || value === "") return withTransferTool({ ...now, transfers: [] });
  const [first, ...others] = now.transfers;
  return withTransferTool({ ...now, transfers: [{ description: "", ...first, destination: value }, ...others] });
}

function toVoicemail(value: string | null, now: Settings): Settings {
  const { message: _message, ...rest } = now.voicemail;
  if (value === null || value === "") return { ...now, voicemail: { ...rest, isDetected: false } };
  return { ...now, voicemail: { isDetected: true, message: value } };
}

function screening(name: "identity" | "purpose"): Field {
  return field<string | null>(
    ({ callScreening }) => callScreening[name] ?? null,
    (value, now) => {
      const { [name]: _before, ...rest } = now.callScreening;
      return { ...now, callScreening: value === null ? rest : { ...rest, [name]: value } };
    },
  );
}

function toMaxSilenceMs({ silence }: Settings): number {
  const { hangUpAfterMs, remindAfterMs, maxReminders } = silence;
  return Math.min(3_600_000, Math.max(10_000, hangUpAfterMs ?? remindAfterMs * (maxReminders + 1)));
}

function toMinSpeechMs(sensitivity: number): number {
  return Math.round((1 - sensitivity) * SLOWEST_BARGE_IN_MS);
}

/** To the hundredth; 0 stands for an agent that is never interrupted. */
function toSensitivity({ turnTaking }: Settings): number {
  const { isEnabled, minSpeechMs } = turnTaking.bargeIn;
  if (!isEnabled) return 0;
  return Math.max(0.01, Math.round((1 - minSpeechMs / SLOWEST_BARGE_IN_MS) * 100) / 100);
}
