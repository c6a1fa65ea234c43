import { setImmediate as nextTurn } from "node:timers/promises";
import { type Samples, toMs, toSamples } from "@earshot/engine";
import type { ModelCard } from "../lines/loaded-model.ts";
import type { Flite, Spoken } from "./flite.ts";
import { FLITE_VOICES } from "./flite-voices.ts";
import type { SpeakOrder } from "./messages.ts";
import type { Speaker } from "./speaker.ts";
import { isSpeakable, splitText, toAscii } from "./split-text.ts";
import { spreadWords } from "./time-words.ts";

/** 170 words a minute, as people talk. */
const WORD_MS = 60_000 / 170;
const RECORDED =
  "Our practice is open from eight in the morning until five in the afternoon and on Saturdays until noon so please " +
  "call again whenever you like or leave a message with your name and your number and somebody will be with you soon";

export const SCRIPTED_SPEAKER: ModelCard = { name: "scripted/text-to-speech", kind: "text-to-speech", licence: "none" };

/** Says whatever is to be said with pieces of one recording, at the usual pace and at no cost: for load tests. */
export class ScriptedSpeaker implements Speaker {
  readonly name = SCRIPTED_SPEAKER.name;
  readonly voices = FLITE_VOICES;
  readonly #recording: Samples;

  constructor(flite: Flite) {
    const spoken = flite.speak({ text: RECORDED, voiceId: FLITE_VOICES[0]?.id ?? "", speed: 1 });
    if (spoken === undefined) throw new Error("The recording for the scripted voice could not be made.");
    this.#recording = spoken.samples;
  }

  async *speak({ text, speed }: SpeakOrder, isCancelled: () => boolean): AsyncIterable<Spoken> {
    for (const piece of splitText(text)) {
      if (isCancelled()) return;
      if (isSpeakable(toAscii(piece))) yield this.#cut(piece, speed);
      await nextTurn();
    }
  }

  #cut(text: string, speed: number): Spoken {
    const count = text.split(/\s+/).filter((word) => word !== "").length;
    const samples = new Int16Array(toSamples(Math.round((count * WORD_MS) / speed)));
    for (let at = 0; at < samples.length; at += this.#recording.length)
      samples.set(this.#recording.subarray(0, samples.length - at), at);
    return { samples, words: spreadWords(text, { startMs: 0, endMs: toMs(samples.length) }) };
  }
}
