/** Single sounds that the beds are sown with. Each peaks at about 1. */

import { ENGINE_RATE_HZ, toSamples } from "../frame.ts";
import { bandPass, filterOnce } from "./loop-filter.ts";
import { between, type Random } from "./seeded-random.ts";

/** A key of a keyboard: it goes down, and comes up more quietly. */
export function keyClick(random: Random): Float32Array {
  const sound = new Float32Array(toSamples(110));
  const upAt = toSamples(between(random, 60, 90));
  for (const [start, level] of [
    [0, 1],
    [upAt, 0.4],
  ] as const)
    for (let i = start; i < sound.length; i++)
      sound[i] = (sound[i] as number) + level * (random() * 2 - 1) * Math.exp((start - i) / 48);
  return filterOnce(sound, bandPass(between(random, 1800, 3000), 1.2));
}

/** China touching china: a few tones out of tune with each other that die away. */
export function clink(random: Random): Float32Array {
  const sound = new Float32Array(toSamples(220));
  const baseHz = between(random, 1900, 2900);
  for (const [ratio, level, decayMs] of [
    [1, 0.5, 45],
    [1.51, 0.35, 30],
    [2.37, 0.25, 18],
  ] as const) {
    const step = (2 * Math.PI * baseHz * ratio * between(random, 0.98, 1.02)) / ENGINE_RATE_HZ;
    const decay = toSamples(decayMs);
    for (let i = 0; i < sound.length; i++)
      sound[i] = (sound[i] as number) + level * Math.sin(step * i) * Math.exp(-i / decay);
  }
  return sound;
}

/** A bird's phrase: two to five notes that glide. */
export function birdSong(random: Random): Float32Array {
  const notes = 2 + Math.floor(random() * 4);
  const noteSamples = toSamples(between(random, 70, 130));
  const baseHz = between(random, 2100, 3000);
  const glideHz = between(random, -500, 700);
  const sound = new Float32Array(notes * Math.floor(noteSamples * 1.4));
  let phase = 0;
  for (let note = 0; note < notes; note++) {
    const start = note * Math.floor(noteSamples * 1.4);
    const noteHz = baseHz * between(random, 0.92, 1.08);
    for (let i = 0; i < noteSamples; i++) {
      const share = i / noteSamples;
      phase += (2 * Math.PI * (noteHz + glideHz * share)) / ENGINE_RATE_HZ;
      sound[start + i] = Math.sin(phase) * Math.sin(Math.PI * share) ** 2;
    }
  }
  return sound;
}

/** Noise that comes near and goes away again: a car, a machine's steam. */
export function passingNoise(
  random: Random,
  options: { durationMs: number; centreHz: number; q: number },
): Float32Array {
  const sound = new Float32Array(toSamples(options.durationMs));
  for (let i = 0; i < sound.length; i++) sound[i] = (random() * 2 - 1) * Math.sin((Math.PI * i) / sound.length) ** 2;
  return filterOnce(sound, bandPass(options.centreHz, options.q));
}
