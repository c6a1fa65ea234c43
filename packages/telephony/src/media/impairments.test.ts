import { describe, expect, it } from "vitest";
import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import type { AudioCodecName } from "../sdp/media-capabilities.ts";
import { shareHeard } from "../testing/correlation.ts";
import { IMPAIRMENTS, type ImpairmentName } from "../testing/impairment.ts";
import { syntheticVoice } from "../testing/synthetic-voice.ts";
import { makeVirtualLine, placeVirtualCall, speakFrames } from "../testing/virtual-call.ts";

const VOICE = syntheticVoice(5, 16_000);
/** From the sender's frame to the listener's: packets of 20 ms, the network, and what the jitter needs. */
const BASE_MS = 20 + 30 + 60;

/** The least share of speech that is heard as it was said, in windows of 100 ms: a lost packet spoils one or two. */
const LEAST: Readonly<Record<ImpairmentName, number>> = {
  perfect: 0.98,
  "loss of 1 %": 0.92,
  "loss of 3 %": 0.85,
  "loss of 5 %": 0.75,
  "loss of 10 %": 0.55,
  "bursts of 60 ms": 0.8,
  "jitter of 40 ms": 0.9,
  reordering: 0.9,
  duplicates: 0.97,
  "a bad mobile line": 0.7,
};
const SPREAD_MS: Partial<Record<ImpairmentName, number>> = {
  "jitter of 40 ms": 40,
  reordering: 45,
  "a bad mobile line": 70,
};

function talk(name: ImpairmentName, codec: AudioCodecName, voice = VOICE) {
  const line = makeVirtualLine(IMPAIRMENTS[name], 7);
  const heard = new Int16Array(voice.length + 16_000);
  let frames = 0;
  const call = placeVirtualCall(line, {
    codec,
    onHeard: (frame) => heard.set(frame, frames++ * FRAME_SAMPLES),
  });
  let longestMs = 0;
  speakFrames(line, [call.speaker], voice, () => {
    longestMs = Math.max(longestMs, call.listener.statistics.received.bufferMs);
  });
  line.clock.advance(500);
  const { received, quality } = call.listener.statistics;
  call.close();
  return { heard, received, quality, longestMs };
}

/** Of all of them for one codec, those that differ from codec to codec for the others. */
const ALL = Object.keys(IMPAIRMENTS) as ImpairmentName[];
const TELLING: ImpairmentName[] = ["loss of 5 %", "jitter of 40 ms", "a bad mobile line"];

describe.each<[AudioCodecName, readonly ImpairmentName[]]>([
  ["PCMU", ALL],
  ["G722", TELLING],
  ["opus", TELLING],
])("%s", (codec, names) => {
  it.each(names)("is understood through: %s", (name) => {
    const { heard, received, quality, longestMs } = talk(name, codec);
    const spreadMs = SPREAD_MS[name] ?? 0;
    const isOpus = codec === "opus";
    const options = { rateHz: 16_000, least: isOpus ? 0.8 : 0.9, lateMs: BASE_MS + 2 * spreadMs + 40 };
    expect(shareHeard(VOICE, heard, options)).toBeGreaterThan(LEAST[name] - (isOpus ? 0.12 : 0));
    expect(longestMs).toBeLessThan(BASE_MS + 2 * spreadMs);
    expect(received.refused).toBe(0);
    expect(quality?.mos).toBeGreaterThan(name === "loss of 10 %" ? 1.5 : 2.5);
  });
});

it("gives a delay back after the network has been bad for a while", () => {
  const line = makeVirtualLine({ jitterMs: 5 }, 3);
  const call = placeVirtualCall(line);
  const delayMs = () => call.listener.statistics.received.bufferMs;
  const speak = (seconds: number) => speakFrames(line, [call.speaker], syntheticVoice(seconds, 16_000, 4));
  speak(3);
  const beforeMs = delayMs();
  line.network.impairment = { jitterMs: 250 };
  speak(3);
  const worstMs = delayMs();
  line.network.impairment = { jitterMs: 5 };
  speak(40);
  expect(worstMs).toBeGreaterThan(beforeMs + 80);
  expect(delayMs()).toBeLessThan(beforeMs + 40);
  call.close();
});
