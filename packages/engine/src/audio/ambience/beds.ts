/** What each clip consists of. Levels are relative: the whole is brought to one loudness afterwards. */

import { toSamples } from "../frame.ts";
import { babble } from "./babble.ts";
import { addLoop, addSound, momentsOf, noiseLoop, silentLoop, swell } from "./loop.ts";
import { bandPass, filterLoop, highPass, lowPass } from "./loop-filter.ts";
import { between, type Random } from "./seeded-random.ts";
import { birdSong, clink, keyClick, passingNoise } from "./sounds.ts";

/** Clips that there are; "none" is for whoever has no bed. */
export const AMBIENCE_CLIPS = ["office", "coffee-shop", "outdoor", "city", "forest", "crowded-room"] as const;
export type AmbienceClip = (typeof AMBIENCE_CLIPS)[number];

export const BEDS: Readonly<Record<AmbienceClip, (random: Random) => Float32Array>> = {
  office: makeOffice,
  "coffee-shop": makeCoffeeShop,
  outdoor: makeOutdoor,
  city: makeCity,
  forest: makeForest,
  "crowded-room": makeCrowdedRoom,
};

/** Air conditioning, two keyboards, somebody talking down the corridor. */
function makeOffice(random: Random): Float32Array {
  const bed = filterLoop(noiseLoop(random), lowPass(350));
  addLoop(bed, filterLoop(noiseLoop(random), bandPass(120, 30)), 1.5);
  addLoop(bed, babble(random, 1), 0.12);
  for (const start of momentsOf(random, 7)) {
    const keys = 3 + Math.floor(random() * 9);
    for (let key = 0, at = start; key < keys; key++, at += toSamples(between(random, 90, 210)))
      addSound(bed, at, keyClick(random), between(random, 0.7, 1.4));
  }
  return bed;
}

/** Voices, cups, and the machine's steam twice a loop. */
function makeCoffeeShop(random: Random): Float32Array {
  const bed = babble(random, 4);
  addLoop(bed, filterLoop(noiseLoop(random), bandPass(500, 0.7)), 0.25);
  for (const at of momentsOf(random, 11)) addSound(bed, at, clink(random), between(random, 0.4, 1.1));
  for (const at of momentsOf(random, 2))
    addSound(bed, at, passingNoise(random, { durationMs: 1800, centreHz: 3000, q: 1 }), 0.6);
  return bed;
}

/** Wind in gusts, a bird now and then, a road far away. */
function makeOutdoor(random: Random): Float32Array {
  const bed = swell(filterLoop(noiseLoop(random), bandPass(420, 0.8)), random, { cycles: 3, floor: 0.15 });
  addLoop(bed, filterLoop(noiseLoop(random), lowPass(130)), 1.2);
  for (const at of momentsOf(random, 4)) addSound(bed, at, birdSong(random), between(random, 0.15, 0.4));
  return bed;
}

/** Engines, cars that pass, a horn once a loop. */
function makeCity(random: Random): Float32Array {
  const bed = filterLoop(noiseLoop(random), lowPass(180));
  addLoop(bed, filterLoop(noiseLoop(random), bandPass(800, 0.6)), 0.2);
  for (const at of momentsOf(random, 5)) {
    const car = { durationMs: between(random, 1800, 3200), centreHz: between(random, 600, 1300), q: 0.7 };
    addSound(bed, at, passingNoise(random, car), between(random, 0.5, 1));
  }
  addSound(bed, momentsOf(random, 1)[0] ?? 0, horn(), 0.12);
  return bed;
}

/** Leaves, and birds that answer each other. */
function makeForest(random: Random): Float32Array {
  const leaves = filterLoop(filterLoop(noiseLoop(random), highPass(1500)), lowPass(3800));
  const bed = swell(leaves, random, { cycles: 4, floor: 0.4 });
  addLoop(bed, filterLoop(noiseLoop(random), lowPass(150)), 0.5);
  for (const at of momentsOf(random, 12)) addSound(bed, at, birdSong(random), between(random, 0.3, 1));
  return bed;
}

function makeCrowdedRoom(random: Random): Float32Array {
  const bed = babble(random, 9);
  addLoop(bed, filterLoop(noiseLoop(random), bandPass(350, 0.7)), 0.4);
  return bed;
}

function horn(): Float32Array {
  const sound = silentLoop().subarray(0, toSamples(450));
  for (let i = 0; i < sound.length; i++) {
    const envelope = Math.sin((Math.PI * i) / sound.length) ** 0.5;
    sound[i] = envelope * (Math.sin(i * 0.165) + Math.sin(i * 0.196) + 0.4 * Math.sin(i * 0.33));
  }
  return sound;
}
