import { findLag } from "./pitch-lag.ts";

/** At 16 kHz: periods of 100 to 400 Hz. */
const LEAST = 40;
const MOST = 160;
const TEN_MS = 160;
/** Of speech only periods that repeat this well are taken out or put in. */
const ALIKE = 0.7;
/** Root mean square of a frame that nobody hears the difference in. */
const SILENT_RMS = 80;
const FLOOR_RISE = 1.01;

/** Makes a packet's samples a period shorter or longer, where that isn't heard. */
export class TimeScaling {
  /** How loud the quiet is that this call has. */
  #floorRms = 300;
  readonly #copy = new Int16Array(4096);

  /**
   * Changes up to 10 ms in place. Returns the new count, which is the old one where the change would be heard; `isUrgent`
   * allows it in speech.
   */
  change(samples: Int16Array, count: number, by: "shorten" | "lengthen", isUrgent: boolean): number {
    if (count < 2 * MOST || count > this.#copy.length - MOST) return count;
    const length = this.#isSilent(samples, count) ? TEN_MS : isUrgent && this.#period(samples);
    if (length === false || length === 0) return count;
    if (by === "shorten") return shorten(samples, count, length);
    this.#copy.set(samples.subarray(0, count));
    return lengthen(this.#copy, samples, count, length);
  }

  #isSilent(samples: Int16Array, count: number): boolean {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += (samples[i] as number) ** 2;
    const rms = Math.sqrt(sum / count);
    this.#floorRms = Math.min(600, rms < this.#floorRms ? rms : this.#floorRms * FLOOR_RISE + 0.1);
    return rms < SILENT_RMS || rms < 1.5 * this.#floorRms;
  }

  #period(samples: Int16Array): number {
    const { lag, likeness } = findLag(samples, 2 * MOST, { template: MOST, least: LEAST, most: MOST });
    return likeness > ALIKE ? lag : 0;
  }
}

/** From each sample over to the one a period later. */
function shorten(samples: Int16Array, count: number, period: number): number {
  const rest = count - period;
  const slope = Math.min(period, rest);
  for (let i = 0; i < rest; i++) {
    const later = samples[i + period] as number;
    const share = Math.min(1, (i + 1) / (slope + 1));
    samples[i] = (samples[i] as number) * (1 - share) + later * share;
  }
  return rest;
}

/** A period, and from the sample after it back to its first one. */
function lengthen(from: Int16Array, into: Int16Array, count: number, period: number): number {
  const slope = Math.min(period, count - period);
  for (let i = 0; i < count; i++) {
    const share = Math.min(1, (i + 1) / (slope + 1));
    const own = from[i] as number;
    into[period + i] = i < slope ? (from[period + i] as number) * (1 - share) + own * share : own;
  }
  return count + period;
}
