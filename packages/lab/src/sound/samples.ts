/** Small arithmetic on 16-bit audio at the engine's rate that every effect needs. */
import { ENGINE_RATE_HZ, type Samples } from "@earshot/engine";

/** A 20 ms stretch quieter than this is no speech: -50 dBFS. */
const SPEECH_FLOOR = 100;
const WINDOW_SAMPLES = ENGINE_RATE_HZ / 50;

export function toSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

export function joinSamples(parts: readonly Samples[]): Samples {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Amplitude of what is said, the pauses left out; 0 for silence. */
export function speechRms(samples: Samples): number {
  let energy = 0;
  let count = 0;
  for (let at = 0; at < samples.length; at += WINDOW_SAMPLES) {
    const window = samples.subarray(at, at + WINDOW_SAMPLES);
    const level = rms(window);
    if (level < SPEECH_FLOOR) continue;
    energy += level * level * window.length;
    count += window.length;
  }
  return count === 0 ? 0 : Math.sqrt(energy / count);
}

export function rms(samples: Samples | Float64Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(energy / samples.length);
}

/** Amplitude of a level in dB under full scale. */
export function fromDbfs(dbfs: number): number {
  return 32_768 * fromDb(dbfs);
}

export function fromDb(db: number): number {
  return 10 ** (db / 20);
}

/** Brings what is said to a level; silence stays silence. */
export function toSpeechLevel(samples: Samples, dbfs: number): Samples {
  const level = speechRms(samples);
  if (level === 0) return samples;
  const gain = fromDbfs(dbfs) / level;
  return samples.map((sample) => toSample(sample * gain));
}
