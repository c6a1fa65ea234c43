import type { Samples, TextToSpeech, WordTiming } from "@earshot/engine";
import { toMs, toSamples } from "@earshot/engine";
import { CallerLine } from "../sound/caller-line.ts";
import { joinSamples } from "../sound/samples.ts";
import type { CorpusItem } from "./corpus-item.ts";
import { type CorpusOptions, planCorpus } from "./plan-corpus.ts";
import { renderItem, type SpeakWords } from "./render-item.ts";

const FRAME_SAMPLES = 320;

/** Speaks the whole corpus, an item at a time. The same options and the same voices give the same samples. */
export async function* makeCorpus(
  textToSpeech: Pick<TextToSpeech, "speak">,
  options: CorpusOptions,
): AsyncGenerator<CorpusItem, void, void> {
  const speak = speakWith(textToSpeech);
  for (const planned of planCorpus(options)) yield await renderItem(planned, speak);
}

/** A model's speech as one piece, with the times of its words. */
export function speakWith(textToSpeech: Pick<TextToSpeech, "speak">): SpeakWords {
  return async (request) => {
    const pieces: Samples[] = [];
    const words: WordTiming[] = [];
    let length = 0;
    for await (const chunk of textToSpeech.speak(request, new AbortController().signal)) {
      // Counted from the first sample of the request.
      words.push(...(chunk.words ?? []));
      pieces.push(chunk.samples);
      length += chunk.samples.length;
    }
    if (length === 0) throw new Error(`The voice ${request.voiceId} says nothing for "${request.text}".`);
    return { samples: joinSamples(pieces), words };
  };
}

/** An item as it comes over its line, with silence (and the line's noise) before and after. */
export function overLine(
  item: CorpusItem,
  { leadMs = 300, tailMs = 2500 }: { leadMs?: number; tailMs?: number } = {},
): { readonly samples: Samples /** Where the item's first sample is. */; readonly onsetMs: number } {
  const line = new CallerLine(item.line, { seed: item.seed });
  const whole = joinSamples([
    new Int16Array(toSamples(leadMs)),
    item.samples,
    new Int16Array(toSamples(tailMs) + FRAME_SAMPLES),
  ]);
  const nobody = new Int16Array(FRAME_SAMPLES);
  const frames: Samples[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= whole.length; at += FRAME_SAMPLES)
    frames.push(line.pass(whole.slice(at, at + FRAME_SAMPLES), nobody));
  // The telephone's filters hold a frame back.
  const delayMs = item.line.band === "phone" ? toMs(FRAME_SAMPLES) : 0;
  return { samples: joinSamples(frames), onsetMs: leadMs + delayMs };
}
