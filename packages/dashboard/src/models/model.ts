import type { Model } from "@earshot/sdk";
import { earshot } from "../api/earshot.ts";

/** Throws EarshotError. */
export async function listModels(signal: AbortSignal): Promise<readonly Model[]> {
  return (await earshot.models.list({}, { signal })).data;
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  "speech-to-text": "Speech to text",
  "language-model": "Language model",
  "speech-to-speech": "Speech to speech",
  "text-to-speech": "Text to speech",
  "voice-activity": "Voice activity",
  "turn-detector": "End of turn",
  denoiser: "Denoising",
  embedder: "Retrieval",
};

/** The kind of a model in words. */
export function kindName(kind: string): string {
  return KIND_NAMES[kind] ?? kind.replace(/-/g, " ");
}
