/** Who speaks: the scene of the moment, its models, and who takes over when they fail. */

import type { CallPlan } from "./call-plan.ts";
import { getScene } from "./call-plan.ts";
import type { Scene, SceneModels } from "./scene.ts";

/** `hasUnderstudy`: other models stand ready if these fail. */
export type Cast = { readonly scene: Scene; readonly models: SceneModels; readonly hasUnderstudy: boolean };

export class Casting {
  readonly #plan: CallPlan;
  readonly #modelsOf: (scene: Scene) => SceneModels;
  readonly #understudy: Partial<SceneModels> | undefined;

  constructor(options: {
    plan: CallPlan;
    models: SceneModels;
    sceneModels?: ((scene: Scene) => SceneModels) | undefined;
    fallback?: Partial<SceneModels> | undefined;
  }) {
    const { plan, models, sceneModels = () => models, fallback } = options;
    this.#plan = plan;
    this.#modelsOf = sceneModels;
    this.#understudy = fallback;
  }

  /** The understudy plays when `isSecondTry`. */
  of(sceneId: string, { isSecondTry = false } = {}): Cast {
    const scene = getScene(this.#plan, sceneId);
    const models = this.#modelsOf(scene);
    if (!isSecondTry || !this.#understudy) return { scene, models, hasUnderstudy: this.#understudy !== undefined };
    const others = { ...models, ...this.#understudy };
    return { scene: withVoiceOf(others, scene), models: others, hasUnderstudy: false };
  }
}

/** Another voice where the scene's belongs to another model. */
function withVoiceOf({ textToSpeech }: SceneModels, scene: Scene): Scene {
  const [first, ...others] = textToSpeech.voices();
  if (first === undefined || [first, ...others].some(({ id }) => id === scene.voiceId)) return scene;
  return { ...scene, voiceId: first.id };
}
