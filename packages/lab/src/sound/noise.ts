/** What is heard around a caller, without end: each call of `next` goes on where the last one stopped. */
import { ENGINE_RATE_HZ, type Samples } from "@earshot/engine";
import type { Random } from "../random.ts";
import { rms } from "./samples.ts";

export const NOISE_KINDS = ["white", "pink", "car", "hum", "street", "babble"] as const;
export type NoiseKind = (typeof NOISE_KINDS)[number];

/** The next value of an endless sound, of any amplitude. */
type Source = () => number;

/** Long enough that its loudness is that of the whole. */
const MEASURED_SAMPLES = ENGINE_RATE_HZ * 4;
const TALKERS = 6;

export class Noise {
  readonly #source: Source;
  readonly #gain: number;

  /**
   * @param level amplitude (root mean square)
   * @param voices what people nearby say, for "babble"; without any, "babble" is pink noise that comes and goes
   */
  constructor(kind: NoiseKind, { level, random, voices = [] }: NoiseOptions) {
    this.#source = sourceOf(kind, random, voices);
    const measured = Float64Array.from({ length: MEASURED_SAMPLES }, () => this.#source());
    this.#gain = level / Math.max(rms(measured), 1e-9);
  }

  next(length: number): Float64Array {
    return Float64Array.from({ length }, () => this.#gain * this.#source());
  }
}

export type NoiseOptions = {
  readonly level: number;
  readonly random: Random;
  readonly voices?: readonly Samples[];
};

function sourceOf(kind: NoiseKind, random: Random, voices: readonly Samples[]): Source {
  switch (kind) {
    case "white":
      return () => random.next() - 0.5;
    case "pink":
      return pink(random);
    case "car":
      return lowPass(pink(random), 180);
    case "hum":
      return hum(random);
    case "street":
      return street(random);
    case "babble":
      return voices.length === 0 ? swelling(pink(random), random) : babble(voices, random);
  }
}

/** Seven octaves of held random values, summed (Voss). */
function pink(random: Random): Source {
  const octaves = new Float64Array(7);
  let at = 0;
  return () => {
    at += 1;
    let sum = 0;
    for (let octave = 0; octave < octaves.length; octave++) {
      if (at % 2 ** octave === 0) octaves[octave] = random.next() - 0.5;
      sum += octaves[octave] ?? 0;
    }
    return sum;
  };
}

function lowPass(source: Source, cutOffHz: number): Source {
  const share = 1 - Math.exp((-2 * Math.PI * cutOffHz) / ENGINE_RATE_HZ);
  let value = 0;
  return () => {
    value += share * (source() - value);
    return value;
  };
}

/** The mains, its harmonics and a little hiss. */
function hum(random: Random): Source {
  let at = 0;
  return () => {
    at += 1;
    const angle = (2 * Math.PI * 100 * at) / ENGINE_RATE_HZ;
    return Math.sin(angle) + 0.5 * Math.sin(2 * angle) + 0.25 * Math.sin(4 * angle) + 0.1 * (random.next() - 0.5);
  };
}

/** A rumble, and cars that pass every few seconds. */
function street(random: Random): Source {
  const rumble = lowPass(pink(random), 300);
  const tyres = swelling(pink(random), random);
  return () => 3 * rumble() + tyres();
}

/** Comes and goes over a second or two. */
function swelling(source: Source, random: Random): Source {
  const everySamples = ENGINE_RATE_HZ * 1.5;
  let at = 0;
  let [from, to] = [0, 1];
  return () => {
    if (at % everySamples === 0) [from, to] = [to, random.between(0.1, 1)];
    const share = (at % everySamples) / everySamples;
    at += 1;
    return (from + (to - from) * share) * source();
  };
}

/** Several people at once, each from somewhere in the middle of what is said, and over and over. */
function babble(voices: readonly Samples[], random: Random): Source {
  const talkers = Array.from({ length: TALKERS }, () => {
    const voice = random.pick(voices);
    return { voice, at: random.integer(0, Math.max(0, voice.length - 1)) };
  });
  return () => {
    let sum = 0;
    for (const talker of talkers) {
      sum += talker.voice[talker.at] ?? 0;
      talker.at += 1;
      if (talker.at < talker.voice.length) continue;
      talker.voice = random.pick(voices);
      talker.at = 0;
    }
    return sum;
  };
}
