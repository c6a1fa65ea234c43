import type { LoadedModel } from "../embedded/lines/loaded-model.ts";
import type { Speaker } from "../embedded/speaking/speaker.ts";
import type { LocalModel } from "./local-model.ts";

export async function loadLocalSpeakers(
  _localModels: readonly LocalModel[],
): Promise<{ speakers: readonly Speaker[]; models: readonly LoadedModel[] }> {
  return { speakers: [], models: [] };
}
