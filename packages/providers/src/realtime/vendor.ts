import type { SpeechToSpeechBrief, TurnDetection, Voice } from "@earshot/engine";
import type { ClientEvent } from "./client-event.ts";

/** How a vendor differs from the others that speak OpenAI's realtime protocol. */
export type RealtimeVendor = {
  /** First part of models' names and voices' ids: "openai". */
  readonly name: string;
  readonly voices: readonly Voice[];
  /** Of the audio in both directions. */
  readonly sampleRateHz: number;
  /** False: a session keeps the voice in which it spoke first, and another voice needs another session. */
  readonly canChangeVoice: boolean;
  /** Whether `response.cancel` may name the response. */
  readonly cancelsById: boolean;
  /** How replies are known to be the answer to an `ask`: by the metadata that come back, or else by their order. */
  readonly matchesAsks: "by-metadata" | "by-order";
  /** What the session knows of the audio: `speech-started` and `speech-stopped` count in sound and silence around the speech. */
  readonly defaultPaddingMs: number;
  readonly defaultSilenceMs: number;
  /** The `session` of `session.update`. */
  readonly toSession: (settings: SessionSettings) => Readonly<Record<string, unknown>>;
  /** Asks for a reply; `eventId` comes back in errors. */
  readonly toAsk: (ask: AskSettings) => ClientEvent;
};

export type SessionSettings = {
  readonly brief: SpeechToSpeechBrief;
  /** The vendor's own name of it. Absent: it stays as it is. */
  readonly voice: string | undefined;
  readonly language: string;
  readonly keyterms: readonly string[];
  readonly turnDetection: TurnDetection | undefined;
};

export type AskSettings = {
  readonly eventId: string;
  /** Comes back in `metadata.ask`. */
  readonly ask: string;
  /** These words and nothing else. */
  readonly say: string | undefined;
};

/** Tools as every vendor takes them. */
export function toTools(brief: SpeechToSpeechBrief) {
  return brief.tools.map(({ name, description, parameters }) => ({ type: "function", name, description, parameters }));
}

/** OpenAI's limits. */
const MIN_IDLE_MS = 5000;
const MAX_IDLE_MS = 30_000;

/** Server-side turn detection that answers by itself and leaves it to the conversation's rules who has the floor. */
export function toServerVad(given: TurnDetection | undefined) {
  return {
    type: "server_vad",
    create_response: true,
    interrupt_response: false,
    ...(given?.threshold === undefined ? {} : { threshold: given.threshold }),
    ...(given?.silenceMs === undefined ? {} : { silence_duration_ms: given.silenceMs }),
    ...(given?.prefixPaddingMs === undefined ? {} : { prefix_padding_ms: given.prefixPaddingMs }),
    ...(given?.idleTimeoutMs === undefined
      ? {}
      : { idle_timeout_ms: clamp(given.idleTimeoutMs, MIN_IDLE_MS, MAX_IDLE_MS) }),
  };
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Multilingual, as all voices of realtime models are. */
export function toVoice(
  vendor: string,
  [id, gender, description]: readonly [string, "female" | "male" | "neutral", string],
): Voice {
  const name = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  return { id: `${vendor}:${id}`, name, language: "en", gender, description };
}
