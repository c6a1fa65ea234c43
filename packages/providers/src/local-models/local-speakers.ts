import { ENGINE_RATE_HZ, Resampler, type Samples, toMs, type Voice } from "@earshot/engine";
import sherpa, { type OfflineTts } from "sherpa-onnx-node";
import { type LoadedModel, type ModelCard, measureLoad, notLoaded } from "../embedded/lines/loaded-model.ts";
import { runNatively } from "../embedded/lines/native-work.ts";
import { toReason } from "../embedded/lines/worker-desk.ts";
import type { Spoken } from "../embedded/speaking/flite.ts";
import type { SpeakOrder } from "../embedded/speaking/messages.ts";
import type { Speaker } from "../embedded/speaking/speaker.ts";
import { isSpeakable, splitText } from "../embedded/speaking/split-text.ts";
import { spreadWords } from "../embedded/speaking/time-words.ts";
import type { LocalModel } from "./local-model.ts";
import { toSynthesiserConfig } from "./sherpa-config.ts";

/** Samples below this are silence at the ends of an utterance. */
const SILENCE_LEVEL = 150;

/** Loads the operator's voices; one that fails is listed with its problem. */
export async function loadLocalSpeakers(
  localModels: readonly LocalModel[],
): Promise<{ speakers: readonly Speaker[]; models: readonly LoadedModel[] }> {
  const speakers: Speaker[] = [];
  const models: LoadedModel[] = [];
  for (const model of localModels.filter(({ kind }) => kind === "text-to-speech")) {
    const card: ModelCard = { name: model.name, kind: "text-to-speech", licence: "the operator's" };
    try {
      const [tts, loaded] = await measureLoad(card, () =>
        runNatively(() => sherpa.OfflineTts.createAsync(toSynthesiserConfig(model))),
      );
      speakers.push(new LocalSpeaker(model, tts));
      models.push(loaded);
    } catch (error) {
      models.push({ ...notLoaded(card), problem: toReason(error) });
    }
  }
  return { speakers, models };
}

class LocalSpeaker implements Speaker {
  readonly name: string;
  readonly voices: readonly Voice[];
  readonly #tts: OfflineTts;
  /** One sentence at a time: the model would only share the same cores. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ name, voices = [] }: LocalModel, tts: OfflineTts) {
    this.name = name;
    this.voices = voices;
    this.#tts = tts;
  }

  async *speak({ text, voiceId, speed }: SpeakOrder, isCancelled: () => boolean): AsyncIterable<Spoken> {
    const speaker = Number(voiceId.split(":").at(-1));
    for (const piece of splitText(text)) {
      if (isCancelled()) return;
      if (!isSpeakable(piece)) continue;
      const samples = await this.#generate(piece, speaker, speed);
      if (samples.length > 0) yield { samples, words: spreadWords(piece, findSpeech(samples)) };
    }
  }

  async #generate(text: string, speaker: number, speed: number): Promise<Samples> {
    const previous = this.#last;
    const generated = previous.then(() =>
      runNatively(() => this.#tts.generateAsync({ text, sid: speaker, speed, enableExternalBuffer: false })),
    );
    this.#last = generated.catch(() => undefined);
    const { samples, sampleRate } = await generated;
    return toEngine(samples, sampleRate);
  }
}

function toEngine(floats: Float32Array, rateHz: number): Samples {
  const samples = Int16Array.from(floats, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32_767));
  const resampler = new Resampler(rateHz, ENGINE_RATE_HZ);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  const all = new Int16Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

function findSpeech(samples: Samples): { startMs: number; endMs: number } {
  const isLoud = (sample: number): boolean => Math.abs(sample) > SILENCE_LEVEL;
  const first = samples.findIndex(isLoud);
  return first < 0
    ? { startMs: 0, endMs: toMs(samples.length) }
    : { startMs: toMs(first), endMs: toMs(samples.findLastIndex(isLoud) + 1) };
}
