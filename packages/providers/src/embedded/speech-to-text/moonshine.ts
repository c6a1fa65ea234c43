import { ENGINE_RATE_HZ, toSamples } from "@earshot/engine";
import sherpa, { type OfflineRecognizer } from "sherpa-onnx-node";
import { runNatively } from "../lines/native-work.ts";
import { findPackageFile } from "../package-file.ts";
import type { Recogniser } from "./recogniser.ts";

export type MoonshineSize = "base" | "tiny";

/** Silence around the speech, ms: behind much of it a longer piece ends as it should, and in a short one no words are found. */
const PADDING = { headMs: 0, tailMs: 300 };
const SHORT_PADDING = { headMs: 0, tailMs: 60 };
const SHORT_MS = 1_400;
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

  /** `padding` default: as suits the length. */
  async decode(samples: Float32Array, padding?: { headMs: number; tailMs: number }): Promise<string> {
    const { headMs, tailMs } = padding ?? (isShort(samples) ? SHORT_PADDING : PADDING);
    const head = toSamples(headMs);
    const padded = new Float32Array(head + samples.length + toSamples(tailMs));
    padded.set(samples, head);
    const stream = this.#recogniser.createStream();
    stream.acceptWaveform({ samples: padded, sampleRate: ENGINE_RATE_HZ });
    const { text } = await runNatively(() => this.#recogniser.decodeAsync(stream));
    const tidied = tidy(text);
    // With so little silence behind it every other piece ends in a comma.
    return tailMs === SHORT_PADDING.tailMs ? tidied.replace(/,$/, "") : tidied;
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
    const retry = isShort(samples) ? RETRY_PADDING : SHORT_PADDING;
    return (await this.#base.decode(samples, retry)) || (await this.#tiny.decode(samples, RETRY_PADDING));
  }

  glance(samples: Float32Array): Promise<string> {
    return this.#tiny.decode(samples);
  }
}

function isShort(samples: Float32Array): boolean {
  return samples.length < toSamples(SHORT_MS);
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
