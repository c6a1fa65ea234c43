/** Sounds that no synthesiser of speech makes: a beep, a cough, a knock. */
import { ENGINE_RATE_HZ, type Samples, toSamples } from "@earshot/engine";
import type { Random } from "../random.ts";
import { fromDbfs, toSample } from "./samples.ts";

export const MADE_SOUNDS = ["beep", "cough", "throat", "knock", "door", "breath"] as const;
export type MadeSound = (typeof MADE_SOUNDS)[number];

/** As loud as speech, at its loudest part. */
const LEVEL_DBFS = -20;
const BEEP_HZ = 1000;
const BEEP_MS = 500;
const EDGE_MS = 5;

export function makeSound(kind: MadeSound, random: Random): Samples {
  switch (kind) {
    case "beep":
      return makeBeep();
    case "cough":
      return joined(random, [
        { ms: random.between(60, 90), lowHz: 400, highHz: 2500, decayMs: 40 },
        { ms: random.between(110, 200), lowHz: 250, highHz: 1200, decayMs: 90 },
      ]);
    case "throat":
      return joined(random, [{ ms: random.between(250, 400), lowHz: 120, highHz: 700, decayMs: 220 }]);
    case "knock":
      return joined(random, [
        { ms: 60, lowHz: 150, highHz: 900, decayMs: 12 },
        { ms: 120, lowHz: 100, highHz: 300, decayMs: 20 },
      ]);
    case "door":
      return joined(random, [{ ms: random.between(250, 350), lowHz: 50, highHz: 400, decayMs: 70 }]);
    case "breath":
      return joined(random, [{ ms: random.between(400, 700), lowHz: 800, highHz: 4000, decayMs: 500 }], -12);
  }
}

/** What answering machines end their greeting with. */
function makeBeep({ hz = BEEP_HZ, ms = BEEP_MS }: { hz?: number; ms?: number } = {}): Samples {
  const length = toSamples(ms);
  const edge = toSamples(EDGE_MS);
  const amplitude = fromDbfs(LEVEL_DBFS) * Math.SQRT2;
  return Int16Array.from({ length }, (_, i) => {
    const fade = Math.min(1, i / edge, (length - 1 - i) / edge);
    return toSample(amplitude * fade * Math.sin((2 * Math.PI * hz * i) / ENGINE_RATE_HZ));
  });
}

type Burst = { readonly ms: number; readonly lowHz: number; readonly highHz: number; readonly decayMs: number };

/** Bursts of noise between two frequencies, each fast to rise and slow to fall. */
function joined(random: Random, bursts: readonly Burst[], gainDb = 0): Samples {
  return Int16Array.from(bursts.flatMap((burst) => makeBurst(random, burst, fromDbfs(LEVEL_DBFS + gainDb))));
}

function makeBurst(random: Random, { ms, lowHz, highHz, decayMs }: Burst, amplitude: number): number[] {
  const length = toSamples(ms);
  const [low, high] = [shareOf(lowHz), shareOf(highHz)];
  let [slow, fast] = [0, 0];
  const raw = Array.from({ length }, (_, i) => {
    const noise = random.next() * 2 - 1;
    fast += high * (noise - fast);
    slow += low * (fast - slow);
    const rise = Math.min(1, i / toSamples(EDGE_MS));
    return (fast - slow) * rise * Math.exp(-i / toSamples(decayMs));
  });
  const peak = Math.max(...raw.map(Math.abs), 1e-9);
  return raw.map((value) => toSample((value / peak) * amplitude * 2));
}

function shareOf(cutOffHz: number): number {
  return 1 - Math.exp((-2 * Math.PI * cutOffHz) / ENGINE_RATE_HZ);
}
