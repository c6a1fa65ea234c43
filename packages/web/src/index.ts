/** Calls with agents from a page: microphone, loudspeaker and connection. */

export type { CallAudioOptions, TappedNodes } from "./audio/call-audio.ts";
export { MicrophoneError, type MicrophoneProblem } from "./audio/microphone.ts";
export { createWebCall, type WebCallOptions } from "./browser-call.ts";
export type { CallAccess, GivesAccess } from "./call-access.ts";
export { type CaptionLine, type Captions, foldCaptions, NO_CAPTIONS } from "./captions/captions.ts";
export { endReasonSentence } from "./captions/end-reason.ts";
export type { JournalEffect, JournalEntry, JournalEvent } from "./captions/journal-entry.ts";
export { type AudioDevice, listAudioDevices } from "./devices.ts";
export { fetchPublicAccess } from "./public-access.ts";
export type { WebCall } from "./web-call.ts";
export type { Media, WebCallError, WebCallEvents, WebCallPhase, WebCallState } from "./web-call-events.ts";
