import type { LocalModel, SpeechHost } from "@earshot/providers";
import type { ThreadModel } from "../call-thread/messages.ts";
import type { ListedModel } from "./model.ts";

const USED_BY_DEFAULT = new Set([
  "embedded/moonshine-base",
  "embedded/flite",
  "embedded/silero-v6",
  "scripted/speech-to-text",
  "scripted/text-to-speech",
]);

/** Every model of this node: what it is for, whether it is the default, and why it is there or can't be used. */
export function listModels(node: {
  readonly speech: SpeechHost;
  readonly calls: {
    readonly languageModels: readonly ThreadModel[];
    readonly defaultLanguageModel: string;
    readonly realtimeModels: readonly ThreadModel[];
  };
  readonly localModels: readonly LocalModel[];
}): ListedModel[] {
  return [
    ...node.calls.languageModels.map(({ name, reason }) => ({
      name,
      kind: "language-model" as const,
      isDefault: name === node.calls.defaultLanguageModel,
      reason,
    })),
    ...node.calls.realtimeModels.map(({ name, reason }, index) => ({
      name,
      kind: "speech-to-speech" as const,
      isDefault: index === 0,
      reason,
    })),
    ...node.speech.models().map((model) => ({
      name: model.name,
      kind: model.kind,
      isDefault: USED_BY_DEFAULT.has(model.name),
      reason: model.problem ?? reasonOf(model.name),
    })),
    ...node.localModels.flatMap(({ name, kind, problem }) =>
      problem === undefined ? [] : [{ name, kind, isDefault: false, reason: `it can't be used: ${problem}` }],
    ),
  ];
}

function reasonOf(name: string): string {
  if (name.startsWith("local/")) return "it lies in the models folder";
  return name.startsWith("scripted/") ? "EARSHOT_SPEECH is scripted, for load tests" : "it is built in";
}
