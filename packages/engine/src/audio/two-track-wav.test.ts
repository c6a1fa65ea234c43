import fc from "fast-check";
import { expect, it } from "vitest";
import { fixedWavHeader, streamingWavHeader, TIMELINE_WINDOW_SAMPLES, TwoTrackTimeline } from "./two-track-wav.ts";
import { parseWav } from "./wav.ts";

it("puts both tracks side by side, with silence where nobody wrote", () => {
  const timeline = new TwoTrackTimeline();
  timeline.write("agent", 2, Int16Array.of(7, -8));
  timeline.write("caller", 0, Int16Array.of(1, -2, 300));
  expect(moments(timeline, 5)).toEqual([
    [1, 0],
    [-2, 0],
    [300, 7],
    [0, -8],
    [0, 0],
  ]);
});

it("is the same recording in whatever order the frames come and the blocks are taken", () => {
  const frame = fc.record({ track: fc.constantFrom("caller" as const, "agent" as const), index: fc.nat(149) });
  const frames = fc.uniqueArray(frame, { selector: ({ track, index }) => `${track} ${index}`, maxLength: 200 });
  fc.assert(
    fc.property(frames, fc.array(fc.nat(47_000), { maxLength: 5 }), (written, stops) => {
      const expected = new Int16Array(2 * TIMELINE_WINDOW_SAMPLES);
      const timeline = new TwoTrackTimeline();
      for (const { track, index } of written) {
        const value = track === "caller" ? index + 1 : -index - 1;
        timeline.write(track, index * 320, new Int16Array(320).fill(value));
        const channel = track === "caller" ? 0 : 1;
        for (let i = 0; i < 320; i++) expected[2 * (index * 320 + i) + channel] = value;
      }
      const ordered = [...stops.sort((a, b) => a - b), TIMELINE_WINDOW_SAMPLES];
      const taken = Buffer.concat(ordered.flatMap((stop) => [...timeline.blocksUpTo(stop)]));
      expect(taken.equals(new Uint8Array(expected.buffer))).toBe(true);
      expect(timeline.lostSamples).toBe(0);
    }),
    { numRuns: 20 },
  );
});

it("goes round its window without an echo of what was there before", () => {
  const timeline = new TwoTrackTimeline();
  for (let second = 0; second < 7; second++) {
    const track = second % 2 === 0 ? "caller" : "agent";
    timeline.write(track, second * 16_000, new Int16Array(16_000).fill(5));
    const values = new Set(moments(timeline, (second + 1) * 16_000).map(String));
    expect([...values]).toEqual([track === "caller" ? "5,0" : "0,5"]);
  }
  timeline.write("caller", timeline.position, Int16Array.of(9));
  expect(
    moments(timeline, timeline.position + 2 * TIMELINE_WINDOW_SAMPLES).filter(([caller]) => caller === 9),
  ).toHaveLength(1);
});

it("counts what came too late or too early", () => {
  const timeline = new TwoTrackTimeline();
  moments(timeline, 100);
  timeline.write("agent", 90, new Int16Array(20).fill(3));
  expect(timeline.lostSamples).toBe(10);
  timeline.write("agent", 100 + TIMELINE_WINDOW_SAMPLES - 5, new Int16Array(20).fill(4));
  timeline.write("agent", 10 * TIMELINE_WINDOW_SAMPLES, new Int16Array(1));
  expect(timeline.lostSamples).toBe(26);
  const agent = moments(timeline, 100 + TIMELINE_WINDOW_SAMPLES).map(([, sample]) => sample);
  expect(agent.slice(0, 11)).toEqual([...Array(10).fill(3), 0]);
  expect(agent.slice(-6)).toEqual([0, 4, 4, 4, 4, 4]);
});

it("hands out blocks of a second at most", () => {
  const sizes = [...new TwoTrackTimeline().blocksUpTo(40_000)].map((block) => block.length);
  expect(sizes).toEqual([64_000, 64_000, 32_000]);
});

it("is a readable file under both headers", () => {
  const timeline = new TwoTrackTimeline();
  timeline.write("agent", 0, Int16Array.of(11, 12));
  const blocks = [...timeline.blocksUpTo(2)].flatMap((block) => [...block]);
  for (const header of [streamingWavHeader(), fixedWavHeader(8)]) {
    const wav = parseWav(Uint8Array.from([...header, ...blocks]));
    expect(wav).toMatchObject({ channels: 2, sampleRateHz: 16_000 });
    expect([...wav.samples]).toEqual([0, 11, 0, 12]);
  }
  expect(fixedWavHeader(8)[4]).toBe(44);
});

function moments(timeline: TwoTrackTimeline, upTo: number): number[][] {
  return [...timeline.blocksUpTo(upTo)].flatMap((block) => {
    const samples = new Int16Array(block.buffer);
    return Array.from({ length: samples.length / 2 }, (_, i) => [samples[2 * i] ?? 0, samples[2 * i + 1] ?? 0]);
  });
}
