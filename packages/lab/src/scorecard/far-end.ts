import {
  type CallLeg,
  type Clock,
  FRAME_MS,
  FRAME_SAMPLES,
  type JournalEntry,
  type LegHandlers,
  type LegNotice,
  type Samples,
  toMs,
} from "@earshot/engine";
import type { CorpusItem } from "../corpus/corpus-item.ts";
import { CallerLine } from "../sound/caller-line.ts";

/**
 * The caller's end: silent, with the noise of its line, until told to say its item. Lowers and clears what it plays at
 * once; the network's way is not in it.
 */
export class FarEnd implements CallLeg {
  readonly can = { reportPlayback: false, sendDigits: false, transfer: false, leadMs: 0 };
  readonly journal: JournalEntry[] = [];
  readonly #clock: Clock;
  readonly #item: CorpusItem;
  readonly #line: CallerLine;
  readonly #onTick: (nowMs: number) => void;
  #saidSamples = Number.NEGATIVE_INFINITY;
  #onsetAtMs: number | undefined;
  #stop = () => {};

  /** `onTick`: each 20 ms, after the frame, with the clock's time. */
  constructor(options: { clock: Clock; item: CorpusItem; onTick: (nowMs: number) => void }) {
    this.#clock = options.clock;
    this.#item = options.item;
    this.#line = new CallerLine(options.item.line, { seed: options.item.seed });
    this.#onTick = options.onTick;
  }

  /** When the first sample of the item was spoken, by the clock; undefined until it begins. */
  get onsetAtMs(): number | undefined {
    return this.#onsetAtMs;
  }

  /** Begins the item with the next frame. */
  say(): void {
    if (this.#saidSamples === Number.NEGATIVE_INFINITY) this.#saidSamples = 0;
  }

  open(handlers: LegHandlers): void {
    const nobody = new Int16Array(FRAME_SAMPLES);
    this.#stop = this.#clock.every(FRAME_MS, () => {
      handlers.onAudio(this.#line.pass(this.#next(), nobody));
      this.#onTick(this.#clock.nowMs());
    });
  }

  play(): void {}
  clear(): void {}
  duck(): void {}
  sendDigits(): void {}

  show(notice: LegNotice): void {
    if (notice.type === "event") this.journal.push(notice["entry"] as JournalEntry);
  }

  close(): void {
    this.#stop();
  }

  #next(): Samples {
    const frame = new Int16Array(FRAME_SAMPLES);
    if (this.#saidSamples < 0) return frame;
    // What arrives now was said in the last 20 ms; the telephone's filters hold it back by a frame more.
    if (this.#saidSamples === 0)
      this.#onsetAtMs = this.#clock.nowMs() - FRAME_MS + (this.#item.line.band === "phone" ? toMs(FRAME_SAMPLES) : 0);
    frame.set(this.#item.samples.subarray(this.#saidSamples, this.#saidSamples + FRAME_SAMPLES));
    this.#saidSamples += FRAME_SAMPLES;
    return frame;
  }
}
