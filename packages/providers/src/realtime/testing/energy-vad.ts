import type { Samples } from "@earshot/engine";

const WINDOW_MS = 20;
/** Two windows begin speech. */
const START_WINDOWS = 2;

export type EnergyVadOptions = {
  readonly rateHz: number;
  /** 0 to 1, of half of full scale. */
  readonly threshold: number;
  readonly silenceMs: number;
  readonly paddingMs: number;
};

export type VadEvent = { readonly type: "started" | "stopped"; readonly atMs: number };

/** Turn detection by loudness alone. Times count the audio pushed, padding and silence included, as OpenAI's do. */
export class EnergyVad {
  readonly #options: EnergyVadOptions;
  #rest: number[] = [];
  #heardMs = 0;
  #loudWindows = 0;
  #silentMs = 0;
  #isSpeech = false;

  constructor(options: EnergyVadOptions) {
    this.#options = options;
  }

  push(samples: Samples): VadEvent[] {
    const size = (this.#options.rateHz * WINDOW_MS) / 1000;
    this.#rest.push(...samples);
    const events: VadEvent[] = [];
    while (this.#rest.length >= size) {
      const event = this.#window(this.#rest.slice(0, size));
      this.#rest = this.#rest.slice(size);
      if (event) events.push(event);
    }
    return events;
  }

  #window(window: readonly number[]): VadEvent | undefined {
    this.#heardMs += WINDOW_MS;
    const power = window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
    const isLoud = Math.sqrt(power) > 1000 * this.#options.threshold;
    this.#loudWindows = isLoud ? this.#loudWindows + 1 : 0;
    this.#silentMs = isLoud ? 0 : this.#silentMs + WINDOW_MS;
    if (!this.#isSpeech && this.#loudWindows === START_WINDOWS) {
      this.#isSpeech = true;
      const speechMs = this.#heardMs - START_WINDOWS * WINDOW_MS;
      return { type: "started", atMs: Math.max(0, speechMs - this.#options.paddingMs) };
    }
    if (this.#isSpeech && this.#silentMs >= this.#options.silenceMs) {
      this.#isSpeech = false;
      return { type: "stopped", atMs: this.#heardMs };
    }
    return undefined;
  }
}
