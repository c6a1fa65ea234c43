import type { AgentSettings, AgentWarning } from "./agent.ts";

type Overrides = Readonly<Record<string, unknown>>;

/** A call is listened to in one way from its beginning to its end, whichever node it is in. */
const WHOLE_CALL: readonly (readonly [path: string, isSet: (overrides: Overrides) => boolean])[] = [
  ...["language", "keyterms", "pronunciations", "mode", "speechToSpeech"].map(
    (name) => [name, (overrides: Overrides) => isGiven(overrides[name])] as const,
  ),
  ["models.speechToText", ({ models }) => isGiven((models as Overrides | undefined)?.["speechToText"])],
];

/** Settings of single nodes that only a whole call can have. */
export function findStageWarnings(flow: AgentSettings["flow"]): AgentWarning[] {
  return (flow?.nodes ?? []).flatMap((node, index) => {
    const overrides = node.type === "conversation" ? node.overrides : undefined;
    if (overrides === undefined) return [];
    return WHOLE_CALL.filter(([, isSet]) => isSet(overrides)).map(([path]) => ({
      code: "not_honoured" as const,
      field: `flow.nodes.${index}.overrides.${path}`,
      message: `The agent's own ${path} counts in the node "${node.id}" too, as in the whole call; the setting is kept.`,
    }));
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
