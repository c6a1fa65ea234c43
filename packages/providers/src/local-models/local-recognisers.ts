import type { LoadedModel } from "../embedded/lines/loaded-model.ts";
import type { Recogniser } from "../embedded/speech-to-text/recogniser.ts";
import type { LocalModel } from "./local-model.ts";

export async function loadLocalRecognisers(
  _localModels: readonly LocalModel[],
): Promise<{ recognisers: readonly Recogniser[]; models: readonly LoadedModel[] }> {
  return { recognisers: [], models: [] };
}
