import process from "node:process";

/** One model as `SpeechHost.models()` lists it. */
export type LoadedModel = {
  /** E.g. "embedded/moonshine-base". */
  readonly name: string;
  readonly kind: "voice-activity" | "speech-to-text" | "text-to-speech" | "denoiser" | "embedder";
  /** SPDX identifier or short name; of the weights where they have their own. */
  readonly licence: string;
  /** False for a model that is loaded when it is first used. */
  readonly isLoaded: boolean;
  readonly loadMs: number;
  /** Growth of the process while the model loaded; models that load side by side share in it, so take it as a hint. */
  readonly memoryBytes: number;
  /** Why a model of the operator's can't be used; absent when it can. */
  readonly problem?: string;
};

export type ModelCard = Pick<LoadedModel, "name" | "kind" | "licence">;

/** Loads a model and says what that took. */
export async function measureLoad<Model>(
  card: ModelCard,
  load: () => Promise<Model>,
): Promise<[model: Model, loaded: LoadedModel]> {
  const startedAtMs = performance.now();
  const before = process.memoryUsage.rss();
  const model = await load();
  const loadMs = Math.round(performance.now() - startedAtMs);
  const memoryBytes = Math.max(0, process.memoryUsage.rss() - before);
  return [model, { ...card, isLoaded: true, loadMs, memoryBytes }];
}

/** A model that waits for its first use. */
export function notLoaded(card: ModelCard): LoadedModel {
  return { ...card, isLoaded: false, loadMs: 0, memoryBytes: 0 };
}
