import { toSamples } from "@earshot/engine";
import { describe, expect, it } from "vitest";
import { findQuietest, UtteranceAudio } from "./utterance-audio.ts";

describe("the audio of an utterance", () => {
  it("keeps all that was said while it is short", () => {
    const audio = new UtteranceAudio();
    const said = Int16Array.from({ length: 70_000 }, (_, i) => i % 1000);
    for (let start = 0; start < said.length; start += 333) audio.push(said.slice(start, start + 333));
    expect(audio.copy()).toEqual(said);
  });

  it("cuts at the quietest place and loses no sample", () => {
    const audio = new UtteranceAudio();
    const said = new Int16Array(toSamples(20_000)).fill(1000);
    said.fill(3, toSamples(11_000), toSamples(11_200));
    const pieces = audio.push(said.slice());
    expect(pieces).toHaveLength(1);
    const cutMs = (pieces[0]?.length ?? 0) / 16;
    expect(cutMs).toBeGreaterThan(11_000);
    expect(cutMs).toBeLessThan(11_200);
    expect((pieces[0]?.length ?? 0) + audio.length).toBe(said.length);
  });

  it("holds fifteen seconds at most", () => {
    const audio = new UtteranceAudio();
    for (let i = 0; i < 600; i++) {
      audio.push(new Int16Array(toSamples(1000)));
      expect(audio.length).toBeLessThan(toSamples(15_000));
    }
  });

  it("takes the later of two equally quiet places", () => {
    const samples = new Int16Array(32_000).fill(500);
    samples.fill(0, 8000, 11_000);
    samples.fill(0, 20_000, 23_000);
    expect(findQuietest(samples, 4000)).toBeGreaterThan(20_000);
  });
});
