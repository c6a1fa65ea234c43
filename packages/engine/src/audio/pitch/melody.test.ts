import { expect, it } from "vitest";
import { melodyOf } from "./melody.ts";

const rest = { energyFallDb: 0, syllableRate: 5, finalLengthening: 1, voicedMs: 400 };

it.each([
  { slope: -12, finalPitch: -4, melody: "falling" },
  { slope: -1, finalPitch: -2.5, melody: "falling" },
  { slope: -8, finalPitch: -1, melody: "falling" },
  { slope: -8, finalPitch: 1, melody: "level" },
  { slope: 0, finalPitch: 0.5, melody: "level" },
  { slope: 3, finalPitch: 4, melody: "level" },
  { slope: 15, finalPitch: 4, melody: "rising" },
  { slope: 15, finalPitch: -3, melody: "level" },
] as const)("takes a slope of $slope and a last pitch of $finalPitch for $melody", ({ slope, finalPitch, melody }) => {
  expect(melodyOf({ ...rest, slope, finalPitch })).toBe(melody);
});
