import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeCadence, type SpeechStretch, whoSpeaks } from "./cadence.ts";

const said = (startMs: number, endMs?: number): SpeechStretch =>
  endMs === undefined ? { startMs } : { startMs, endMs };
const who = (stretches: readonly SpeechStretch[], nowMs: number) => {
  const cadence = describeCadence(stretches, nowMs);
  return cadence && whoSpeaks(cadence);
};

describe("cadence", () => {
  it("is unknown before the first sound", () => {
    expect(describeCadence([], 5000)).toBeUndefined();
  });

  it("tells the first uninterrupted speech from the whole greeting", () => {
    expect(describeCadence([said(400, 1400), said(1500, 2000), said(2500, 3500)], 6000)).toEqual({
      firstSpeechAtMs: 400,
      firstStretchMs: 1600,
      greetingMs: 3100,
      silentMs: 2500,
      pauses: 1,
      longestPauseMs: 500,
      density: 2500 / 3100,
      hasYielded: true,
    });
  });

  it("ends the greeting at a pause in which an answer was expected", () => {
    const cadence = describeCadence([said(0, 500), said(2000, 2600)], 2600);
    expect(cadence).toMatchObject({ greetingMs: 500, hasYielded: true, silentMs: 0 });
  });

  it("counts what is still being said", () => {
    expect(describeCadence([said(1000)], 4000)).toMatchObject({ greetingMs: 3000, silentMs: 0, hasYielded: false });
  });

  it.each([
    ["a person who says hello and waits", [said(300, 800)], 1900, "person"],
    ["a person who says hello twice", [said(300, 800), said(2500, 3000)], 3100, "person"],
    ["a person with a firm's name", [said(300, 1400), said(1800, 2700)], 3800, "person"],
    ["a person who has just stopped", [said(300, 800)], 1200, undefined],
    ["a machine's greeting", [said(500, 3000), said(3400, 6000)], 6100, "machine"],
    ["a machine that goes on", [said(500)], 5200, "machine"],
    ["something between", [said(500, 3800)], 5000, undefined],
  ] as const)("takes %s for what it is", (_, stretches, nowMs, expected) => {
    expect(who(stretches, nowMs)).toBe(expected);
  });

  it("gives sane figures for whatever is said", () => {
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lengths, fc.nat(5000), (pairs, laterMs) => {
        let atMs = 0;
        const stretches = pairs.map(([gapMs, lengthMs]) => {
          const startMs = atMs + gapMs;
          atMs = startMs + lengthMs;
          return said(startMs, atMs);
        });
        const cadence = describeCadence(stretches, atMs + laterMs);
        expect(cadence?.silentMs).toBe(laterMs);
        expect(cadence?.density).toBeGreaterThan(0);
        expect(cadence?.density).toBeLessThanOrEqual(1);
        expect(cadence?.firstStretchMs).toBeLessThanOrEqual(cadence?.greetingMs ?? 0);
        expect(cadence?.longestPauseMs).toBeLessThan(1000);
      }),
    );
  });
});
