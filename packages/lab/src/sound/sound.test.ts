import { ENGINE_RATE_HZ, FRAME_SAMPLES, type Samples, toMs } from "@earshot/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../random.ts";
import { CallerLine, SPEECH_DBFS } from "./caller-line.ts";
import { Echo } from "./echo.ts";
import { MADE_SOUNDS, makeSound } from "./made-sounds.ts";
import { NOISE_KINDS, Noise } from "./noise.ts";
import { PacketLoss } from "./packet-loss.ts";
import { fromDbfs, joinSamples, rms, speechRms, toSpeechLevel } from "./samples.ts";
import { changeSpeed } from "./stretch.ts";
import { TelephoneLine } from "./telephone-line.ts";
import { changeVoice } from "./voice.ts";

const tone = (hz: number, ms: number, amplitude = 8000): Samples =>
  Int16Array.from({ length: (ENGINE_RATE_HZ * ms) / 1000 }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / ENGINE_RATE_HZ)),
  );
const framesOf = (samples: Samples): Samples[] =>
  Array.from({ length: Math.floor(samples.length / FRAME_SAMPLES) }, (_, i) =>
    samples.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
  );
/** Rising zero crossings a second, the edges left out. */
const pitchOf = (samples: Samples): number => {
  const inner = samples.subarray(800, -800);
  let crossings = 0;
  for (let i = 1; i < inner.length; i++) if ((inner[i - 1] ?? 0) < 0 && (inner[i] ?? 0) >= 0) crossings += 1;
  return (crossings * 1000) / toMs(inner.length);
};

describe("a changed voice", () => {
  it.each([0.7, 1.3, 2])("is %f times as fast and as high as before", (speed) => {
    const changed = changeSpeed(tone(200, 2000), speed);
    expect(toMs(changed.length)).toBeCloseTo(2000 / speed, -1);
    expect(pitchOf(changed)).toBeGreaterThan(196);
    expect(pitchOf(changed)).toBeLessThan(204);
    expect(rms(changed) / rms(tone(200, 2000))).toBeCloseTo(1, 1);
  });

  it.each([0.8, 1.25])("is %f times as high and as long as before", (pitch) => {
    const changed = changeVoice(tone(200, 2000), { pitch });
    expect(toMs(changed.length) / 2000).toBeCloseTo(1, 2);
    expect(pitchOf(changed) / (200 * pitch)).toBeCloseTo(1, 1);
  });

  it("is left alone where nothing is changed", () => {
    const voice = tone(200, 500);
    expect(changeVoice(voice, {})).toBe(voice);
  });

  it("survives any length and speed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4000 }),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 0.6, max: 1.6, noNaN: true }),
        (length, speed, pitch) => {
          const changed = changeVoice(new Int16Array(length).fill(1000), { speed, pitch });
          expect(changed.length).toBeLessThanOrEqual((length / Math.min(speed, 1) / Math.min(pitch, 1)) * 1.01 + 20);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a noise", () => {
  const voices = [tone(150, 700), tone(230, 900)];

  it.each(NOISE_KINDS)("of the kind %s has its level and goes on for ever", (kind) => {
    const noise = new Noise(kind, { level: 500, random: new Random(3), voices });
    const heard = noise.next(ENGINE_RATE_HZ * 8);
    expect(rms(heard) / 500).toBeGreaterThan(0.6);
    expect(rms(heard) / 500).toBeLessThan(1.6);
  });

  it("is the same for the same seed and another for another", () => {
    const hear = (seed: number) => [...new Noise("pink", { level: 100, random: new Random(seed) }).next(50)];
    expect(hear(1)).toEqual(hear(1));
    expect(hear(1)).not.toEqual(hear(2));
  });
});

describe("packet loss", () => {
  const voice = framesOf(tone(200, 60_000));

  it("loses the share that it is told to, in runs of the length it is told", () => {
    const loss = new PacketLoss({ percent: 10, burstFrames: 4, isConcealed: false }, new Random(7));
    const heard = voice.map((frame) => loss.pass(frame).some((sample) => sample !== 0));
    expect(loss.lost / voice.length).toBeGreaterThan(0.07);
    expect(loss.lost / voice.length).toBeLessThan(0.13);
    const runs = heard.filter((isHeard, i) => !isHeard && heard[i - 1] !== false).length;
    expect(loss.lost / runs).toBeGreaterThan(2.8);
    expect(loss.lost / runs).toBeLessThan(5.5);
  });

  it("fills a gap with the last sound, fading, and then with silence", () => {
    const loss = new PacketLoss({ percent: 90, burstFrames: 1000 }, new Random(1));
    const heard = voice.map((frame) => ({ level: rms(loss.pass(frame)), lost: loss.lost }));
    const begin = heard.findIndex(({ lost }) => lost === 1);
    const levels = heard.slice(begin - 1, begin + 6).map(({ level }) => level);
    expect(levels[0]).toBeGreaterThan(5000);
    expect(levels.at(-1)).toBe(0);
    expect([...levels].sort((a, b) => b - a)).toEqual(levels);
  });

  it("of 0 percent changes nothing", () => {
    const loss = new PacketLoss({ percent: 0 }, new Random(1));
    expect(voice.every((frame) => loss.pass(frame) === frame)).toBe(true);
  });
});

it("leaves the middle of the voice on the telephone and takes the rest away", () => {
  const through = (hz: number) => {
    const line = new TelephoneLine();
    return rms(joinSamples(framesOf(tone(hz, 1000)).map((frame) => line.pass(frame))));
  };
  const whole = rms(tone(1000, 1000));
  expect(through(1000) / whole).toBeGreaterThan(0.9);
  expect(through(80) / whole).toBeLessThan(0.1);
  expect(through(5000) / whole).toBeLessThan(0.05);
});

it("returns the agent's voice later and quieter", () => {
  const echo = new Echo({ gainDb: -20, delayMs: 100 });
  const [first, ...rest] = framesOf(tone(400, 400)).map((frame) => rms(echo.pass(frame)));
  expect(first).toBe(0);
  expect(Math.max(...rest)).toBeLessThan(rms(tone(400, 400)) * 0.25);
  expect(Math.max(...rest)).toBeGreaterThan(rms(tone(400, 400)) * 0.05);
});

it.each(MADE_SOUNDS)("makes a %s that is heard and doesn't clip", (kind) => {
  const sound = makeSound(kind, new Random(5));
  expect(Math.max(...sound.map(Math.abs))).toBeGreaterThan(500);
  expect(Math.max(...sound.map(Math.abs))).toBeLessThan(32_000);
  expect([...makeSound(kind, new Random(5))]).toEqual([...sound]);
});

describe("the line of a caller", () => {
  const voice = framesOf(toSpeechLevel(tone(300, 2000), SPEECH_DBFS));
  const nobody = new Int16Array(FRAME_SAMPLES);
  const hear = (options: ConstructorParameters<typeof CallerLine>[0], frames = voice, played = nobody) => {
    const line = new CallerLine(options, { seed: 4 });
    return joinSamples(frames.map((frame) => line.pass(frame, played)));
  };
  const silence = voice.map(() => nobody);

  it("is exact where nothing is wrong with it", () => {
    expect([...hear({})]).toEqual([...joinSamples(voice)]);
  });

  it("keeps the noise at its distance from the voice", () => {
    const noise = rms(hear({ noise: { kind: "white", snrDb: 10 } }, silence));
    expect((20 * Math.log10(speechRms(joinSamples(voice)) / noise)).toFixed(0)).toBe("10");
  });

  it("has the agent in the microphone, also while the caller is silent", () => {
    expect(rms(hear({ echo: { gainDb: -12, delayMs: 20 } }, silence, tone(300, 20)))).toBeGreaterThan(100);
  });

  it("clips what is too loud", () => {
    const loud = hear({ gainDb: 40 });
    expect(Math.max(...loud)).toBe(32_767);
    expect(loud.filter((sample) => sample === 32_767).length).toBeGreaterThan(loud.length / 4);
  });

  it("brings speech to its level and leaves silence", () => {
    expect(speechRms(toSpeechLevel(tone(300, 500, 900), -24)) / fromDbfs(-24)).toBeCloseTo(1, 2);
    expect(rms(toSpeechLevel(nobody, -24))).toBe(0);
  });
});
