export { connectSpeech, type SpeechConnection } from "./connect-speech.ts";
export type { LoadedModel } from "./lines/loaded-model.ts";
export type { SpeechBundle, SpeechRole } from "./speech-bundle.ts";
export { type SpeechHost, type SpeechHostOptions, startSpeechHost } from "./speech-host.ts";
