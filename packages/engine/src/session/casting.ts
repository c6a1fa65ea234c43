/** Who speaks: the scene of the moment, its models, and who takes over when they fail. */

import type { CallPlan } from "./call-plan.ts";
import { getScene } from "./call-plan.ts";
import type { Clock } from "./clock.ts";
import type { Scene, SceneModels } from "./scene.ts";

/** After a failure that costs time each time, the understudy plays for so long, ms. */
const REST_MS = 60_000;

export type Cast = {
  readonly scene: Scene;
  readonly models: SceneModels;
  /** Who stands ready if these fail; empty for the understudy itself. */
  readonly understudy: Partial<SceneModels>;
  /** One of `models` had better not be asked for a while. */
  readonly rest: (role: keyof SceneModels) => void;
};

export class Casting {
  readonly #plan: CallPlan;
  readonly #clock: Clock;
  readonly #modelsOf: (scene: Scene) => SceneModels;
  readonly #understudyOf: (scene: Scene) => Partial<SceneModels>;
  /** By the name of a model: when it may be asked again. */
  readonly #resting = new Map<string, number>();

  constructor(options: {
    plan: CallPlan;
    clock: Clock;
    models: SceneModels;
    sceneModels?: ((scene: Scene) => SceneModels) | undefined;
    fallback?: ((scene: Scene) => Partial<SceneModels>) | undefined;
  }) {
    const { plan, clock, models, sceneModels = () => models, fallback = () => ({}) } = options;
    this.#plan = plan;
    this.#clock = clock;
    this.#modelsOf = sceneModels;
    this.#understudyOf = fallback;
  }

  /** The understudy plays when `isSecondTry`, and for models that rest. */
  of(sceneId: string, { isSecondTry = false } = {}): Cast {
    const scene = getScene(this.#plan, sceneId);
    const { languageModel, textToSpeech } = this.#modelsOf(scene);
    const others = this.#understudyOf(scene);
    const brain = isSecondTry || this.#rests(languageModel) ? others.languageModel : undefined;
    const voice = isSecondTry || this.#rests(textToSpeech) ? others.textToSpeech : undefined;
    const models = { languageModel: brain ?? languageModel, textToSpeech: voice ?? textToSpeech };
    return {
      scene: withVoiceOf(models.textToSpeech, scene),
      models,
      understudy: {
        ...(brain === undefined && others.languageModel ? { languageModel: others.languageModel } : {}),
        ...(voice === undefined && others.textToSpeech ? { textToSpeech: others.textToSpeech } : {}),
      },
      rest: (role) => this.#resting.set(models[role].name, this.#clock.nowMs() + REST_MS),
    };
  }

  #rests({ name }: { readonly name: string }): boolean {
    return (this.#resting.get(name) ?? Number.NEGATIVE_INFINITY) > this.#clock.nowMs();
  }
}

/** Another voice where the scene's belongs to another model. */
export function withVoiceOf(textToSpeech: SceneModels["textToSpeech"], scene: Scene): Scene {
  const [first, ...others] = textToSpeech.voices();
  if (first === undefined || [first, ...others].some(({ id }) => id === scene.voiceId)) return scene;
  return { ...scene, voiceId: first.id };
}
