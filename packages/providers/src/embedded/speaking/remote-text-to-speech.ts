import {
  ProviderError,
  type ProviderErrorKind,
  type SpeakRequest,
  type SpeechChunk,
  type TextToSpeech,
  toMs,
  type Voice,
} from "@earshot/engine";
import type { RequestClient } from "./request-client.ts";

/** Longest text of one request, characters: some five minutes of speech. */
const MAX_TEXT = 5000;
const SPEED = { min: 0.5, max: 2 };

export type RemoteTextToSpeechOptions = {
  readonly requests: RequestClient;
  readonly name: string;
  readonly voices: readonly Voice[];
  /** See `TextToSpeech.audioLimitMs`. */
  readonly audioLimitMs?: number;
};

/** Text to speech by the worker at the other end of a line. */
export class RemoteTextToSpeech implements TextToSpeech {
  readonly name: string;
  readonly audioLimitMs?: number;
  readonly #requests: RequestClient;
  readonly #voices: readonly Voice[];

  constructor({ requests, name, voices, audioLimitMs }: RemoteTextToSpeechOptions) {
    this.name = name;
    if (audioLimitMs !== undefined) this.audioLimitMs = audioLimitMs;
    this.#requests = requests;
    this.#voices = voices;
  }

  voices(): readonly Voice[] {
    return this.#voices;
  }

  /** @throws ProviderError "bad-request" naming the field, "unreachable" when the worker was lost */
  async *speak(request: SpeakRequest, signal: AbortSignal): AsyncIterable<SpeechChunk> {
    const { text, voiceId, speed = 1 } = request;
    this.#check({ text, voiceId, speed });
    const order = { type: "speak", model: this.name, text, voiceId, speed } as const;
    let spokenMs = 0;
    for await (const report of this.#requests.send(order, signal)) {
      if (report.type === "failed") throw this.#error(report.isLost ? "unreachable" : "internal", report.reason);
      if (report.type !== "chunk") continue;
      const offsetMs = spokenMs;
      spokenMs += toMs(report.samples.length);
      const words = report.words.map((word) => ({
        text: word.text,
        startMs: Math.round(word.startMs + offsetMs),
        endMs: Math.round(word.endMs + offsetMs),
      }));
      yield { samples: report.samples, words };
    }
  }

  #check({ text, voiceId, speed }: Required<SpeakRequest>): void {
    if (text.length > MAX_TEXT) {
      throw this.#error(
        "bad-request",
        `text: ${text.length} characters are too many; send at most ${MAX_TEXT} at once.`,
      );
    }
    if (!(speed >= SPEED.min && speed <= SPEED.max)) {
      throw this.#error("bad-request", `speed: ${speed} is out of range; use ${SPEED.min} to ${SPEED.max}.`);
    }
    if (this.#voices.some((voice) => voice.id === voiceId)) return;
    const known = this.#voices.map((voice) => voice.id).join(", ");
    throw this.#error("bad-request", `voiceId: "${voiceId}" is not a voice of ${this.name}; it has: ${known}.`);
  }

  #error(kind: ProviderErrorKind, message: string): ProviderError {
    return new ProviderError({ provider: this.name, stage: "text-to-speech", kind, message });
  }
}
