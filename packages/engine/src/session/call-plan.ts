import type { Rules } from "../conversation/rules.ts";
import type { Pronunciation } from "../speakable/pronunciations.ts";
import type { Scene } from "./scene.ts";

/** Everything about an agent that one call needs, fixed when the call begins. */
export type CallPlan = {
  readonly rules: Rules;
  /** By name; the call begins in "main". */
  readonly scenes: Readonly<Record<string, Scene>>;
  /** BCP 47. */
  readonly language: string;
  readonly keyterms: readonly string[];
  /** Default "fast". */
  readonly transcription?: TranscriptionMode;
  /** How words are said, where the voice would say them otherwise. Default: none. */
  readonly pronunciations?: readonly Pronunciation[];
  /** Whether the agent's own voice, coming back from a loudspeaker, is kept from counting as the caller's. Default true. */
  readonly isEchoGuarded?: boolean;
  /** How often words are reported while the caller speaks, ms; 0 turns it off. */
  readonly partialEveryMs: number;
};

/** "accurate": pauses of up to 416 ms stay inside an utterance, which is recognised as a whole; answers come 200 ms later. */
export type TranscriptionMode = "fast" | "accurate";

/** The scene of that name. Throws when the plan has none. */
export function getScene(plan: CallPlan, sceneId: string): Scene {
  const scene = Object.hasOwn(plan.scenes, sceneId) ? plan.scenes[sceneId] : undefined;
  if (!scene) throw new Error(`the plan of the call has no scene "${sceneId}"`);
  return scene;
}
