import { request } from "../api/client.ts";

/** A model that this server can use. */
export type Model = {
  readonly name: string;
  readonly kind: string;
  /** True for the one used when an agent names none. */
  readonly isDefault: boolean;
  /** Why it is there, or why it was chosen, in words. */
  readonly reason: string;
};

/** Throws ApiError. */
export async function listModels(signal: AbortSignal): Promise<readonly Model[]> {
  const { data } = await request<{ data: readonly Model[] }>("/v1/models", { signal });
  return data;
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  "speech-to-text": "Speech to text",
  "language-model": "Language model",
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
