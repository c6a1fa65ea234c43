/** How loud the agent's voice comes back in each band, and what of a sound that explains. */

import { BAND_COUNT } from "./band-powers.ts";
import { MAX_DELAY_STEPS } from "./delay-finder.ts";
import type { Reference } from "./reference.ts";

/** Before anything is known an echo may be this loud, dB against what was sent. */
const START_DB = -6;
const LEAST_DB = -60;
const MOST_DB = 6;
/** The room holds sound: a step later the echo has lost no more than this. */
const ROOM_DECAY = 10 ** -0.2;
/** Steps around the delay that count too: no delay is a whole number of steps. */
const SPREAD_STEPS = 1;
/** The level is what four echoes of five stay under. It moves by so much a step, dB. */
const QUANTILE = 0.8;
const LEARN_DB = 2;
/** An echo may be this much above its level. */
const MARGIN = 10 ** 0.4;
/** A band that is not this far above the noise says nothing. */
const SOUND_ABOVE_FLOOR = 2.5;
/** Where the echo would be below this share of the noise, nothing is learnt of it. */
const LEARN_ABOVE = 2;
/** While the caller is thought to speak the level only follows slowly. */
const SPEAKING_BELOW = 0.5;
const SPEAKING_SHARE = 0.1;
/** The agent has spoken for so much of the last 480 ms that any echo must be there. */
const ARRIVED_SHARE = 0.8;
/** Bands are not all equally loud. */
const QUIET_MARGIN_DB = 6;
const QUIET_LEARN_DB = 1;
/** Without a known delay, levels are learnt once a possible echo must have arrived. */
const ARRIVED_STEPS = MAX_DELAY_STEPS;

export class EchoLevel {
  readonly #levelsDb = new Float32Array(BAND_COUNT).fill(START_DB);
  readonly #sent = new Float32Array(BAND_COUNT);
  readonly #held = new Float32Array(BAND_COUNT);
  #activeSteps = 0;
  #canLearn = false;

  /** Works out what may come back at `step`: from the known delay, or from any there may be. */
  expect(step: number, reference: Reference, delay: number | undefined): void {
    const from = delay === undefined ? 0 : Math.max(0, delay - SPREAD_STEPS);
    const to = delay === undefined ? MAX_DELAY_STEPS : delay + SPREAD_STEPS;
    this.#sent.fill(0);
    let isActive = false;
    for (let back = from; back <= to; back++) {
      const played = reference.find(step - back);
      if (!played) continue;
      isActive ||= played.isActive;
      for (let band = 0; band < BAND_COUNT; band++)
        this.#sent[band] = Math.max(this.#sent[band] as number, played.powers[band] as number);
    }
    for (let band = 0; band < BAND_COUNT; band++)
      this.#held[band] = Math.max(this.#sent[band] as number, (this.#held[band] as number) * ROOM_DECAY);
    if (isActive) this.#activeSteps++;
    this.#canLearn = isActive && (delay !== undefined || this.#activeSteps > ARRIVED_STEPS);
  }

  /** Which share of a sound the expected echo and the noise account for, bands weighed by their amplitude. */
  explain(powers: Float32Array, noise: Float32Array): number {
    let explained = 0;
    let all = 0;
    for (let band = 0; band < BAND_COUNT; band++) {
      const power = powers[band] as number;
      const floor = noise[band] as number;
      if (power < floor * SOUND_ABOVE_FLOOR) continue;
      const weight = Math.sqrt(power);
      const echo = (this.#held[band] as number) * 10 ** ((this.#levelsDb[band] as number) / 10) * MARGIN;
      explained += weight * Math.min(1, (echo + floor) / power);
      all += weight;
    }
    return all === 0 ? 1 : explained / all;
  }

  /** The caller's side is quieter than `power` while the agent speaks: no echo is louder than that. */
  learnQuiet(power: number, played: { readonly power: number; readonly activeShare: number }): void {
    if (played.activeShare < ARRIVED_SHARE) return;
    const ceilingDb = 10 * Math.log10(power / played.power) + QUIET_MARGIN_DB;
    for (let band = 0; band < BAND_COUNT; band++) {
      const level = this.#levelsDb[band] as number;
      if (level > ceilingDb) this.#levelsDb[band] = Math.max(ceilingDb, level - QUIET_LEARN_DB);
    }
  }

  learn(powers: Float32Array, noise: Float32Array, share: number): void {
    if (!this.#canLearn) return;
    const step = LEARN_DB * (share < SPEAKING_BELOW ? SPEAKING_SHARE : 1);
    for (let band = 0; band < BAND_COUNT; band++) {
      const held = this.#held[band] as number;
      if (held < (noise[band] as number) * LEARN_ABOVE) continue;
      const ratioDb = 10 * Math.log10((powers[band] as number) / held);
      const level = this.#levelsDb[band] as number;
      const moved = ratioDb > level ? level + step * QUANTILE : level - step * (1 - QUANTILE);
      this.#levelsDb[band] = Math.max(LEAST_DB, Math.min(MOST_DB, moved));
    }
  }
}
