import type { SpeechConnection } from "@earshot/providers";
import type { ListedVoice } from "./voice.ts";

/** Every voice of this node; the first built-in one is the default. */
export function listVoices(speech: SpeechConnection): ListedVoice[] {
  const builtIn = speech.textToSpeech.voices();
  const own = speech.local.textToSpeech.flatMap((model) => model.voices());
  return [...builtIn, ...own].map((voice) => ({ ...voice, isDefault: voice.id === builtIn[0]?.id }));
}
