import { Halver } from "../codecs/half-band.ts";
import { seededRandom } from "./seeded-random.ts";

/**
 * Something like speech: syllables of a gliding pitch with five harmonics, different each, in phrases with pauses between.
 * A pause has a faint noise, as rooms do.
 */
export function syntheticVoice(seconds: number, rateHz: number, seed = 1): Int16Array {
  const random = seededRandom(seed);
  const samples = new Int16Array(Math.round(seconds * rateHz));
  let at = 0;
  let phase = 0;
  while (at < samples.length) {
    const phraseEnd = Math.min(samples.length, at + Math.round((0.8 + random()) * rateHz));
    while (at < phraseEnd) {
      const length = Math.round((0.12 + 0.15 * random()) * rateHz);
      const fromHz = 110 + 80 * random();
      const toHz = fromHz * (0.85 + 0.3 * random());
      const harmonics = Array.from({ length: 5 }, () => random());
      for (let i = 0; i < length && at < phraseEnd; i++, at++) {
        phase += (2 * Math.PI * (fromHz + ((toHz - fromHz) * i) / length)) / rateHz;
        const loudness = Math.sin((Math.PI * i) / length) ** 0.5 * 3500;
        samples[at] = harmonics.reduce((sum, weight, k) => sum + loudness * weight * Math.sin((3 * k + 1) * phase), 0);
      }
    }
    const pauseEnd = Math.min(samples.length, at + Math.round((0.25 + 0.3 * random()) * rateHz));
    for (; at < pauseEnd; at++) samples[at] = 30 * (random() - 0.5);
  }
  return samples;
}

/** The same at 8 kHz, as a narrow-band codec is given it. */
export function toNarrowBand(samples: Int16Array): Int16Array {
  const halver = new Halver();
  const narrow = new Int16Array(samples.length >> 1);
  for (let at = 0; at < samples.length; at += 1600)
    halver.run(samples.subarray(at, at + 1600), Math.min(1600, samples.length - at), narrow.subarray(at >> 1));
  return narrow;
}
