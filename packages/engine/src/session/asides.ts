/** Short sounds of the agent beside the conversation: "uh-huh" while the caller has the floor. */

import { joinSamples, type Samples } from "../audio/frame.ts";
import { applyGain } from "../audio/mix.ts";
import type { Scene, SceneModels } from "./scene.ts";

const SOFTER_DB = -6;
const MAX_KEPT = 16;

export class Asides {
  readonly #play: (samples: Samples) => void;
  /** By voice, speed and words: the first of a kind is made, the others are at hand. */
  readonly #kept = new Map<string, Samples>();

  constructor(play: (samples: Samples) => void) {
    this.#play = play;
  }

  /** Never rejects: a sound that can't be made is left out. */
  async say(text: string, { scene, models }: { scene: Scene; models: SceneModels }): Promise<void> {
    const key = `${scene.voiceId} ${scene.speed} ${text}`;
    const kept = this.#kept.get(key) ?? (await make(text, scene, models).catch(() => undefined));
    if (kept === undefined || kept.length === 0) return;
    if (this.#kept.size < MAX_KEPT) this.#kept.set(key, kept);
    this.#play(kept.slice());
  }
}

async function make(text: string, { voiceId, speed }: Scene, { textToSpeech }: SceneModels): Promise<Samples> {
  const chunks: Samples[] = [];
  for await (const { samples } of textToSpeech.speak({ text, voiceId, speed }, AbortSignal.timeout(2_000)))
    chunks.push(samples);
  const joined = joinSamples(chunks);
  applyGain(joined, SOFTER_DB);
  return joined;
}
