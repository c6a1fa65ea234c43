import { ENGINE_RATE_HZ } from "@earshot/engine";
import type { ModelCard } from "../lines/loaded-model.ts";
import type { Recogniser } from "./recogniser.ts";

/** What every caller says, whole sentence that it is: nothing has to be waited for after it. */
const WORDS = "Could you tell me what your opening hours are on Saturdays?".split(" ");
const WORDS_PER_SECOND = 2.5;

export const SCRIPTED_RECOGNISER: ModelCard = {
  name: "scripted/speech-to-text",
  kind: "speech-to-text",
  licence: "none",
};

/** Hears the same sentence in whatever is said, at once and at no cost: for load tests. */
export class ScriptedRecogniser implements Recogniser {
  readonly name = SCRIPTED_RECOGNISER.name;

  async recognise(): Promise<string> {
    return WORDS.join(" ");
  }

  /** As many of its words as there has been time for. */
  async glance(samples: Float32Array): Promise<string> {
    const count = Math.floor((samples.length / ENGINE_RATE_HZ) * WORDS_PER_SECOND);
    return WORDS.slice(0, Math.max(1, count)).join(" ");
  }
}
