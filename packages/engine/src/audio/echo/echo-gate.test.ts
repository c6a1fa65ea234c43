import { describe, expect, it } from "vitest";
import { babble } from "../ambience/babble.ts";
import { seededRandom } from "../ambience/seeded-random.ts";
import { FRAME_MS, FRAME_SAMPLES, type Samples, toSamples } from "../frame.ts";
import { rmsDbfs } from "../level.ts";
import { ECHO_SHARE, EchoGate } from "./echo-gate.ts";

/** Ten seconds of somebody talking, at about -24 dBFS while talking. */
function talk(seed: number): Float32Array {
  const voice = babble(seededRandom(seed), 1);
  const loud = voice.filter((sample) => Math.abs(sample) > 0.01);
  const rms = Math.sqrt(loud.reduce((sum, sample) => sum + sample * sample, 0) / loud.length);
  return voice.map((sample) => (sample / rms) * 2000);
}

const AGENT = talk(11);
const CALLER = talk(29);

/** The caller's side: the agent's voice, late and quieter, the caller's own from `speaksAtMs` on, and noise. */
function mix(options: { echoDb?: number; delayMs?: number; speaksAtMs?: number; callerDb?: number }): Samples {
  const { echoDb, delayMs = 120, speaksAtMs = Number.POSITIVE_INFINITY, callerDb = 0 } = options;
  const random = seededRandom(5);
  const delay = toSamples(delayMs);
  const speaksAt = speaksAtMs * 16;
  const echoGain = echoDb === undefined ? 0 : 10 ** (echoDb / 20);
  return Int16Array.from(AGENT, (_, i) => {
    const echo = i < delay ? 0 : (AGENT[i - delay] ?? 0) * echoGain;
    const caller = i < speaksAt ? 0 : (CALLER[i - speaksAt] ?? 0) * 10 ** (callerDb / 20);
    return echo + caller + 20 * (2 * random() - 1);
  });
}

/** Shares of echo, one a frame. */
function listen(side: Samples, gate = new EchoGate(), options: { isAgentSilent?: boolean } = {}): number[] {
  const shares: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= side.length; at += FRAME_SAMPLES) {
    const atMs = 5000 + at / 16;
    const played = Int16Array.from(AGENT.subarray(at, at + FRAME_SAMPLES));
    if (!options.isAgentSilent) gate.play(played, atMs);
    shares.push(gate.hear(side.subarray(at, at + FRAME_SAMPLES), atMs + FRAME_MS));
  }
  return shares;
}

/** Loud enough to be taken for speech: over -58 dBFS. */
function isSound(side: Samples, frame: number): boolean {
  return rmsDbfs(side.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES)) > -58;
}

describe("the echo gate", () => {
  it.each([0, 40, 90, 200, 310, 450])("finds an echo that takes %i ms", (delayMs) => {
    const gate = new EchoGate();
    listen(mix({ echoDb: -15, delayMs }), gate);
    expect(Math.abs((gate.delayMs ?? -1000) - delayMs)).toBeLessThanOrEqual(10);
  });

  it.each([-10, -20, -30])("takes an echo of %i dB for echo, from the first word on", (echoDb) => {
    const side = mix({ echoDb });
    const shares = listen(side);
    const sounds = shares.filter((_, frame) => isSound(side, frame));
    expect(sounds.length).toBeGreaterThan(150);
    expect(sounds.filter((share) => share < ECHO_SHARE).length).toBeLessThan(4);
  });

  it.each([
    { echoDb: -10, callerDb: 0 },
    { echoDb: -20, callerDb: -6 },
    { echoDb: -30, callerDb: -12 },
  ])("hears a caller of $callerDb dB through an echo of $echoDb dB", ({ echoDb, callerDb }) => {
    const shares = listen(mix({ echoDb, callerDb, speaksAtMs: 4000 }));
    expect(shares.slice(40, 200).every((share) => share > ECHO_SHARE)).toBe(true);
    const firstHeard = shares.findIndex((share, frame) => frame > 200 && share < ECHO_SHARE);
    const alone = listen(mix({ speaksAtMs: 4000, callerDb })).findIndex(
      (share, frame) => frame > 200 && share < ECHO_SHARE,
    );
    expect(firstHeard).toBeGreaterThan(0);
    expect((firstHeard - alone) * FRAME_MS).toBeLessThanOrEqual(200);
  });

  it("knows of no echo while the agent says nothing", () => {
    const shares = listen(mix({ speaksAtMs: 500 }), new EchoGate(), { isAgentSilent: true });
    expect(shares.every((share) => share === 0)).toBe(true);
  });

  it("does not expect the echo of what was dropped", () => {
    const gate = new EchoGate();
    const side = mix({ echoDb: -10 });
    listen(side.subarray(0, 200 * FRAME_SAMPLES), gate);
    for (let frame = 0; frame < 10; frame++)
      gate.play(new Int16Array(FRAME_SAMPLES).fill(3000), 9000 + frame * FRAME_MS);
    gate.dropFrom(9000);
    let share = 1;
    for (let frame = 0; frame < 100; frame++)
      share = gate.hear(side.subarray(0, FRAME_SAMPLES), 9020 + frame * FRAME_MS);
    expect(share).toBe(0);
  });

  it("goes on when the caller's sound stops coming for a while", () => {
    const gate = new EchoGate();
    const side = mix({ echoDb: -15 });
    const shares: number[] = [];
    for (let at = 0; at + FRAME_SAMPLES <= side.length; at += FRAME_SAMPLES) {
      const atMs = at / 16;
      gate.play(Int16Array.from(AGENT.subarray(at, at + FRAME_SAMPLES)), atMs);
      const isAway = atMs > 3000 && atMs < 4000;
      const share = isAway ? 1 : gate.hear(side.subarray(at, at + FRAME_SAMPLES), atMs + FRAME_MS);
      if (isSound(side, at / FRAME_SAMPLES)) shares.push(share);
    }
    expect(shares.filter((share) => share < ECHO_SHARE).length).toBeLessThan(5);
  });
});
