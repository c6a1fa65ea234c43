import { describe, expect, it } from "vitest";
import { FRAME_SAMPLES } from "../../codecs/audio-codec.ts";
import { makePcmu } from "../../codecs/g711.ts";
import { bestCorrelation, rms, shareHeard } from "../../testing/correlation.ts";
import { type Impairment, impair } from "../../testing/impairment.ts";
import { syntheticVoice, toNarrowBand } from "../../testing/synthetic-voice.ts";
import { comfortNoisePayload } from "./comfort-noise.ts";
import { Playout } from "./playout.ts";

type Packet = { sequence: number; timestamp: number; payloadType: number; payload: Uint8Array };
type Sent = { atMs: number; packet: Packet };

const SECONDS = 8;
const REFERENCE = syntheticVoice(SECONDS, 16_000);
const VOICE = toNarrowBand(REFERENCE);

function makePlayout(limits: { startMs?: number; maxMs?: number } = {}): Playout {
  const formats = { codecs: new Map([[0, makePcmu()]]), comfortNoise: 13, others: new Set([101]) };
  return new Playout(formats, 8000, limits);
}

/** `driftPpm`: how much faster the sender's clock runs. */
function packets(voice: Int16Array, { packetMs = 20, firstSequence = 65_400, driftPpm = 0 } = {}): Sent[] {
  const codec = makePcmu();
  const size = packetMs * 8;
  return Array.from({ length: Math.floor(voice.length / size) }, (_, index) => {
    const payload = new Uint8Array(size);
    codec.encode(voice.subarray(index * size, (index + 1) * size), payload, 0);
    const sequence = (firstSequence + index) & 0xffff;
    const timestamp = (0xffff_0000 + index * size) >>> 0;
    const packet = { sequence, timestamp, payloadType: 0, payload };
    return { atMs: 1000 + (index * packetMs) / (1 + driftPpm / 1e6), packet };
  });
}

function play(arrivals: readonly Sent[], playout = makePlayout(), seconds = SECONDS + 1) {
  const heard = new Int16Array(seconds * 16_000);
  let next = 0;
  for (let frame = 0; frame < seconds * 50; frame++) {
    const nowMs = 1003 + frame * 20;
    for (; next < arrivals.length && (arrivals[next] as Sent).atMs <= nowMs; next++) {
      const { atMs, packet } = arrivals[next] as Sent;
      playout.put(packet, packet.payload, atMs);
    }
    playout.next(heard.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES), nowMs);
  }
  return { heard, counts: playout.counts, playout };
}

function playImpaired(impairment: Impairment, seed = 5) {
  return play(impair(packets(VOICE), impairment, seed));
}

it("plays a perfect stream whole, 60 ms after it was sent, across the wrap of sequence and timestamp", () => {
  const { heard, counts } = playImpaired({ delayMs: 0 });
  expect(shareHeard(REFERENCE, heard, { rateHz: 16_000, least: 0.99, lateMs: 65 })).toBeGreaterThan(0.98);
  expect(counts).toMatchObject({ lost: 0, late: 0, duplicate: 0 });
  // When nothing comes any more.
  expect(counts.concealedMs).toBeLessThanOrEqual(60);
});

describe.each([
  { loss: 0.01, jitterMs: 40, duplicates: 0.05, least: 0.95 },
  { loss: 0.03, jitterMs: 40, duplicates: 0, least: 0.9 },
  { loss: 0.1, jitterMs: 40, duplicates: 0.02, least: 0.75 },
  { loss: 0, jitterMs: 120, duplicates: 0, least: 0.85 },
])("with $loss lost, $jitterMs ms jitter, reordering and $duplicates doubled", ({ least, ...impairment }) => {
  it.each([1, 2, 3])("is understood, and counts what happened (seed %i)", (seed) => {
    const { heard, counts, playout } = playImpaired(impairment, seed);
    const total = packets(VOICE).length;
    const options = { rateHz: 16_000, least: 0.9, lateMs: 350 };
    expect(shareHeard(REFERENCE, heard, options)).toBeGreaterThan(least);
    // What is late before the jitter is known is missing, too.
    expect(counts.lost / total).toBeLessThan(impairment.loss * 1.5 + impairment.jitterMs / 1000);
    expect(counts.duplicate / total).toBeLessThan(impairment.duplicates * 1.5 + 0.01);
    if (impairment.duplicates > 0) expect(counts.duplicate).toBeGreaterThan(0);
    expect(counts.late / total).toBeLessThan(impairment.jitterMs / 1000);
    expect(playout.targetMs).toBeLessThan(impairment.jitterMs + 30);
    expect(counts.frames).toBe((SECONDS + 1) * 50);
  });
});

it("comes down to a short delay again after a network that stalled for 400 ms", () => {
  const stalled = impair(packets(syntheticVoice(40, 8000)), { jitterMs: 5 }, 1).map((sent) => ({
    ...sent,
    atMs: sent.atMs > 4000 && sent.atMs < 4400 ? 4400 : sent.atMs,
  }));
  const playout = makePlayout();
  const early = play(
    stalled.filter(({ atMs }) => atMs < 5000),
    playout,
    4,
  );
  expect(early.playout.delayMs(5003)).toBeGreaterThan(150);
  const rest = makePlayout();
  play(stalled, rest, 39);
  expect(rest.delayMs(1003 + 39_000)).toBeLessThan(90);
});

it.each([300, -300])("keeps up with a clock that is %i ppm off, without loss or growing delay", (driftPpm) => {
  const { counts, playout } = play(packets(syntheticVoice(60, 8000), { driftPpm }), makePlayout(), 59);
  expect(Math.abs(playout.delayMs(1003 + 59_000) - playout.targetMs)).toBeLessThan(25);
  expect(counts.lost + counts.late).toBeLessThan(3);
  expect(counts.concealedMs).toBeLessThan(61);
});

it("is silent while the sender pauses, and takes the pause to put its delay right", () => {
  const all = packets(VOICE.subarray(0, 16_000));
  const paused = all
    .filter((_, index) => index < 25 || index >= 75)
    .map(({ atMs, packet }, index) => ({
      atMs,
      packet: { ...packet, sequence: index },
    }));
  const { heard, counts } = play(paused, makePlayout(), 3);
  expect(counts).toMatchObject({ lost: 0, late: 0 });
  expect(rms(heard.subarray(16 * 800, 16 * 1400))).toBe(0);
  expect(
    bestCorrelation(heard, REFERENCE.subarray(16 * 1500, 16 * 1900), 16 * 1400, 16 * 1700).likeness,
  ).toBeGreaterThan(0.98);
});

it("makes noise at the level the sender names, until it speaks again", () => {
  const all = packets(VOICE.subarray(0, 16_000));
  const [before, after] = [all.slice(0, 25), all.slice(75)];
  const payload = comfortNoisePayload(-40);
  const noise = {
    atMs: 1500,
    packet: { sequence: 26, timestamp: (0xffff_0000 + 25 * 160) >>> 0, payloadType: 13, payload },
  };
  const renumber = (sent: readonly Sent[], first: number) =>
    sent.map(({ atMs, packet }, index) => ({ atMs, packet: { ...packet, sequence: first + index } }));
  const { heard } = play([...renumber(before, 1), noise, ...renumber(after, 27)], makePlayout(), 3);
  const level = 20 * Math.log10(rms(heard.subarray(16 * 800, 16 * 1400)) / 32_768);
  expect(level).toBeGreaterThan(-43);
  expect(level).toBeLessThan(-37);
});

it("loses no speech when digits take their place in the order", () => {
  const all = packets(VOICE.subarray(0, 16_000)).map((sent, index) =>
    index >= 40 && index < 48
      ? { ...sent, packet: { ...sent.packet, payloadType: 101, payload: new Uint8Array(4) } }
      : sent,
  );
  const { counts } = play(all, makePlayout(), 2);
  expect(counts.lost).toBe(0);
});

it.each([
  ["timestamps jump", 0, 500_000_000],
  ["sequence numbers jump", 20_000, 0],
  ["both jump back", -9000, -900_000_000],
])("goes on within 100 ms when %s", (_, sequenceStep, timestampStep) => {
  const jumped = packets(VOICE).map(({ atMs, packet }, index) => {
    if (index < 200) return { atMs, packet };
    const sequence = (packet.sequence + sequenceStep) & 0xffff;
    return { atMs, packet: { ...packet, sequence, timestamp: (packet.timestamp + timestampStep) >>> 0 } };
  });
  const { heard, counts } = play(jumped);
  expect(counts.resyncs).toBe(1);
  expect(counts.discarded).toBe(1);
  const after = REFERENCE.subarray(16 * 4100, 16 * 5000);
  expect(bestCorrelation(heard, after, 16 * 4100, 16 * 4300).likeness).toBeGreaterThan(0.97);
});

it("drops a single stray packet from nowhere without losing its place", () => {
  const all = packets(VOICE);
  const stray = { ...(all[100] as Sent), packet: { ...(all[100] as Sent).packet, sequence: 12_345, timestamp: 5 } };
  const { counts } = play([...all.slice(0, 100), stray, ...all.slice(100)]);
  expect(counts).toMatchObject({ resyncs: 0, discarded: 1, lost: 0 });
});

it("never holds more than two seconds, however much comes at once", () => {
  const burst = packets(syntheticVoice(20, 8000)).map((sent) => ({ ...sent, atMs: 1000 }));
  const { counts, playout } = play(burst, makePlayout(), 1);
  expect(counts.discarded).toBeGreaterThan(500);
  expect(playout.delayMs(2003)).toBeLessThan(2100);
});

it.each([10, 30, 40, 60])("takes packets of %i ms", (packetMs) => {
  const { heard, counts } = play(packets(VOICE, { packetMs }));
  expect(shareHeard(REFERENCE, heard, { rateHz: 16_000, least: 0.97, lateMs: 200 })).toBeGreaterThan(0.97);
  expect(counts.lost + counts.late).toBe(0);
});

it("counts payloads that nobody agreed on, or that are too long, and plays on", () => {
  const playout = makePlayout();
  playout.put({ sequence: 1, timestamp: 0, payloadType: 97 }, new Uint8Array(160), 1000);
  playout.put({ sequence: 2, timestamp: 160, payloadType: 0 }, new Uint8Array(1400), 1000);
  playout.put({ sequence: 3, timestamp: 320, payloadType: 0 }, new Uint8Array(0), 1000);
  expect(playout.counts.damaged).toBe(3);
  expect(playout.next(new Int16Array(FRAME_SAMPLES), 1100)).toBe(false);
});
