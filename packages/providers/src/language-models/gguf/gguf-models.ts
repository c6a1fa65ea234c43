import type { Clock } from "@earshot/engine";
import type { LocalModel } from "../../local-models/local-model.ts";
import type { FoundLanguageModel } from "../found-models.ts";
import { ggufModel } from "./gguf-model.ts";

/** The usable GGUF files among the operator's own models, for `findLanguageModels({ fromFiles })`. Nothing is loaded. */
export function ggufModels(files: readonly LocalModel[], clock: Clock): readonly FoundLanguageModel[] {
  return files
    .filter((file) => file.kind === "language-model" && file.family === "gguf" && file.problem === undefined)
    .map(({ path }) => {
      const { name } = ggufModel({ path, clock });
      return { name, reason: `${path} is there`, create: () => ggufModel({ path, clock }) };
    });
}
