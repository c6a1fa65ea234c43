import type { Captions } from "./captions/captions.ts";
import type { JournalEntry } from "./captions/journal-entry.ts";

/** Which way the sound takes. */
export type Media = "webrtc" | "websocket";

export type WebCallPhase =
  | "idle"
  | "asking-microphone"
  | "connecting"
  | "talking"
  | "reconnecting"
  | "ended"
  | "failed";

export type WebCallState = {
  readonly phase: WebCallPhase;
  readonly microphone: "on" | "muted" | "lost";
  readonly media: Media;
  readonly captions: Captions;
  readonly callId?: string;
  /** In `ended`. */
  readonly endReason?: string;
  /** In `failed`. */
  readonly failure?: WebCallError;
};

/** What went wrong, in two sentences for whoever calls: what, and what to do. */
export type WebCallError = {
  readonly code: string;
  readonly title: string;
  readonly fix: string;
  readonly cause?: unknown;
};

/** What happens in a call, by the names that voice agents' clients go by. */
export type WebCallEvents = {
  "call-start": { readonly callId: string };
  /** `reason`: an end reason of the call. */
  "call-end": { readonly callId: string | undefined; readonly reason: string };
  /** The agent begins to speak. */
  "speech-start": undefined;
  "speech-end": undefined;
  "user-speech-start": undefined;
  "user-speech-end": undefined;
  /** Words: the caller's as they are recognised, the agent's as they are heard. */
  transcript: { readonly role: "user" | "agent"; readonly text: string; readonly isFinal: boolean };
  /** The whole conversation so far. */
  update: Captions;
  /** Loudness of the agent's voice, 0 to 1, twenty times a second. */
  "volume-level": number;
  /** One entry of the call's journal, as the server sends it. */
  message: JournalEntry;
  media: Media;
  reconnecting: undefined;
  reconnected: undefined;
  "microphone-lost": undefined;
  /** Anything of `state` has changed. */
  state: WebCallState;
  error: WebCallError;
};
