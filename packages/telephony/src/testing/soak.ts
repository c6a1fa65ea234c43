/** Hours of calls in minutes: what grows with time is found here. */

import { memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { AudioCodecName } from "../sdp/media-capabilities.ts";
import { IMPAIRMENTS, type Impairment } from "./impairment.ts";
import { syntheticVoice } from "./synthetic-voice.ts";
import { makeVirtualLine, placeVirtualCall, speakFrames, type VirtualCall } from "./virtual-call.ts";

export type SoakOptions = {
  /** Simulated time, over all. */
  readonly minutes: number;
  /** At once. Default 4: G.711, G.722 and Opus in turn. */
  readonly calls?: number;
  /** Each call is hung up and another one placed after so long. Default 3. */
  readonly callMinutes?: number;
  /** Default a bad mobile line. */
  readonly impairment?: Impairment;
  readonly seed?: number;
  /** Told after each `callMinutes`. */
  readonly onProgress?: (sample: SoakSample) => void;
};

export type SoakSample = {
  /** Simulated. */
  readonly minutes: number;
  /** After a garbage collection. */
  readonly heapBytes: number;
  readonly timers: number;
  /** The longest delay of a call at that moment. */
  readonly delayMs: number;
};

export type SoakReport = {
  readonly samples: readonly SoakSample[];
  readonly calls: number;
  readonly packets: number;
  /** From the second sample, when everything is warm, to the last one; per simulated hour. */
  readonly heapGrowthBytesPerHour: number;
};

const CODECS: readonly AudioCodecName[] = ["PCMU", "PCMA", "G722", "opus"];
const VOICE_SECONDS = 5;

/** Runs calls one after the other on a manual clock, over a bad network, and weighs the memory in between. */
export function soak(options: SoakOptions): SoakReport {
  const { minutes, calls = 4, callMinutes = 3, seed = 1, onProgress } = options;
  const voice = syntheticVoice(VOICE_SECONDS, 16_000, seed);
  const line = makeVirtualLine(options.impairment ?? IMPAIRMENTS["a bad mobile line"], seed);
  line.network.keepsSent = false;
  const samples: SoakSample[] = [];
  const collect = makeCollector();
  let placed = 0;
  let packets = 0;
  for (let past = 0; past < minutes; past += callMinutes) {
    const open = Array.from({ length: calls }, (_, index): VirtualCall => {
      const codec = CODECS[index % CODECS.length] as AudioCodecName;
      return placeVirtualCall(line, { number: index + 1, codec, seed: seed + ++placed });
    });
    const ends = open.flatMap(({ speaker, listener }) => [speaker, listener]);
    for (let spokenS = 0; spokenS < callMinutes * 60; spokenS += VOICE_SECONDS) speakFrames(line, ends, voice);
    const delayMs = Math.max(...ends.map(({ statistics }) => statistics.received.bufferMs));
    packets += ends.reduce((sum, { statistics }) => sum + statistics.received.packets, 0);
    for (const call of open) call.close();
    line.clock.advance(1_000);
    const sample = { minutes: past + callMinutes, heapBytes: collect(), timers: line.clock.pending, delayMs };
    samples.push(sample);
    onProgress?.(sample);
  }
  return { samples, calls: placed, packets, heapGrowthBytesPerHour: growthPerHour(samples) };
}

function growthPerHour(samples: readonly SoakSample[]): number {
  const [first, last] = [samples[1], samples.at(-1)];
  if (first === undefined || last === undefined || last.minutes === first.minutes) return 0;
  return ((last.heapBytes - first.heapBytes) * 60) / (last.minutes - first.minutes);
}

/** Bytes that are still in use. */
function makeCollector(): () => number {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  return () => {
    gc();
    return memoryUsage().heapUsed;
  };
}
