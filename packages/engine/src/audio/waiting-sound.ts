/** Two soft notes that say "somebody is there" without a word: for waits in which no voice can say it. */

import { type Samples, toSamples } from "./frame.ts";

const NOTES_HZ = [392, 523];
const NOTE_MS = 180;
/** Of full scale: softer than speech. */
const LEVEL = 0.06;
/** How fast a note dies away. */
const DECAY_MS = 60;

/** 16 kHz mono, 360 ms. */
export function makeWaitingSound(): Samples {
  const noteSamples = toSamples(NOTE_MS);
  const sound = new Int16Array(noteSamples * NOTES_HZ.length);
  for (const [note, frequencyHz] of NOTES_HZ.entries())
    for (let index = 0; index < noteSamples; index++) {
      const swell = Math.min(1, index / toSamples(5)) * Math.exp(-index / toSamples(DECAY_MS));
      const wave = Math.sin((2 * Math.PI * frequencyHz * index) / toSamples(1_000));
      sound[note * noteSamples + index] = Math.round(LEVEL * 32_767 * swell * wave);
    }
  return sound;
}
