/** Sound that waits here, and goes out at the pace at which it is heard: the carrier can't take any back. */

import { type Clock, FRAME_MS, FRAME_SAMPLES, GainRamp, type Samples } from "@earshot/engine";
import type { StreamVoice, StreamVoiceOptions } from "./stream-voice.ts";

/** More than a session sends ahead. */
const LEAD_MS = 100;
/** Out of here ahead of real time, so that a late tick is no gap. */
const SENT_AHEAD_MS = 40;
/** 4 s: more than any session has waiting. The rest is dropped. */
const MAX_WAITING_FRAMES = 200;
/** As much, and as fast, as a session lowers what it plays itself. */
const DUCKED_DB = -18;
const DUCK_OVER_MS = 40;

type Waiting = { readonly frame: Samples; readonly isOwn: boolean };

export class PacedVoice implements StreamVoice {
  readonly leadMs = LEAD_MS;
  readonly #clock: Clock;
  readonly #options: StreamVoiceOptions;
  readonly #gain = new GainRamp();
  #waiting: Waiting[] = [];
  #played = 0;
  #sentUntilMs = 0;

  constructor(options: StreamVoiceOptions & { clock: Clock }) {
    this.#clock = options.clock;
    this.#options = options;
  }

  play(frame: Samples): void {
    this.#wait({ frame, isOwn: true });
  }

  playAside(frame: Samples): void {
    this.#wait({ frame, isOwn: false });
  }

  clear(): void {
    this.#waiting = [];
    this.#options.onPlayed(this.#played);
  }

  duck(isDucked: boolean): void {
    this.#gain.rampTo(isDucked ? DUCKED_DB : 0, DUCK_OVER_MS);
  }

  tick(): void {
    const before = this.#played;
    const nowMs = this.#clock.nowMs();
    this.#sentUntilMs = Math.max(this.#sentUntilMs, nowMs);
    while (this.#sentUntilMs < nowMs + SENT_AHEAD_MS && this.#sendNext()) this.#sentUntilMs += FRAME_MS;
    if (this.#played !== before) this.#options.onPlayed(this.#played);
  }

  onMark(): void {}

  #wait(frame: Waiting): void {
    if (this.#waiting.length < MAX_WAITING_FRAMES) this.#waiting.push(frame);
  }

  #sendNext(): boolean {
    const next = this.#waiting.shift();
    if (!next) return false;
    this.#gain.apply(next.frame);
    this.#options.send(next.frame);
    if (next.isOwn) this.#played += FRAME_SAMPLES;
    return true;
  }
}
