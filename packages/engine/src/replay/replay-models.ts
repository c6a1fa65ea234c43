/** Ears that know what was said, and a voice that only takes the time that words take. */

import { toSamples } from "../audio/frame.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeechToText, SpeechToTextOptions, SpeechToTextStream } from "../models/speech-to-text.ts";
import type { SpeakRequest, SpeechChunk, TextToSpeech, Voice } from "../models/text-to-speech.ts";
import type { VoiceActivity, VoiceActivityStream } from "../models/voice-activity.ts";
import type { Clock } from "../session/clock.ts";
import type { ReplayCaller } from "./replay-caller.ts";

/** The caller of a replay is loud or says nothing. */
export const REPLAY_VOICE_ACTIVITY: VoiceActivity = {
  name: "replay/loudness",
  open: (): VoiceActivityStream => {
    let isClosed = false;
    return {
      score: (window, done) => {
        if (!isClosed) done(window.some((sample) => sample !== 0) ? 1 : 0);
      },
      close: () => {
        isClosed = true;
      },
    };
  },
};

export class ReplayEars implements SpeechToText {
  readonly name = "replay/ears";
  readonly #caller: ReplayCaller;
  readonly #clock: Clock;

  constructor(caller: ReplayCaller, clock: Clock) {
    this.#caller = caller;
    this.#clock = clock;
  }

  open({ onEvent }: SpeechToTextOptions): SpeechToTextStream {
    let isClosed = false;
    return {
      begin: () => {},
      push: () => {},
      end: (utteranceId) => {
        const spoken = this.#caller.takeSpoken();
        const text = spoken
          .map(({ words }) => words)
          .filter((words) => words !== "")
          .join(" ");
        const modelMs = Math.max(0, ...spoken.map(({ wordsAfterMs }) => wordsAfterMs));
        const isFailed = text === "" && spoken.some((speech) => speech.isFailed);
        this.#clock.after(modelMs, () => {
          if (isClosed) return;
          if (isFailed) onEvent({ type: "failed", utteranceId, error: notUnderstood() });
          else onEvent({ type: "final", utteranceId, text, modelMs });
        });
      },
      close: () => {
        isClosed = true;
      },
    };
  }
}

function notUnderstood(): ProviderError {
  const message = "the words were not made out then";
  return new ProviderError({ provider: "replay", stage: "speech-to-text", kind: "internal", message });
}

/** Silence of the length that the text would take. */
export class EstimatedVoice implements TextToSpeech {
  readonly name = "replay/voice";
  readonly #clock: Clock;
  readonly #letterMs: number;
  readonly #firstAudioMs: number;

  /** @param pace `letterMs`: how long a letter or a space is spoken; `firstAudioMs`: before each sentence */
  constructor(clock: Clock, pace: { readonly letterMs: number; readonly firstAudioMs: number }) {
    this.#clock = clock;
    this.#letterMs = pace.letterMs;
    this.#firstAudioMs = pace.firstAudioMs;
  }

  voices(): readonly Voice[] {
    return [];
  }

  async *speak({ text, speed = 1 }: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    await new Promise<void>((resolve) => this.#clock.after(this.#firstAudioMs, resolve));
    if (signal.aborted || text.trim() === "") return;
    yield { samples: new Int16Array(toSamples(Math.round((text.length * this.#letterMs) / speed))) };
  }
}
