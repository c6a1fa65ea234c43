/** Models that do exactly what a script says: for tests, benchmarks and rehearsals. Their delays are part of the script. */

import { FRAME_SAMPLES, type Samples, toSamples } from "../audio/frame.ts";
import type { LanguageModel, ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from "../models/speech-to-text.ts";
import type { SpeakRequest, SpeechChunk, TextToSpeech, Voice, WordTiming } from "../models/text-to-speech.ts";
import type { VoiceActivity, VoiceActivityStream } from "../models/voice-activity.ts";
import type { Clock } from "../session/clock.ts";

/** Samples louder than this count as speech for the scripted voice activity. */
const SPEECH_LEVEL = 500;

/** Loud is speech, quiet is not. */
export class ScriptedVoiceActivity implements VoiceActivity {
  readonly name = "scripted/loudness";

  open(): VoiceActivityStream {
    let isClosed = false;
    return {
      score: (window, done) => {
        if (!isClosed) done(window.some((sample) => Math.abs(sample) > SPEECH_LEVEL) ? 0.98 : 0.02);
      },
      close: () => {
        isClosed = true;
      },
    };
  }
}

/** What is recognised of one utterance; `soFar` is what it seems to be while it goes on, `probable` at its first pause. */
export type ScriptedWords =
  | string
  | ProviderError
  | { readonly final: string; readonly soFar?: string; readonly probable?: string };

/** Recognises the n-th utterance of each call as the n-th text given, `delayMs` after it ended. */
export class ScriptedSpeechToText implements SpeechToText {
  readonly name = "scripted/ears";
  readonly #texts: readonly ScriptedWords[];
  readonly #clock: Clock;
  readonly #delayMs: number;

  constructor(options: { texts: readonly ScriptedWords[]; clock: Clock; delayMs?: number }) {
    this.#texts = options.texts;
    this.#clock = options.clock;
    this.#delayMs = options.delayMs ?? 100;
  }

  open({ onEvent }: SpeechToTextOptions): SpeechToTextStream {
    let isClosed = false;
    let next = 0;
    const report = (event: SpeechToTextEvent) =>
      this.#clock.after(this.#delayMs, () => {
        if (!isClosed) onEvent(event);
      });
    const present = () => toWords(this.#texts[next] ?? "");
    return {
      begin: () => {},
      push: () => {},
      mayEnd: (utteranceId) => {
        const { probable } = present();
        if (probable !== undefined) report({ type: "probable", utteranceId, text: probable });
      },
      glance: (utteranceId) => {
        report({ type: "partial", utteranceId, text: present().soFar ?? "" });
      },
      end: (utteranceId) => {
        const { final } = present();
        next++;
        if (final instanceof ProviderError) report({ type: "failed", utteranceId, error: final });
        else report({ type: "final", utteranceId, text: final, modelMs: this.#delayMs });
      },
      close: () => {
        isClosed = true;
      },
    };
  }
}

/** A reply of the script: text (streamed word by word), tool calls, or a failure; or made from the request. */
export type ScriptedReply =
  | string
  | readonly (ReplyPart | ProviderError)[]
  | ((request: ReplyRequest) => string | readonly (ReplyPart | ProviderError)[]);

/** Gives the n-th reply of the script to the n-th request, and the last one from then on. */
export class ScriptedLanguageModel implements LanguageModel {
  readonly name = "scripted/brain";
  readonly requests: ReplyRequest[] = [];
  readonly #replies: readonly ScriptedReply[];
  readonly #clock: Clock;
  readonly #firstTokenMs: number;
  readonly #wordMs: number;

  constructor(options: { replies: readonly ScriptedReply[]; clock: Clock; firstTokenMs?: number; wordMs?: number }) {
    this.#replies = options.replies;
    this.#clock = options.clock;
    this.#firstTokenMs = options.firstTokenMs ?? 200;
    this.#wordMs = options.wordMs ?? 0;
  }

  async *reply(request: ReplyRequest, signal: AbortSignal): AsyncGenerator<ReplyPart> {
    this.requests.push(request);
    const scripted = this.#replies[Math.min(this.requests.length, this.#replies.length) - 1] ?? "";
    const reply = typeof scripted === "function" ? scripted(request) : scripted;
    await pause(this.#clock, this.#firstTokenMs, signal);
    const parts = typeof reply === "string" ? toParts(reply) : reply;
    for (const part of parts) {
      if (signal.aborted) return;
      if (part instanceof ProviderError) throw part;
      yield part;
      if (this.#wordMs > 0) await pause(this.#clock, this.#wordMs, signal);
    }
  }
}

/** Speaks a tone of `wordMs` per word, `delayMs` after it was asked, in chunks of 100 ms. */
export class ScriptedTextToSpeech implements TextToSpeech {
  readonly name = "scripted/voice";
  readonly spoken: SpeakRequest[] = [];
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #wordMs: number;

  constructor(options: { clock: Clock; delayMs?: number; wordMs?: number }) {
    this.#clock = options.clock;
    this.#delayMs = options.delayMs ?? 50;
    this.#wordMs = options.wordMs ?? 250;
  }

  voices(): readonly Voice[] {
    return [SCRIPTED_VOICE];
  }

  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const { voiceId, speed = 1 } = request;
    if (voiceId !== SCRIPTED_VOICE.id) throw this.#refuse(`there is no voice "${voiceId}"`);
    if (speed < 0.5 || speed > 2) throw this.#refuse(`a speed of ${speed} is not between 0.5 and 2`);
    this.spoken.push(request);
    await pause(this.#clock, this.#delayMs, signal);
    if (signal.aborted) return;
    const words = request.text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const wordMs = this.#wordMs / speed;
    const timings: WordTiming[] = words.map((text, index) => ({
      text,
      startMs: index * wordMs,
      endMs: (index + 1) * wordMs,
    }));
    const audio = tone(words.length * wordMs);
    const chunkSamples = toSamples(100);
    for (let offset = 0; offset < audio.length; offset += chunkSamples) {
      if (signal.aborted) return;
      const samples = audio.slice(offset, offset + chunkSamples);
      yield offset === 0 ? { samples, words: timings } : { samples };
    }
  }

  #refuse(message: string): ProviderError {
    return new ProviderError({ provider: this.name, stage: "text-to-speech", kind: "bad-request", message });
  }
}

const SCRIPTED_VOICE: Voice = { id: "scripted:tone", name: "Tone", language: "en-US" };

/** A 440 Hz tone at a quarter of full scale. */
export function tone(ms: number): Samples {
  const samples = new Int16Array(toSamples(ms));
  for (let index = 0; index < samples.length; index++)
    samples[index] = Math.round(8_192 * Math.sin((2 * Math.PI * 440 * index) / 16_000));
  return samples;
}

export function silence(ms: number): Samples {
  return new Int16Array(toSamples(ms));
}

/** Cuts samples into 20 ms frames; the last one is filled up with silence. */
export function toFrames(samples: Samples): Samples[] {
  const frames: Samples[] = [];
  for (let offset = 0; offset < samples.length; offset += FRAME_SAMPLES) {
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(samples.subarray(offset, offset + FRAME_SAMPLES));
    frames.push(frame);
  }
  return frames;
}

function toWords(words: ScriptedWords): { final: string | ProviderError; soFar?: string; probable?: string } {
  return typeof words === "string" || words instanceof ProviderError ? { final: words } : words;
}

function toParts(text: string): ReplyPart[] {
  return (text.match(/\S+\s*/g) ?? []).map((word) => ({ type: "text", text: word }));
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener(
      "abort",
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
