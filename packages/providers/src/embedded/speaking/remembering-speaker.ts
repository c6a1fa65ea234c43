import { toMs } from "@earshot/engine";
import type { Spoken } from "./flite.ts";
import type { SpeakOrder } from "./messages.ts";
import type { Speaker } from "./speaker.ts";

/** What is longer is hardly said twice. */
const MAX_CHARACTERS = 400;
/** Speech of all voices of a speaker together: 16 MB. */
const MAX_KEPT_MS = 500_000;
/** Texts that were said once: most answers of a language model never come again. */
const MAX_HEARD = 2_000;

type Kept = { readonly pieces: readonly Spoken[]; readonly lengthMs: number };

/** Keeps what is said again and again, such as greetings: from the third time on it is there at once. */
export class RememberingSpeaker implements Speaker {
  readonly #speaker: Speaker;
  readonly #heard = new Set<string>();
  readonly #kept = new Map<string, Kept>();
  #keptMs = 0;

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  get name(): string {
    return this.#speaker.name;
  }

  get voices(): Speaker["voices"] {
    return this.#speaker.voices;
  }

  async *speak(order: SpeakOrder, isCancelled: () => boolean): AsyncIterable<Spoken> {
    if (order.text.length > MAX_CHARACTERS) {
      yield* this.#speaker.speak(order, isCancelled);
      return;
    }
    const key = JSON.stringify([order.voiceId, order.speed, order.text]);
    const kept = this.#kept.get(key);
    if (kept === undefined) {
      yield* this.#listen(key, order, isCancelled);
      return;
    }
    // The least lately said ones are the first to go.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const piece of kept.pieces) {
      if (isCancelled()) return;
      yield copyOf(piece);
    }
  }

  async *#listen(key: string, order: SpeakOrder, isCancelled: () => boolean): AsyncIterable<Spoken> {
    if (!this.#heard.has(key)) {
      if (this.#heard.size >= MAX_HEARD) this.#heard.clear();
      this.#heard.add(key);
      yield* this.#speaker.speak(order, isCancelled);
      return;
    }
    const pieces: Spoken[] = [];
    for await (const piece of this.#speaker.speak(order, isCancelled)) {
      pieces.push(copyOf(piece));
      yield piece;
    }
    if (!isCancelled()) this.#keep(key, pieces);
  }

  #keep(key: string, pieces: readonly Spoken[]): void {
    if (this.#kept.has(key)) return;
    const lengthMs = pieces.reduce((sum, { samples }) => sum + toMs(samples.length), 0);
    this.#heard.delete(key);
    this.#kept.set(key, { pieces, lengthMs });
    this.#keptMs += lengthMs;
    for (const [oldest, kept] of this.#kept) {
      if (this.#keptMs <= MAX_KEPT_MS) break;
      this.#kept.delete(oldest);
      this.#keptMs -= kept.lengthMs;
    }
  }
}

/** Samples leave this thread with whoever they are given to. */
function copyOf({ samples, words }: Spoken): Spoken {
  return { samples: samples.slice(), words };
}
