import { setImmediate as nextTurn } from "node:timers/promises";
import type { Flite, Spoken } from "./flite.ts";
import { FLITE_VOICES } from "./flite-voices.ts";
import type { SpeakOrder } from "./messages.ts";
import type { Speaker } from "./speaker.ts";
import { isSpeakable, splitText, toAscii } from "./split-text.ts";

/** Speaks with Flite a piece at a time, so that requests of several calls take turns. */
export class FliteSpeaker implements Speaker {
  readonly name = "embedded/flite";
  readonly voices = FLITE_VOICES;
  readonly #flite: Flite;

  constructor(flite: Flite) {
    this.#flite = flite;
  }

  async *speak({ text, voiceId, speed }: SpeakOrder, isCancelled: () => boolean): AsyncIterable<Spoken> {
    for (const piece of splitText(text)) {
      if (isCancelled()) return;
      const ascii = toAscii(piece);
      const spoken = isSpeakable(ascii) ? this.#flite.speak({ text: ascii, voiceId, speed }) : undefined;
      if (spoken !== undefined) yield withWordsOf(piece, ascii, spoken);
      await nextTurn();
    }
  }
}

/** Times are told for the words as they were written, where spelling them in ASCII kept their number. */
function withWordsOf(piece: string, ascii: string, spoken: Spoken): Spoken {
  if (piece === ascii) return spoken;
  const written = piece.split(/\s+/).filter((word) => word !== "");
  if (written.length !== spoken.words.length) return spoken;
  return { ...spoken, words: spoken.words.map((word, index) => ({ ...word, text: written[index] ?? word.text })) };
}
