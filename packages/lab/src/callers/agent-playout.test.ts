import fc from "fast-check";
import { expect, it } from "vitest";
import { AgentPlayout } from "./agent-playout.ts";

const tone = (length: number, value = 9) => new Int16Array(length).fill(value);

it("keeps what is heard at its place in time, with silence between", () => {
  const playout = new AgentPlayout();
  playout.tick();
  playout.push(tone(320));
  playout.tick();
  playout.tick();
  expect([...playout.heard()]).toEqual([...tone(320, 0), ...tone(320), ...tone(320, 0)]);
  expect(playout.playedSamples).toBe(320);
});

it("leaves out what was cleared before it was heard", () => {
  const playout = new AgentPlayout();
  playout.push(tone(500));
  playout.tick();
  playout.clear();
  playout.push(tone(10, 4));
  playout.tick();
  expect([...playout.heard()]).toEqual([...tone(320), ...tone(10, 4), ...tone(310, 0)]);
  expect(playout.playedSamples).toBe(330);
});

it("is audible from the first sound that waits to the last that plays, and not for silence", () => {
  const playout = new AgentPlayout();
  const audible = [playout.isAudible];
  playout.push(tone(640, 0));
  audible.push(playout.isAudible);
  playout.push(tone(320));
  for (let i = 0; i < 4; i++) {
    audible.push(playout.isAudible);
    playout.tick();
  }
  audible.push(playout.isAudible);
  expect(audible).toEqual([false, false, true, true, true, true, false]);
});

it("neither loses nor repeats a sample, however the audio is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 }), (lengths) => {
      const playout = new AgentPlayout();
      let next = 1;
      for (const length of lengths) playout.push(Int16Array.from({ length }, () => next++));
      for (let i = 0; i < 60; i++) playout.tick();
      const heard = [...playout.heard()].filter((sample) => sample !== 0);
      expect(heard).toEqual(Array.from({ length: next - 1 }, (_, i) => i + 1));
      expect(playout.playedSamples).toBe(next - 1);
      expect(playout.queuedSamples).toBe(0);
    }),
  );
});
