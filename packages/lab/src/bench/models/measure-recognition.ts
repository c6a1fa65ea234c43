import process from "node:process";
import { type Samples, type SpeechToText, type SpeechToTextEvent, toMs, toSamples } from "@earshot/engine";
import { percentile } from "../statistics.ts";
import type { Condition } from "./conditions.ts";
import { wordErrors } from "./word-error-rate.ts";

export type Spoken = { readonly text: string; readonly samples: Samples };

export type RecognitionResult = {
  readonly condition: string;
  readonly wordErrorRate: number;
  /** Time of the model by time of the audio. */
  readonly realTimeFactor: number;
  readonly cpuPerAudioSecond: number;
  /** From the end of the utterance to its final words. */
  readonly finalMs: { readonly p50: number; readonly p95: number };
};

/** Recognises each utterance alone, as fast as it goes. */
export async function measureRecognition(
  model: SpeechToText,
  condition: Condition,
  corpus: readonly Spoken[],
): Promise<RecognitionResult> {
  let [errors, words, audioMs, modelMs] = [0, 0, 0, 0];
  const finalsMs: number[] = [];
  const cpu = process.cpuUsage();
  for (const { text, samples } of corpus) {
    const heard = condition.apply(samples);
    const startedAtMs = performance.now();
    const final = await recogniseFinal(model, heard);
    finalsMs.push(performance.now() - startedAtMs);
    const counted = wordErrors(text, final.text);
    errors += counted.errors;
    words += counted.words;
    audioMs += toMs(heard.length);
    modelMs += final.modelMs ?? 0;
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    condition: condition.name,
    wordErrorRate: errors / words,
    realTimeFactor: modelMs / audioMs,
    cpuPerAudioSecond: (user + system) / 1000 / audioMs,
    finalMs: { p50: percentile(finalsMs, 50), p95: percentile(finalsMs, 95) },
  };
}

function recogniseFinal(model: SpeechToText, samples: Samples): Promise<Extract<SpeechToTextEvent, { type: "final" }>> {
  return new Promise((resolve, reject) => {
    const stream = model.open({
      language: "en-US",
      partialEveryMs: 0,
      onEvent: (event) => {
        stream.close();
        if (event.type === "failed") reject(event.error);
        else if (event.type === "final") resolve(event);
      },
    });
    stream.begin(1);
    stream.push(samples.slice());
    stream.end(1);
  });
}

/** Time from the audio that made a partial due to its words, one utterance at a time, half a second after the other. */
export async function measurePartials(model: SpeechToText, corpus: readonly Spoken[]): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  for (const { samples } of corpus) {
    let onPartial: () => void = () => undefined;
    const stream = model.open({ language: "en-US", onEvent: () => onPartial() });
    stream.begin(1);
    const step = toSamples(500);
    for (let start = 0; start + step <= samples.length; start += step) {
      const startedAtMs = performance.now();
      const partial = new Promise<boolean>((resolve) => {
        onPartial = () => resolve(true);
        // The words may be the same as before, which is not reported.
        setTimeout(() => resolve(false), 700);
      });
      stream.push(samples.slice(start, start + step));
      if (await partial) latenciesMs.push(performance.now() - startedAtMs);
    }
    stream.close();
  }
  return latenciesMs;
}
