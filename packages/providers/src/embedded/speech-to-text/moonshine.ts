import { ENGINE_RATE_HZ, toSamples } from "@earshot/engine";
import sherpa, { type OfflineRecognizer } from "sherpa-onnx-node";
import { runNatively } from "../lines/native-work.ts";
import { findPackageFile } from "../package-file.ts";
import type { Recogniser } from "./recogniser.ts";

export type MoonshineSize = "base" | "tiny";

/** Silence around the speech, ms: with much of it the model finds no words in a short piece, without any in a few. */
const PADDING = { headMs: 0, tailMs: 60 };
const RETRY_PADDING = { headMs: 200, tailMs: 500 };
/** Peaks below this are digital silence or line hiss, not worth a second try. */
const AUDIBLE_PEAK = 0.01;

/** One of the two Moonshine models (English). */
export class Moonshine {
  readonly #recogniser: OfflineRecognizer;

  private constructor(recogniser: OfflineRecognizer) {
    this.#recogniser = recogniser;
  }

  static async load(size: MoonshineSize, tokens: string): Promise<Moonshine> {
    const find = (file: string): string =>
      findPackageFile("@usefulsensors/moonshine-js", `dist/model/${size}/quantized/${file}`);
    const recogniser = await runNatively(() =>
      sherpa.OfflineRecognizer.createAsync({
        featConfig: { sampleRate: ENGINE_RATE_HZ, featureDim: 80 },
        modelConfig: {
          moonshine: { encoder: find("encoder_model.onnx"), mergedDecoder: find("decoder_model_merged.onnx") },
          tokens,
          numThreads: 1,
          provider: "cpu",
          debug: 0,
        },
      }),
    );
    return new Moonshine(recogniser);
  }

  async decode(samples: Float32Array, { headMs, tailMs } = PADDING): Promise<string> {
    const head = toSamples(headMs);
    const padded = new Float32Array(head + samples.length + toSamples(tailMs));
    padded.set(samples, head);
    const stream = this.#recogniser.createStream();
    stream.acceptWaveform({ samples: padded, sampleRate: ENGINE_RATE_HZ });
    const { text } = await runNatively(() => this.#recogniser.decodeAsync(stream));
    return tidy(text);
  }
}

/** Base for the final words, tiny for partial ones and where base heard nothing. */
export class MoonshineRecogniser implements Recogniser {
  readonly name = "embedded/moonshine-base";
  readonly #base: Moonshine;
  readonly #tiny: Moonshine;

  constructor({ base, tiny }: { base: Moonshine; tiny: Moonshine }) {
    this.#base = base;
    this.#tiny = tiny;
  }

  async recognise(samples: Float32Array): Promise<string> {
    const text = await this.#base.decode(samples);
    if (text !== "" || peakOf(samples) < AUDIBLE_PEAK) return text;
    return (await this.#base.decode(samples, RETRY_PADDING)) || (await this.#tiny.decode(samples, RETRY_PADDING));
  }

  glance(samples: Float32Array): Promise<string> {
    return this.#tiny.decode(samples);
  }
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

/** Moonshine learned from old books too: modern spelling, and capitals after a full stop. */
export function tidy(text: string): string {
  return text
    .trim()
    .replace(/\b(to)-(day|night|morrow)\b/gi, "$1$2")
    .replace(/\b(good)-(bye)\b/gi, "$1$2")
    .replace(/\b(some) (one)\b/gi, "$1$2")
    .replace(/[.?!]\s+[a-z]/g, (start) => start.toUpperCase());
}
