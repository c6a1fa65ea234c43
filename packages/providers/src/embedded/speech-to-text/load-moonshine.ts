import { type LoadedModel, measureLoad } from "../lines/loaded-model.ts";
import { Moonshine, MoonshineRecogniser, type MoonshineSize } from "./moonshine.ts";
import type { Recogniser } from "./recogniser.ts";
import { findTokenTable } from "./token-table.ts";

/** The built-in recogniser: a careful model for final words, a quick one for those that will be replaced. */
export async function loadMoonshine(
  cacheDir: string,
): Promise<{ readonly recogniser: Recogniser; readonly models: readonly LoadedModel[] }> {
  const tokens = await findTokenTable(cacheDir);
  const load = (size: MoonshineSize): Promise<[Moonshine, LoadedModel]> => {
    const card = { name: `embedded/moonshine-${size}`, kind: "speech-to-text", licence: "MIT" } as const;
    return measureLoad(card, () => Moonshine.load(size, tokens));
  };
  const [[base, loadedBase], [tiny, loadedTiny]] = await Promise.all([load("base"), load("tiny")]);
  return { recogniser: new MoonshineRecogniser({ base, tiny }), models: [loadedBase, loadedTiny] };
}
