import { beforeAll, describe, expect, it } from "vitest";
import { Flite } from "./flite.ts";
import { FLITE_VOICES } from "./flite-voices.ts";

let flite: Flite;
beforeAll(async () => {
  flite = await Flite.load();
});

describe("Flite", () => {
  it.each(FLITE_VOICES)("begins to speak at once and leaves little silence behind: $id", ({ id }) => {
    const spoken = flite.speak({ text: "Please hold the line.", voiceId: id, speed: 1 });
    const samples = spoken?.samples ?? new Int16Array(0);
    const loud = [...samples.keys()].filter((i) => Math.abs(samples[i] ?? 0) > 500);
    expect((loud[0] ?? 0) / 16).toBeLessThan(200);
    expect((samples.length - (loud.at(-1) ?? 0)) / 16).toBeLessThan(300);
    expect((samples.length - (loud.at(-1) ?? 0)) / 16).toBeGreaterThan(20);
  });

  it("times the words on their sounds", () => {
    const spoken = flite.speak({ text: "Hello, my name is Ann.", voiceId: "flite:rms", speed: 1 });
    const words = spoken?.words ?? [];
    expect(words.map((word) => word.text)).toEqual(["Hello,", "my", "name", "is", "Ann."]);
    expect(words[0]?.startMs).toBe(20);
    // The comma is a pause.
    expect((words[1]?.startMs ?? 0) - (words[0]?.endMs ?? 0)).toBeGreaterThan(50);
    expect(words.at(-1)?.endMs).toBeCloseTo((spoken?.samples.length ?? 0) / 16 - 150, -1);
  });

  it("gives nothing for what it can't say", () => {
    expect(flite.speak({ text: "...", voiceId: "flite:rms", speed: 1 })).toBeUndefined();
  });

  it("says text that looks like an option or a file", () => {
    expect(flite.speak({ text: "--help", voiceId: "flite:rms", speed: 1 })?.samples.length).toBeGreaterThan(1000);
    expect(flite.speak({ text: "/etc/passwd", voiceId: "flite:rms", speed: 1 })?.samples.length).toBeGreaterThan(1000);
  });

  it("says the same thing the same way thirty times", () => {
    const speak = (): Buffer =>
      Buffer.from(
        flite.speak({ text: "Yes.", voiceId: "flite:kal16", speed: 1 })?.samples.buffer ?? new ArrayBuffer(0),
      );
    const first = speak();
    for (let i = 0; i < 30; i++) expect(speak().equals(first)).toBe(true);
  });
});
