import type { Clock, SpeechToText, SpeechToTextEvent, SpeechToTextOptions, SpeechToTextStream } from "@earshot/engine";

/**
 * A recogniser on a clock that runs ahead: the words that it begins with at a pause take the time they take, as they
 * would at real pace.
 */
export class TimedEars implements SpeechToText {
  readonly name: string;
  readonly #speechToText: SpeechToText;
  readonly #clock: Clock;

  constructor(speechToText: SpeechToText, clock: Clock) {
    this.name = speechToText.name;
    this.#speechToText = speechToText;
    this.#clock = clock;
  }

  open(options: SpeechToTextOptions): SpeechToTextStream {
    let workDone = () => {};
    const settle = (event: SpeechToTextEvent) => {
      if (event.type === "probable" || event.type === "final" || event.type === "failed") workDone();
      options.onEvent(event);
    };
    const stream = this.#speechToText.open({ ...options, onEvent: settle });
    return {
      begin: (utteranceId) => stream.begin(utteranceId),
      push: (samples) => stream.push(samples),
      mayEnd: (utteranceId) => {
        workDone();
        workDone = this.#clock.working();
        stream.mayEnd?.(utteranceId);
      },
      ...(stream.glance === undefined ? {} : { glance: (utteranceId: number) => stream.glance?.(utteranceId) }),
      end: (utteranceId) => stream.end(utteranceId),
      close: () => {
        workDone();
        stream.close();
      },
    };
  }
}
