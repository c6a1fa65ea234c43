/** People talking at a distance, in no language: pulses and noise through the resonances of a mouth. */

import { ENGINE_RATE_HZ, toSamples } from "../frame.ts";
import { addLoop, addSound, LOOP_SAMPLES, silentLoop } from "./loop.ts";
import { bandPass, filterLoop, filterOnce, lowPass } from "./loop-filter.ts";
import { between, type Random } from "./seeded-random.ts";

/** First two resonances of vowels, Hz, men's (Peterson and Barney, 1952). */
const VOWELS_HZ = [
  [270, 2290],
  [390, 1990],
  [530, 1840],
  [660, 1720],
  [730, 1090],
  [570, 840],
  [440, 1020],
  [300, 870],
] as const;
/** When reflections reach the ear, ms, and how loud: the walls of a room. */
const ECHOES = [
  [23, 0.5],
  [41, 0.4],
  [67, 0.3],
  [101, 0.2],
] as const;

/** @param talkers how many are heard at once */
export function babble(random: Random, talkers: number): Float32Array {
  const dry = silentLoop();
  for (let talker = 0; talker < talkers; talker++) addTalker(dry, random);
  const wet = dry.slice();
  for (const [delayMs, gain] of ECHOES) addSound(wet, toSamples(delayMs), dry, gain);
  return filterLoop(wet, lowPass(2200));
}

/** Phrases of two to seven syllables, with a breath between. */
function addTalker(loop: Float32Array, random: Random): void {
  const pitchHz = between(random, 95, 230);
  const level = between(random, 0.5, 1);
  const firstAt = Math.floor(random() * LOOP_SAMPLES);
  const endAt = firstAt + LOOP_SAMPLES - toSamples(700);
  for (let at = firstAt; at < endAt; at += toSamples(between(random, 250, 1200))) {
    const syllables = 2 + Math.floor(random() * 6);
    for (let index = 0; index < syllables && at < endAt; index++) {
      const sound = syllable(random, pitchHz * (1.12 - (0.25 * index) / syllables));
      addSound(loop, at, sound, level);
      at += Math.floor(sound.length * 0.92);
    }
  }
}

function syllable(random: Random, pitchHz: number): Float32Array {
  const length = toSamples(between(random, 130, 260));
  const source = new Float32Array(length);
  const onset = toSamples(between(random, 10, 50));
  let phase = 0;
  for (let i = 0; i < length; i++) {
    phase += (pitchHz * (1 - (0.08 * i) / length)) / ENGINE_RATE_HZ;
    const isPulse = phase >= 1;
    if (isPulse) phase -= 1;
    const breath = (random() * 2 - 1) * (i < onset ? 0.25 : 0.03);
    source[i] = ((isPulse ? 6 : 0) + breath) * Math.sin((Math.PI * i) / length);
  }
  const [first, second] = VOWELS_HZ[Math.floor(random() * VOWELS_HZ.length)] ?? VOWELS_HZ[0];
  const voiced = filterOnce(source.slice(), bandPass(first, 5));
  addLoop(voiced, filterOnce(source, bandPass(second, 9)), 0.6);
  return voiced;
}
