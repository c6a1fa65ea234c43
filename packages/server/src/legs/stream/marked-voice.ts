/** Sound that waits at the carrier: marks tell how far it has been played. */

import { type Clock, FRAME_MS, FRAME_SAMPLES, type Samples, toSamples } from "@earshot/engine";
import type { StreamVoice, StreamVoiceOptions } from "./stream-voice.ts";

/** Ahead of real time, so that neither a stall here nor the network is heard. */
const LEAD_MS = 100;
/** While sound is sent without a pause. */
const FRAMES_A_MARK = 5;
/** A carrier that hasn't told of a mark for so long after its time won't: the clock tells instead. */
const MARK_LIMIT_MS = 1_000;
/** More than ever are on their way. */
const MAX_MARKS = 256;

type Mark = { readonly name: string; readonly position: number; readonly dueMs: number };

export class MarkedVoice implements StreamVoice {
  readonly leadMs = LEAD_MS;
  readonly #clock: Clock;
  readonly #options: StreamVoiceOptions;
  readonly #sendMark: (name: string) => void;
  readonly #sendClear: () => void;
  #marks: Mark[] = [];
  #markId = 0;
  #sent = 0;
  #played = 0;
  #playedAtMs = 0;
  /** When all that was sent will have been played, if it is played as it comes. */
  #sentUntilMs = 0;
  #unmarkedFrames = 0;
  #wasFed = false;

  constructor(options: StreamVoiceOptions & { clock: Clock; sendMark: (name: string) => void; sendClear: () => void }) {
    this.#clock = options.clock;
    this.#options = options;
    this.#sendMark = options.sendMark;
    this.#sendClear = options.sendClear;
  }

  play(frame: Samples): void {
    this.#sent += FRAME_SAMPLES;
    this.playAside(frame);
  }

  playAside(frame: Samples): void {
    const nowMs = this.#clock.nowMs();
    // A position that was told before a pause says nothing of what comes after it.
    if (this.#sentUntilMs <= nowMs) this.#playedAtMs = nowMs;
    this.#sentUntilMs = Math.max(this.#sentUntilMs, nowMs) + FRAME_MS;
    this.#wasFed = true;
    this.#options.send(frame);
    if (++this.#unmarkedFrames >= FRAMES_A_MARK) this.#mark();
  }

  clear(): void {
    this.#learn(Math.min(this.#sent, this.#estimate()));
    this.#sent = this.#played;
    this.#marks = [];
    this.#unmarkedFrames = 0;
    this.#sentUntilMs = this.#clock.nowMs();
    this.#sendClear();
    this.#options.onPlayed(this.#played);
  }

  tick(): void {
    if (this.#unmarkedFrames > 0 && !this.#wasFed) this.#mark();
    this.#wasFed = false;
    const overdue = this.#marks.findLast(({ dueMs }) => dueMs + MARK_LIMIT_MS <= this.#clock.nowMs());
    if (overdue) this.onMark(overdue.name);
  }

  onMark(name: string): void {
    const index = this.#marks.findIndex((mark) => mark.name === name);
    const [mark] = this.#marks.splice(0, index + 1).slice(-1);
    if (!mark) return;
    const before = this.#played;
    this.#learn(mark.position);
    if (this.#played > before) this.#options.onPlayed(this.#played);
  }

  /** Since the last mark time has passed; but no more can have been played than was due. */
  #estimate(): number {
    const nowMs = this.#clock.nowMs();
    const sinceMark = this.#played + toSamples(nowMs - this.#playedAtMs);
    return Math.min(sinceMark, this.#sent - toSamples(Math.max(0, this.#sentUntilMs - nowMs)));
  }

  #learn(position: number): void {
    this.#played = Math.max(this.#played, position);
    this.#playedAtMs = this.#clock.nowMs();
  }

  #mark(): void {
    this.#unmarkedFrames = 0;
    const name = String(++this.#markId);
    this.#marks.push({ name, position: this.#sent, dueMs: this.#sentUntilMs });
    if (this.#marks.length > MAX_MARKS) this.#marks.shift();
    this.#sendMark(name);
  }
}
