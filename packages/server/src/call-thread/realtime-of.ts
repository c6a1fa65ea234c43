import type { SpeechToSpeech, TurnDetection } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { findRealtimeName } from "../agents/find-realtime-name.ts";
import type { RealtimeModels } from "./load-realtime-models.ts";

/** What hears and speaks in a call by itself. */
export type CallRealtime = {
  readonly model: SpeechToSpeech;
  readonly voiceId: string;
  readonly turnDetection?: TurnDetection;
};

/** Undefined where the agent wants the pipeline, or its realtime model isn't on this node: the pipeline answers. */
export function realtimeOf(
  { mode, speechToSpeech, voice }: Pick<AgentSettings, "mode" | "speechToSpeech" | "voice">,
  models: RealtimeModels,
): CallRealtime | undefined {
  if (mode !== "speech-to-speech") return undefined;
  const name = findRealtimeName(
    speechToSpeech,
    models.names.map((known) => known.name),
  );
  const model = name === undefined ? undefined : models.get(name);
  if (!model) return undefined;
  const detection = speechToSpeech?.turnDetection;
  return {
    model,
    voiceId: toVoiceId(model, speechToSpeech?.voice ?? voice.id),
    ...(detection === undefined ? {} : { turnDetection: toTurnDetection(detection) }),
  };
}

/** Voices that a vendor makes for a customer stand in no list; OpenAI's have ids of their own kind. */
function toVoiceId(model: SpeechToSpeech, wanted: string | undefined): string {
  const vendor = model.name.slice(0, model.name.indexOf("/"));
  const voices = model.voices();
  const byDefault = voices[0]?.id ?? "";
  const [owner, ...rest] = wanted?.split(":") ?? [];
  if (wanted === undefined || (rest.length > 0 && owner !== vendor)) return byDefault;
  const id = `${vendor}:${rest.length > 0 ? rest.join(":") : wanted}`;
  const listed = voices.find((voice) => voice.id.toLowerCase() === id.toLowerCase());
  if (listed) return listed.id;
  return vendor === "openai" && !id.startsWith("openai:voice_") ? byDefault : id;
}

type AgentDetection = NonNullable<NonNullable<AgentSettings["speechToSpeech"]>["turnDetection"]>;

/** No time at all means never. */
function toTurnDetection({ idleTimeoutMs, ...rest }: AgentDetection): TurnDetection {
  return { ...rest, ...(idleTimeoutMs === undefined || idleTimeoutMs === 0 ? {} : { idleTimeoutMs }) };
}
