import { ENGINE_RATE_HZ, toSamples } from "@earshot/engine";
import sherpa, { type OfflineRecognizer } from "sherpa-onnx-node";
import { type LoadedModel, type ModelCard, measureLoad, notLoaded } from "../embedded/lines/loaded-model.ts";
import { runNatively } from "../embedded/lines/native-work.ts";
import { toReason } from "../embedded/lines/worker-desk.ts";
import type { Recogniser } from "../embedded/speech-to-text/recogniser.ts";
import type { LocalModel } from "./local-model.ts";
import { toRecogniserConfig } from "./sherpa-config.ts";

/** Silence after the speech, which most models want to see. */
const TAIL_SAMPLES = toSamples(300);
/** Shorter or quieter than this, models tend to invent words. */
const AUDIBLE_PEAK = 0.002;

/** Loads the operator's recognisers; one that fails is listed with its problem. */
export async function loadLocalRecognisers(
  localModels: readonly LocalModel[],
): Promise<{ recognisers: readonly Recogniser[]; models: readonly LoadedModel[] }> {
  const recognisers: Recogniser[] = [];
  const models: LoadedModel[] = [];
  for (const model of localModels.filter(({ kind }) => kind === "speech-to-text")) {
    const card: ModelCard = { name: model.name, kind: "speech-to-text", licence: "the operator's" };
    try {
      const [recogniser, loaded] = await measureLoad(card, () =>
        runNatively(() => sherpa.OfflineRecognizer.createAsync(toRecogniserConfig(model))),
      );
      recognisers.push(new LocalRecogniser(model.name, recogniser));
      models.push(loaded);
    } catch (error) {
      models.push({ ...notLoaded(card), problem: toReason(error) });
    }
  }
  return { recognisers, models };
}

class LocalRecogniser implements Recogniser {
  readonly name: string;
  readonly #recogniser: OfflineRecognizer;

  constructor(name: string, recogniser: OfflineRecognizer) {
    this.name = name;
    this.#recogniser = recogniser;
  }

  async recognise(samples: Float32Array): Promise<string> {
    if (samples.every((sample) => Math.abs(sample) < AUDIBLE_PEAK)) return "";
    const padded = new Float32Array(samples.length + TAIL_SAMPLES);
    padded.set(samples);
    const stream = this.#recogniser.createStream();
    stream.acceptWaveform({ samples: padded, sampleRate: ENGINE_RATE_HZ });
    return (await runNatively(() => this.#recogniser.decodeAsync(stream))).text.trim();
  }

  glance(samples: Float32Array): Promise<string> {
    return this.recognise(samples);
  }
}
