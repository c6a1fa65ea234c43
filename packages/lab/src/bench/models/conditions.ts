import { decodeMuLaw, ENGINE_RATE_HZ, encodeMuLaw, Resampler, type Samples } from "@earshot/engine";

/** A way in which a caller may sound. Deterministic: the same samples give the same result. */
export type Condition = { readonly name: string; readonly apply: (speech: Samples) => Samples };

const TELEPHONE_RATE_HZ = 8000;
const TELEPHONE_LOW_HZ = 300;
const NOISE_RATIO_DB = 10;
const NOISE_SEED = 20_240_601;

export const CONDITIONS: readonly Condition[] = [
  { name: "clean 16 kHz", apply: (speech) => speech },
  { name: "telephone", apply: toTelephone },
  { name: `pink noise ${NOISE_RATIO_DB} dB`, apply: (speech) => addPinkNoise(speech, NOISE_RATIO_DB) },
];

/** 300 to 3400 Hz at 8 kHz in mu-law and back; the resampler's own slope is the upper limit. */
function toTelephone(speech: Samples): Samples {
  const narrow = resample(highPass(highPass(speech)), ENGINE_RATE_HZ, TELEPHONE_RATE_HZ);
  return resample(decodeMuLaw(encodeMuLaw(narrow)), TELEPHONE_RATE_HZ, ENGINE_RATE_HZ);
}

function resample(samples: Samples, fromHz: number, toHz: number): Samples {
  const resampler = new Resampler(fromHz, toHz);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  const all = new Int16Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

/** Butterworth, second order (R. Bristow-Johnson's cookbook). */
function highPass(samples: Samples): Samples {
  const angle = (2 * Math.PI * TELEPHONE_LOW_HZ) / ENGINE_RATE_HZ;
  const alpha = Math.sin(angle) / Math.SQRT2;
  const cosine = Math.cos(angle);
  const scale = 1 + alpha;
  const b = (1 + cosine) / 2 / scale;
  const [a1, a2] = [(-2 * cosine) / scale, (1 - alpha) / scale];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b * (x - 2 * x1 + x2) - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return Math.max(-32_768, Math.min(32_767, Math.round(y)));
  });
}

function addPinkNoise(speech: Samples, ratioDb: number): Samples {
  const noise = makePinkNoise(speech.length);
  const gain = (rms(speech) / rms(noise)) * 10 ** (-ratioDb / 20);
  return speech.map((sample, i) => Math.max(-32_768, Math.min(32_767, Math.round(sample + gain * (noise[i] ?? 0)))));
}

/** Seven octaves of held random values, summed (Voss). */
function makePinkNoise(length: number): Float64Array {
  const random = makeRandom(NOISE_SEED);
  const octaves = new Float64Array(7);
  return Float64Array.from({ length }, (_, i) => {
    for (let octave = 0; octave < octaves.length; octave++) {
      if (i % 2 ** octave === 0) octaves[octave] = random() - 0.5;
    }
    return octaves.reduce((sum, value) => sum + value, 0);
  });
}

/** Mulberry32: numbers from 0 to 1. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function rms(samples: Samples | Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length)) || 1;
}
