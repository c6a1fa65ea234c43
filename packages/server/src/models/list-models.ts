import type { SpeechHost } from "@earshot/providers";
import type { ThreadModel } from "../call-thread/messages.ts";
import type { ListedModel } from "./model.ts";

const USED_BY_DEFAULT = new Set(["embedded/moonshine-base", "embedded/flite", "embedded/silero-v6"]);

/** Every model of this node: what it is for, whether it is the default, and why it is there. */
export function listModels(
  speech: SpeechHost,
  language: { readonly models: readonly ThreadModel[]; readonly defaultName: string },
): ListedModel[] {
  return [
    ...language.models.map(({ name, reason }) => ({
      name,
      kind: "language-model" as const,
      isDefault: name === language.defaultName,
      reason,
    })),
    ...speech.models().map((model) => ({
      name: model.name,
      kind: model.kind,
      isDefault: USED_BY_DEFAULT.has(model.name),
      reason: model.problem ?? (model.name.startsWith("local/") ? "it lies in the models folder" : "it is built in"),
    })),
  ];
}
