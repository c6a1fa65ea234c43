import { ENGINE_RATE_HZ, type Samples, toSamples } from "@earshot/engine";
import type { Random } from "../random.ts";
import { fromDbfs, rms, toSample } from "./samples.ts";

/** Lips closed: the nose lets the lowest harmonics through. */
const NASAL_HZ = 260;
const HARMONICS = 14;
const LEVEL_DBFS = -24;

type Hum = { readonly ms: number; readonly fromHz: number; readonly toHz: number };

/** "Mm-hmm" as people hum it, which synthesisers spell out instead: a fall, a breath, a rise. `pitchHz` is the voice's. */
export function hum(random: Random, pitchHz: number): Samples {
  const pitch = pitchHz * random.between(0.95, 1.05);
  const first = makeHum({ ms: random.between(110, 190), fromHz: pitch, toHz: pitch * 0.92 });
  const breath = new Array<number>(toSamples(random.between(30, 60))).fill(0);
  const second = makeHum({
    ms: random.between(150, 260),
    fromHz: pitch * 1.02,
    toHz: pitch * random.between(1.12, 1.3),
  });
  const raw = Float64Array.from([...first, ...breath, ...second]);
  const gain = fromDbfs(LEVEL_DBFS) / Math.max(rms(raw), 1e-9);
  return Int16Array.from(raw, (value) => toSample(gain * value));
}

function makeHum({ ms, fromHz, toHz }: Hum): number[] {
  const length = toSamples(ms);
  const edge = toSamples(25);
  let phase = 0;
  return Array.from({ length }, (_, i) => {
    const hz = fromHz + ((toHz - fromHz) * i) / length;
    phase += (2 * Math.PI * hz) / ENGINE_RATE_HZ;
    let sum = 0;
    for (let k = 1; k <= HARMONICS; k++) sum += Math.sin(k * phase) / (k * (1 + ((k * hz) / NASAL_HZ) ** 2 / 4));
    return sum * Math.min(1, i / edge, (length - i) / edge);
  });
}
