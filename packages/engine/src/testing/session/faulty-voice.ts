/** A voice that stalls, fails in the middle of a word or gives nothing; its sound says which word it is. */

import fc from "fast-check";
import { FRAME_SAMPLES, type Samples } from "../../audio/frame.ts";
import { ProviderError } from "../../models/provider-error.ts";
import type { SpeakRequest, SpeechChunk, TextToSpeech, Voice, WordTiming } from "../../models/text-to-speech.ts";
import type { Clock } from "../../session/clock.ts";
import { pause, stall } from "./pause.ts";

export type VoiceScript = {
  readonly firstMs: number;
  /** What happens after so many words of a sentence; absent: it is spoken to its end. */
  readonly trouble?: { readonly afterWords: number; readonly is: "failure" | "stall" | "end" };
  readonly isUntimed?: boolean;
};

export const anyVoiceScript: fc.Arbitrary<VoiceScript> = fc.record(
  {
    firstMs: fc.constantFrom(0, 50, 900),
    trouble: fc.record({
      afterWords: fc.integer({ min: 0, max: 3 }),
      is: fc.constantFrom("failure" as const, "stall" as const, "end" as const),
    }),
    isUntimed: fc.boolean(),
  },
  { requiredKeys: ["firstMs"] },
);

const FRAMES_PER_WORD = 12;
const WORD_MS = FRAMES_PER_WORD * 20;
const ID_BITS = 20;
const BIT_SAMPLES = FRAME_SAMPLES / ID_BITS;
const LEVEL = 8_192;

export class FaultyVoice implements TextToSpeech {
  readonly name = "fuzz/voice";
  /** By the number that their sound carries, from 1. */
  readonly words: string[] = [""];
  readonly #scripts: readonly VoiceScript[];
  readonly #clock: Clock;
  #requests = 0;

  constructor(scripts: readonly VoiceScript[], clock: Clock) {
    this.#scripts = scripts;
    this.#clock = clock;
  }

  voices(): readonly Voice[] {
    return [{ id: "fuzz:voice", name: "Fuzz", language: "en-US" }];
  }

  speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    return this.#say(request, this.#scripts[this.#requests++] ?? { firstMs: 50 }, signal);
  }

  /** A voice that has no trouble, whose sound is told apart in the same way. */
  understudy(): TextToSpeech {
    return {
      name: "fuzz/second-voice",
      voices: () => this.voices(),
      speak: (request, signal) => this.#say(request, { firstMs: 50 }, signal),
    };
  }

  async *#say({ text }: SpeakRequest, script: VoiceScript, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    await pause(this.#clock, script.firstMs, signal);
    const words = text.split(/\s+/).filter((word) => word !== "");
    const timings = script.isUntimed ? undefined : words.map(timing);
    for (const [index, word] of words.entries()) {
      if (signal.aborted) return;
      if (script.trouble?.afterWords === index) {
        if (script.trouble.is === "end") return;
        if (script.trouble.is === "failure") throw this.#failure();
        await stall(signal);
        return;
      }
      this.words.push(word);
      const samples = soundOf(this.words.length - 1);
      yield index === 0 && timings ? { samples, words: timings } : { samples };
    }
  }

  #failure(): ProviderError {
    const { name } = this;
    return new ProviderError({ provider: name, stage: "text-to-speech", kind: "unreachable", message: "socket died" });
  }
}

/** Which word a frame is part of; 0 for silence and for sounds of other origin. */
export function wordOf(frame: Samples): number {
  let id = 0;
  for (let bit = 0; bit < ID_BITS; bit++) if ((frame[bit * BIT_SAMPLES + BIT_SAMPLES / 2] ?? 0) > 0) id |= 1 << bit;
  return id;
}

/** Heard to its middle, a word counts as heard. */
export const HEARD_FRAMES = FRAMES_PER_WORD / 2;

/** The word's number in the signs of its samples: no change of volume hides it. */
function soundOf(id: number): Samples {
  const samples = new Int16Array(FRAME_SAMPLES * FRAMES_PER_WORD);
  for (let index = 0; index < samples.length; index++) {
    const bit = Math.floor((index % FRAME_SAMPLES) / BIT_SAMPLES);
    samples[index] = (id >> bit) & 1 ? LEVEL : -LEVEL;
  }
  return samples;
}

function timing(text: string, index: number): WordTiming {
  return { text, startMs: index * WORD_MS, endMs: (index + 1) * WORD_MS };
}
