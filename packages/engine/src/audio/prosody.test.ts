import { describe, expect, it } from "vitest";
import { FRAME_SAMPLES, type Samples, toSamples } from "./frame.ts";
import { decodeMuLaw, encodeMuLaw } from "./g711.ts";
import { ProsodyTracker, type UtteranceProsody } from "./prosody.ts";

/** A voice-like sound: harmonics under a gliding pitch, with noise. `gain` over time, 0 to 1. */
function voice(options: {
  ms: number;
  fromHz: number;
  toHz: number;
  gain?: (share: number) => number;
  withoutFundamental?: boolean;
}): Samples {
  const { ms, fromHz, toHz, gain = () => 1, withoutFundamental = false } = options;
  const samples = new Int16Array(toSamples(ms));
  let phase = 0;
  let state = 7;
  for (let i = 0; i < samples.length; i++) {
    const share = i / samples.length;
    phase += (2 * Math.PI * fromHz * (toHz / fromHz) ** share) / 16_000;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    let sum = 0;
    for (let harmonic = withoutFundamental ? 3 : 1; harmonic <= 12; harmonic++)
      sum += Math.sin(harmonic * phase) / harmonic;
    samples[i] = 5000 * gain(share) * sum + 60 * (state / 0x8000_0000 - 1);
  }
  return samples;
}

function track(samples: Samples, tracker = new ProsodyTracker()) {
  const pitches: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES)
    pitches.push(tracker.push(samples.subarray(at, at + FRAME_SAMPLES)).pitchHz);
  return { pitches, tracker };
}

function describeVoice(options: Parameters<typeof voice>[0]): UtteranceProsody {
  const prosody = track(voice(options)).tracker.describe();
  if (!prosody) throw new Error("no voice was found");
  return prosody;
}

const semitones = (fromHz: number, toHz: number) => 12 * Math.log2(toHz / fromHz);

describe("the prosody tracker", () => {
  it.each([75, 90, 120, 160, 220, 300, 380])("finds a pitch of %i Hz within 2 per cent", (hz) => {
    const { pitches } = track(voice({ ms: 600, fromHz: hz, toHz: hz }));
    for (const pitch of pitches.slice(5)) expect(Math.abs(pitch / hz - 1)).toBeLessThan(0.02);
  });

  it.each([100, 200])("finds a pitch of %i Hz whose own tone the telephone has taken away", (hz) => {
    const samples = voice({ ms: 600, fromHz: hz, toHz: hz, withoutFundamental: true });
    const { pitches } = track(decodeMuLaw(encodeMuLaw(samples)));
    for (const pitch of pitches.slice(5)) expect(Math.abs(pitch / hz - 1)).toBeLessThan(0.03);
  });

  it("takes noise and silence for no voice", () => {
    let state = 9;
    const noise = Int16Array.from({ length: 16_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return 3000 * (state / 0x8000_0000 - 1);
    });
    expect(track(noise).pitches.filter((pitch) => pitch > 0).length).toBeLessThan(4);
    expect(track(new Int16Array(16_000)).pitches.every((pitch) => pitch === 0)).toBe(true);
    expect(track(noise).tracker.describe()).toBeUndefined();
  });

  it.each([
    { fromHz: 200, toHz: 130 },
    { fromHz: 120, toHz: 90 },
    { fromHz: 150, toHz: 150 },
    { fromHz: 150, toHz: 220 },
  ])("tells the slope from $fromHz to $toHz Hz", ({ fromHz, toHz }) => {
    const { slope } = describeVoice({ ms: 800, fromHz, toHz });
    expect(Math.abs(slope - semitones(fromHz, toHz) / 0.8)).toBeLessThan(1);
  });

  it("tells the last pitch against the speaker's usual one, also in a later utterance", () => {
    const { tracker } = track(voice({ ms: 3000, fromHz: 200, toHz: 200 }));
    tracker.begin();
    track(voice({ ms: 400, fromHz: 150, toHz: 150 }), tracker);
    expect(tracker.describe()?.finalPitch).toBeCloseTo(semitones(200, 150), 0);
  });

  it("tells by how much the voice falls off", () => {
    const gain = (share: number) => (share < 0.7 ? 1 : 0.25);
    expect(describeVoice({ ms: 1000, fromHz: 150, toHz: 150, gain }).energyFallDb).toBeGreaterThan(5);
    expect(Math.abs(describeVoice({ ms: 1000, fromHz: 150, toHz: 150 }).energyFallDb)).toBeLessThan(1);
  });

  it("counts syllables, and hears a last one that is drawn out", () => {
    const even = (share: number) => 0.05 + Math.sin(Math.PI * 8 * share) ** 2;
    const drawn = (share: number) => (share < 0.5 ? even(share) : 0.05 + Math.sin(2 * Math.PI * (share - 0.5)) ** 2);
    const steady = describeVoice({ ms: 1600, fromHz: 150, toHz: 150, gain: even });
    expect(steady.syllableRate).toBeGreaterThan(4);
    expect(steady.syllableRate).toBeLessThan(8);
    expect(steady.finalLengthening).toBeLessThan(1.5);
    expect(describeVoice({ ms: 1600, fromHz: 150, toHz: 150, gain: drawn }).finalLengthening).toBeGreaterThan(2);
  });

  it("tells nothing of an utterance with hardly any voice", () => {
    expect(track(voice({ ms: 100, fromHz: 150, toHz: 150 })).tracker.describe()).toBeUndefined();
  });

  it("keeps to the end of an utterance that is longer than it remembers", () => {
    const { tracker } = track(voice({ ms: 31_000, fromHz: 150, toHz: 150 }));
    track(voice({ ms: 600, fromHz: 150, toHz: 100 }), tracker);
    expect(tracker.describe()?.slope).toBeLessThan(-5);
  });
});
