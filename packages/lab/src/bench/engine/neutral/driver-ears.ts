/** The driver's streaming recogniser, which knows the truth, heard through the session's idea of an utterance. */

import type { SpeechToText, SpeechToTextOptions, SpeechToTextStream } from "@earshot/engine";
import type { RecogniserService } from "./engine-under-test.ts";

/** A recogniser that has been told of the end and still found no words by then will not. */
const NO_WORDS_AFTER_MS = 1_000;

export class DriverEars implements SpeechToText {
  readonly name = "driver/ears";
  readonly #service: RecogniserService;
  readonly #heardSamples: () => number;

  /** `heardSamples`: how much of the caller has come so far, silence between utterances included. */
  constructor(service: RecogniserService, heardSamples: () => number) {
    this.#service = service;
    this.#heardSamples = heardSamples;
  }

  open(options: SpeechToTextOptions): SpeechToTextStream {
    return new DriverEarsStream(this.#service, this.#heardSamples, options);
  }
}

class DriverEarsStream implements SpeechToTextStream {
  readonly #service: RecogniserService;
  readonly #heardSamples: () => number;
  readonly #options: SpeechToTextOptions;
  #fedSamples = 0;
  #utteranceId = 0;
  #isEnded = true;
  #words: string | undefined;
  #timeout: NodeJS.Timeout | undefined;

  constructor(service: RecogniserService, heardSamples: () => number, options: SpeechToTextOptions) {
    this.#service = service;
    this.#heardSamples = heardSamples;
    this.#options = options;
    service.onEvent = (event) => {
      if (event.type === "final") this.#onFinal(event.text);
      else if (options.partialEveryMs !== 0 && !this.#isEnded)
        options.onEvent({ type: "partial", utteranceId: this.#utteranceId, text: event.text });
    };
  }

  begin(utteranceId: number): void {
    this.#settle("");
    this.#utteranceId = utteranceId;
    this.#isEnded = false;
    this.#words = undefined;
  }

  /** What came before the utterance is fed with it: the truth is counted from the call's first sample. */
  push(): void {
    const heard = this.#heardSamples();
    if (heard > this.#fedSamples) this.#service.pushSamples(heard - this.#fedSamples);
    this.#fedSamples = heard;
  }

  end(): void {
    this.#isEnded = true;
    const words = this.#words;
    // Not from within the call: the session has yet to note that the utterance is over.
    if (words !== undefined) queueMicrotask(() => this.#report(words));
    else this.#timeout = setTimeout(() => this.#settle(""), NO_WORDS_AFTER_MS);
  }

  close(): void {
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
    this.#service.onEvent = () => {};
  }

  #onFinal(text: string): void {
    if (this.#isEnded) return this.#settle(text);
    this.#words = text;
    this.#options.onEvent({ type: "probable", utteranceId: this.#utteranceId, text });
  }

  /** Gives an utterance that has ended its words, unless it has them. */
  #settle(text: string): void {
    if (this.#timeout === undefined) return;
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
    this.#report(text);
  }

  #report(text: string): void {
    this.#words = undefined;
    this.#options.onEvent({ type: "final", utteranceId: this.#utteranceId, text });
  }
}
