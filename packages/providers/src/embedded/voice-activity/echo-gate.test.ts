/** The echo gate with real voices and the real voice activity model. */
import { rmsDbfs, type Samples, toSamples } from "@earshot/engine";
import { expect, it } from "vitest";
import { speakForTest } from "../test-speech.ts";
import { findStarts } from "../testing/find-starts.ts";
import { callerSide, type Room } from "../testing/speakerphone.ts";

const AGENT_SAYS =
  "Thank you for calling Riverside dental clinic. We have an appointment free on Tuesday at half past three.";
const CALLERS = [
  { voiceId: "flite:awb", text: "No, wait, I need to change something." },
  { voiceId: "flite:kal16", text: "Excuse me." },
] as const;
const BARGE_IN_AT_MS = 3000;
/** Before what `speakForTest` says. */
const LEADING_SILENCE_MS = 500;
/** How much later than without any echo a barge-in may be noticed: its first sounds may lie under the agent's. */
const MAX_LATE_MS = 300;

const ROOMS: readonly Room[] = [
  { echoDb: -10, delayMs: 40, noiseDbfs: -70 },
  { echoDb: -10, delayMs: 300, tailMs: 150, noiseDbfs: -50, isTelephone: true },
  { echoDb: -20, delayMs: 120, tailMs: 200, noiseDbfs: -60, isTelephone: true },
  { echoDb: -30, delayMs: 180, tailMs: 300, noiseDbfs: -60 },
];

function atLevel(samples: Samples, dbfs: number): Samples {
  const factor = 10 ** ((dbfs - rmsDbfs(samples)) / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, sample * factor)));
}

async function agentVoice(voiceId: string): Promise<Samples> {
  return atLevel(await speakForTest(AGENT_SAYS, voiceId), -24);
}

it.each(["flite:slt", "flite:rms"])(
  "never takes the agent's own voice for the caller's: %s",
  async (voiceId) => {
    const agent = await agentVoice(voiceId);
    const silent = new Int16Array(agent.length + toSamples(500));
    let plain = 0;
    for (const room of ROOMS) {
      const starts = await findStarts(agent, callerSide(agent, silent, room));
      expect({ room, startsMs: starts.gatedMs }).toEqual({ room, startsMs: [] });
      plain += starts.plainMs.length;
    }
    expect(plain).toBeGreaterThanOrEqual(ROOMS.length);
  },
  60_000,
);

it.each(CALLERS)(
  "hears $voiceId break in through the echo: $text",
  async ({ voiceId, text }) => {
    const agent = await agentVoice("flite:slt");
    const near = new Int16Array(agent.length + toSamples(500));
    near.set(atLevel(await speakForTest(text, voiceId), -24).subarray(0, near.length), toSamples(BARGE_IN_AT_MS));
    const nobody = new Int16Array(0);
    for (const room of [...ROOMS.slice(0, 3), { echoDb: -120, delayMs: 0, noiseDbfs: -60 }]) {
      const alone = await findStarts(nobody, callerSide(nobody, near, room));
      const expectedMs = alone.plainMs[0] ?? 0;
      const { gatedMs } = await findStarts(agent, callerSide(agent, near, room));
      const startMs = gatedMs[0] ?? Number.POSITIVE_INFINITY;
      // Over the echo the model may be sure of the voice sooner than without, but not before there is one.
      expect(startMs).toBeGreaterThan(BARGE_IN_AT_MS + LEADING_SILENCE_MS);
      expect(startMs - expectedMs, JSON.stringify(room)).toBeLessThanOrEqual(MAX_LATE_MS);
    }
  },
  60_000,
);
