import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Samples } from "../../audio/frame.ts";
import type { SpeechToText, SpeechToTextEvent, SpeechToTextStream } from "../../models/speech-to-text.ts";
import type { MakeModel } from "./contract-model.ts";

export type ContractSpeech = {
  /** 16 kHz mono. */
  readonly samples: Samples;
  /** Words that the final text holds, in lower case and without punctuation; none for a model that follows a script. */
  readonly words: readonly string[];
  /** BCP 47. */
  readonly language: string;
};

/**
 * Registers what every SpeechToText must do. `speech` gives at least two utterances of two seconds or more with different
 * words. A model that `hears` a script is not asked about silence.
 */
export function describeSpeechToText(
  name: string,
  makeModel: MakeModel<SpeechToText>,
  speech: () => readonly [ContractSpeech, ContractSpeech, ...ContractSpeech[]],
  { hears = "audio" }: { hears?: "audio" | "script" } = {},
): void {
  describe(`${name} as SpeechToText`, () => {
    let model: SpeechToText;
    let close: (() => void | Promise<void>) | undefined;
    beforeAll(async () => {
      ({ model, close } = await makeModel());
    });
    afterAll(async () => await close?.());

    it("hears the words of an utterance", async () => {
      const call = listen(model, speech()[0].language);
      say(call.stream, 1, speech()[0].samples);
      const [final] = await call.finals(1);
      call.stream.close();
      for (const word of speech()[0].words) expect(wordsOf(final)).toContain(word);
    });

    it("answers each ended utterance once, in the order they ended", async () => {
      const [first, second] = speech();
      const call = listen(model, first.language);
      say(call.stream, 1, first.samples);
      say(call.stream, 2, second.samples);
      say(call.stream, 3, first.samples);
      const finals = await call.finals(3);
      call.stream.close();
      expect(finals.map((event) => event.utteranceId)).toEqual([1, 2, 3]);
      for (const word of second.words) expect(wordsOf(finals[1])).toContain(word);
    });

    it("keeps two calls apart", async () => {
      const [first, second] = speech();
      const calls = [listen(model, first.language), listen(model, second.language)] as const;
      say(calls[0].stream, 1, first.samples);
      say(calls[1].stream, 1, second.samples);
      const [[one], [two]] = await Promise.all([calls[0].finals(1), calls[1].finals(1)]);
      for (const call of calls) call.stream.close();
      for (const word of first.words) expect(wordsOf(one)).toContain(word);
      for (const word of second.words) expect(wordsOf(two)).toContain(word);
    });

    it.runIf(hears === "audio")("gives an empty final for an utterance without audio and for silence", async () => {
      const call = listen(model, speech()[0].language);
      say(call.stream, 1, new Int16Array(0));
      say(call.stream, 2, new Int16Array(16_000));
      const finals = await call.finals(2);
      call.stream.close();
      expect(finals.map((event) => (event.type === "final" ? event.text : event.type))).toEqual(["", ""]);
    });

    it("reports partials of the open utterance only, and before its final", async () => {
      const call = listen(model, speech()[0].language, 100);
      say(call.stream, 7, speech()[0].samples);
      await call.finals(1);
      call.stream.close();
      expect(call.events.every((event) => event.utteranceId === 7)).toBe(true);
      expect(call.events.findIndex((event) => event.type === "final")).toBe(call.events.length - 1);
    });

    it("reports no partials when they are turned off", async () => {
      const call = listen(model, speech()[0].language, 0);
      say(call.stream, 1, speech()[0].samples);
      await call.finals(1);
      call.stream.close();
      expect(call.events.map((event) => event.type)).toEqual(["final"]);
    });

    it("reports nothing after it was closed, and may be closed twice", async () => {
      const closed = listen(model, speech()[0].language);
      say(closed.stream, 1, speech()[0].samples);
      closed.stream.close();
      closed.stream.close();
      const soFar = closed.events.length;
      const other = listen(model, speech()[0].language);
      say(other.stream, 1, speech()[0].samples);
      await other.finals(1);
      other.stream.close();
      expect(closed.events).toHaveLength(soFar);
    });
  });
}

type Listener = {
  readonly stream: SpeechToTextStream;
  readonly events: readonly SpeechToTextEvent[];
  /** The first `count` finals or failures. */
  readonly finals: (count: number) => Promise<SpeechToTextEvent[]>;
};

function listen(model: SpeechToText, language: string, partialEveryMs?: number): Listener {
  const events: SpeechToTextEvent[] = [];
  let notify: () => void = () => undefined;
  const onEvent = (event: SpeechToTextEvent): void => {
    events.push(event);
    notify();
  };
  const stream = model.open({ language, onEvent, ...(partialEveryMs === undefined ? {} : { partialEveryMs }) });
  const finals = (count: number): Promise<SpeechToTextEvent[]> =>
    new Promise((resolve) => {
      notify = () => {
        const found = events.filter((event) => event.type !== "partial");
        if (found.length >= count) resolve(found);
      };
      notify();
    });
  return { stream, events, finals };
}

/** Pushes frames of 20 ms, as copies: who hears them may keep them. */
function say(stream: SpeechToTextStream, utteranceId: number, samples: Samples): void {
  stream.begin(utteranceId);
  for (let start = 0; start < samples.length; start += 320) stream.push(samples.slice(start, start + 320));
  stream.end(utteranceId);
}

function wordsOf(event: SpeechToTextEvent | undefined): string[] {
  if (event?.type !== "final") return [];
  return event.text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}' ]/gu, " ")
    .split(/\s+/);
}
